// npm run package:cli [-- --target linux-x64 … | --target all]: the command line as an npm package, in artifacts/packages.
// With a target it holds that platform's runtime and installs without a network; without one npm fetches the runtime.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { RUNTIME } from '../bundles.mjs';
import { root, run } from '../shell.mjs';
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

const LIMIT_MB = 80;

const targets = await readTargets();
const packages = [];
for (const target of targets.length > 0 ? targets : [undefined]) packages.push(await packageFor(target));
for (const file of packages) await tellSize(file, LIMIT_MB);

async function packageFor(target) {
  const manifest = await readManifest();
  const stage = await emptyStage(target ? `cli-${target}` : 'cli');
  await stageProduct(stage, { program: 'cli', packages: target ? await runtimePackages() : [] });
  await copyInto(stage, ['CHANGELOG.md']);
  await writeInto(stage, 'README.md', await readFile(path.join(root, 'src', 'cli', 'README.md'), 'utf8'));
  await writeInto(stage, 'package.json', packaged({ ...manifest, description: await description() }, target));
  if (target) await copyRuntime(target, stage);
  await run('npm', ['pack', '--silent', '--pack-destination', path.dirname(stage)], {
    cwd: stage,
    quiet: true,
  });
  const { name, version } = manifest;
  const packed = path.join(path.dirname(stage), `${name}-${version}.tgz`);
  return moveWhole(packed, `${[name, 'cli', target].filter(Boolean).join('-')}-${version}.tgz`);
}

/** The command alone: the bundles hold every dependency but the runtime. */
function packaged({ name, version, description, license, keywords, engines, bin, dependencies }, target) {
  const [os, cpu] = target?.split('-') ?? [];
  return {
    ...{ name, version, description, license, keywords, bin },
    engines: { node: engines.node },
    dependencies: { [RUNTIME]: dependencies[RUNTIME] },
    ...(target ? { os: [os], cpu: [cpu], bundleDependencies: [RUNTIME] } : {}),
  };
}

async function description() {
  return JSON.parse(await readFile(path.join(root, 'package.nls.json'), 'utf8')).description;
}
