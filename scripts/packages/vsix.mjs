// npm run package [-- --target linux-x64 --target win32-arm64 … | --target all]: a VSIX a platform, in artifacts/packages.
import { cp, readFile, rename } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import vsce from '@vscode/vsce';
import { RUNTIME } from '../bundles.mjs';
import { root } from '../shell.mjs';
import { selfContained } from './readme.mjs';
import { copyRuntime, runtimePackages, runtimeTargets } from './runtime.mjs';
import {
  copyInto,
  emptyStage,
  packagesFolder,
  readManifest,
  stageProduct,
  tellSize,
  writeInto,
} from './stage.mjs';

/** What a package may weigh; the Marketplace takes up to 200 MB. */
const LIMIT_MB = 120;

const here = `${process.platform}-${process.arch}`;
const { values } = parseArgs({ options: { target: { type: 'string', multiple: true, default: [here] } } });

const known = await runtimeTargets();
const targets = values.target.flatMap((target) => (target === 'all' ? known : [target]));
const unknown = targets.find((target) => !known.includes(target));
if (unknown) {
  console.error(
    `--target ${unknown}: ${RUNTIME} has no such platform; there are ${known.join(', ')} and all`,
  );
  process.exit(1);
}
const packages = [];
for (const target of targets) packages.push(await packageFor(target));
for (const file of packages) await tellSize(file, LIMIT_MB);

async function packageFor(target) {
  const manifest = await readManifest();
  const stage = await emptyStage(target);
  await stageProduct(stage, { packages: await runtimePackages() });
  await copyInto(stage, [
    'CHANGELOG.md',
    'package.nls.json',
    'package.nls.pt-br.json',
    translations(manifest),
  ]);
  await copyPictures(stage, manifest);
  const readme = await readFile(path.join(root, 'README.md'), 'utf8');
  await writeInto(stage, 'README.md', await selfContained(readme));
  await writeInto(stage, 'package.json', packaged(manifest));
  await writeInto(stage, '.vscodeignore', '# This folder holds what is packaged and nothing else.\n');
  await copyRuntime(target, stage);
  return zip(stage, target, `${manifest.name}-${target}-${manifest.version}.vsix`);
}

/** The words of the code; those of the report lie in its bundle. */
function translations({ l10n }) {
  return path.posix.join(l10n, 'bundle.l10n.pt-br.json');
}

/** What the editor shows. The README brings its own pictures, and the icon's drawing only serves to make the icon. */
async function copyPictures(stage, manifest) {
  const named = JSON.stringify(manifest);
  const shown = (file) => {
    const name = path.relative(root, file).replaceAll(path.sep, '/');
    return named.includes(name) || (name.endsWith('.svg') && name !== 'media/icon.svg');
  };
  await cp(path.join(root, 'media'), path.join(stage, 'media'), { recursive: true, filter: shown });
}

async function zip(stage, target, name) {
  const file = path.join(packagesFolder, name);
  await vsce.createVSIX({
    cwd: stage,
    packagePath: `${file}.partial`,
    target,
    useYarn: false,
    allowMissingRepository: true,
    rewriteRelativeLinks: false,
  });
  await rename(`${file}.partial`, file);
  return file;
}

/** The manifest without what only the development needs; the bundles hold every dependency but the runtime. */
function packaged(manifest) {
  const development = ['private', 'scripts', 'bin', 'devDependencies'];
  const kept = Object.entries(manifest).filter(([key]) => !development.includes(key));
  return { ...Object.fromEntries(kept), dependencies: { [RUNTIME]: manifest.dependencies[RUNTIME] } };
}
