// npm run package:cli: the command line as an npm package, in artifacts/packages.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { RUNTIME } from '../bundles.mjs';
import { root, run } from '../shell.mjs';
import {
  copyInto,
  emptyStage,
  packagesFolder,
  readManifest,
  stageProduct,
  tellSize,
  writeInto,
} from './stage.mjs';

const LIMIT_MB = 60;

const manifest = await readManifest();
const stage = await emptyStage('cli');
await stageProduct(stage, { program: 'cli' });
await copyInto(stage, ['CHANGELOG.md']);
await writeInto(stage, 'README.md', await readFile(path.join(root, 'src', 'cli', 'README.md'), 'utf8'));
await writeInto(stage, 'package.json', packaged(manifest, await description()));
await run('npm', ['pack', '--silent', '--pack-destination', packagesFolder], { cwd: stage, quiet: true });
await tellSize(path.join(packagesFolder, `${manifest.name}-${manifest.version}.tgz`), LIMIT_MB);

/** The command alone: the bundles hold every dependency but the runtime, which npm installs for the machine at hand. */
function packaged({ name, version, license, keywords, engines, bin, dependencies }, description) {
  return {
    name,
    version,
    description,
    license,
    keywords,
    bin,
    engines: { node: engines.node },
    dependencies: { [RUNTIME]: dependencies[RUNTIME] },
  };
}

async function description() {
  return JSON.parse(await readFile(path.join(root, 'package.nls.json'), 'utf8')).description;
}
