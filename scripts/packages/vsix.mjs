// npm run package [-- --target linux-x64 --target win32-arm64 … | --target all]: a VSIX a platform, in artifacts/packages.
import { cp, readFile } from 'node:fs/promises';
import path from 'node:path';
import vsce from '@vscode/vsce';
import { RUNTIME } from '../bundles.mjs';
import { root } from '../shell.mjs';
import { selfContained } from './readme.mjs';
import { copyRuntime, readTargets, runtimePackages } from './runtime.mjs';
import {
  copyInto,
  emptyStage,
  moveWhole,
  readManifest,
  stageProduct,
  tellSize,
  writeInto,
} from './stage.mjs';

/** What a package may weigh; the Marketplace takes up to 200 MB. */
const LIMIT_MB = 120;

const targets = await readTargets(`${process.platform}-${process.arch}`);
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
  const packed = path.join(path.dirname(stage), name);
  await vsce.createVSIX({
    cwd: stage,
    packagePath: packed,
    target,
    useYarn: false,
    allowMissingRepository: true,
    rewriteRelativeLinks: false,
  });
  return moveWhole(packed, name);
}

/** The manifest without what only the development needs; the bundles hold every dependency but the runtime. */
function packaged(manifest) {
  const development = ['private', 'scripts', 'bin', 'devDependencies'];
  const kept = Object.entries(manifest).filter(([key]) => !development.includes(key));
  return { ...Object.fromEntries(kept), dependencies: { [RUNTIME]: manifest.dependencies[RUNTIME] } };
}
