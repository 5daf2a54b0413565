// ONNX Runtime's npm package carries five platforms; a package for one of them takes what that one loads.
import { existsSync } from 'node:fs';
import { cp, mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';
import { RUNTIME } from '../bundles.mjs';
import { root } from '../shell.mjs';

const MODULES = path.join(root, 'node_modules');
const BINARIES = path.join(MODULES, RUNTIME, 'bin', 'napi-v6');

/** The providers for NVIDIA's cards are hundreds of megabytes and come by the runtime's own installer, if at all. */
const DOWNLOADED = /onnxruntime_providers_/;
/** The macOS library is there twice; the binding asks for the name without the minor version. */
const TWIN = /^libonnxruntime\.\d+\.\d+\.\d+\.dylib$/;

/** The platforms that `--target` of a command names, once or often; `fallback` where it is not given. */
export async function readTargets(...fallback) {
  const known = await runtimeTargets();
  const { values } = parseArgs({
    options: { target: { type: 'string', multiple: true, default: fallback } },
  });
  const targets = values.target.flatMap((target) => (target === 'all' ? known : [target]));
  const unknown = targets.find((target) => !known.includes(target));
  if (!unknown) return targets;
  console.error(
    `--target ${unknown}: ${RUNTIME} has no such platform; there are ${known.join(', ')} and all`,
  );
  process.exit(1);
}

/** The platforms of the runtime, named as the Marketplace names them: `linux-x64`, `win32-arm64` … */
export async function runtimeTargets() {
  const folders = await readdir(BINARIES);
  const all = folders.map(async (os) =>
    (await readdir(path.join(BINARIES, os))).map((cpu) => `${os}-${cpu}`),
  );
  return (await Promise.all(all)).flat().sort();
}

/** Folders of the runtime's packages, for their licences. */
export async function runtimePackages() {
  return [...new Set((await runtimeSources()).map(packageOf))].map((name) => path.join(MODULES, name));
}

/** Copies the runtime of one platform into `folder`/node_modules. */
export async function copyRuntime(target, folder) {
  const sources = await runtimeSources();
  const packages = [...new Set(sources.map(packageOf))];
  for (const source of sources) await copyModule(source, folder);
  for (const name of packages) await copyManifests(name, sources, packages, folder);
  const binaries = path.join(BINARIES, ...target.split('-'));
  await cp(binaries, path.join(folder, path.relative(root, binaries)), {
    recursive: true,
    filter: (file) => !DOWNLOADED.test(file) && !TWIN.test(path.basename(file)),
  });
}

/** The modules that loading the runtime reaches, from node_modules. */
async function runtimeSources() {
  const { metafile } = await build({
    absWorkingDir: MODULES,
    stdin: { contents: `require('${RUNTIME}')`, resolveDir: MODULES, sourcefile: 'entry' },
    bundle: true,
    write: false,
    metafile: true,
    platform: 'node',
    outdir: 'unused',
    loader: { '.node': 'empty' },
    // What an `import` would reach lies beside; Node's `require` is what the bundles call.
    mainFields: ['main'],
    logLevel: 'silent',
  });
  return Object.keys(metafile.inputs).filter((file) => file.endsWith('.js'));
}

const packageOf = (source) => source.match(/^(?:@[^/]+\/)?[^/]+/)[0];

async function copyModule(source, folder) {
  const text = await readFile(path.join(MODULES, source), 'utf8');
  await write(folder, source, text.replace(/^\/\/# sourceMappingURL=.*$/m, ''));
}

/** The manifest without what only an installation needs, and those of inner folders, which tell kinds of modules. */
async function copyManifests(name, sources, packages, folder) {
  const inner = sources.filter((source) => packageOf(source) === name).map((source) => path.dirname(source));
  for (const place of new Set([name, ...inner])) {
    const file = path.join(place, 'package.json');
    if (!existsSync(path.join(MODULES, file))) continue;
    const manifest = JSON.parse(await readFile(path.join(MODULES, file), 'utf8'));
    await write(folder, file, `${JSON.stringify(reduced(manifest, packages), undefined, 2)}\n`);
  }
}

function reduced(manifest, packages) {
  const kept = Object.entries(manifest).filter(([key]) => !/^(scripts|types|(devD|d)ependencies)$/.test(key));
  const needed = Object.entries(manifest.dependencies ?? {}).filter(([other]) => packages.includes(other));
  return { ...Object.fromEntries(kept), dependencies: Object.fromEntries(needed) };
}

async function write(folder, name, text) {
  const target = path.join(folder, 'node_modules', name);
  await mkdir(path.dirname(target), { recursive: true });
  await writeFile(target, text);
}
