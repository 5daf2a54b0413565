// What the editor's package and the command line's have in common: a folder with exactly the files that are passed on.
import { existsSync } from 'node:fs';
import { cp, mkdir, readFile, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { LAZY } from '../asCommonJs.mjs';
import { buildBundles } from '../bundles.mjs';
import { artifacts, root } from '../shell.mjs';
import { thirdPartyNotices } from './licences.mjs';

/** Where packages are left. */
const packagesFolder = path.join(artifacts, 'packages');

/** The project's package.json. */
export async function readManifest() {
  return JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8'));
}

/** An empty folder to put a package's files into. */
export async function emptyStage(name) {
  const stage = path.join(root, 'out', 'packages', name);
  await rm(stage, { recursive: true, force: true });
  await mkdir(stage, { recursive: true });
  await mkdir(packagesFolder, { recursive: true });
  return stage;
}

/** Copies files and folders of the project to the same place in the stage. */
export async function copyInto(stage, files) {
  for (const file of files) await cp(path.join(root, file), path.join(stage, file), { recursive: true });
}

export async function writeInto(stage, file, content) {
  const text = typeof content === 'string' ? content : `${JSON.stringify(content, undefined, 2)}\n`;
  await writeFile(path.join(stage, file), text);
}

/**
 * The minified bundles, the default model, the project's licence, and those of what the bundles and further packages
 * (folders) contain.
 * @param {string} stage
 * @param {{program?: string, packages?: readonly string[]}} options a program that is passed on without those it does
 *   not start
 */
export async function stageProduct(stage, { program, packages }) {
  const dist = path.join(stage, 'dist');
  const metafiles = await buildBundles({ outdir: dist, production: true });
  if (program) await removeUnneeded(dist, `${program}.js`);
  const outputs = metafiles.flatMap((metafile) => Object.entries(metafile.outputs));
  const kept = outputs.filter(([file]) => existsSync(path.join(root, file))).map(([, output]) => output);
  await copyInto(stage, ['LICENSE', 'models/anamnese-default']);
  await writeInto(stage, 'THIRD-PARTY-NOTICES.txt', await thirdPartyNotices(kept, packages));
}

/** Removes the bundles that a program and those it starts or reads do not name. */
async function removeUnneeded(dist, program) {
  // The editor's alone.
  await rm(path.join(dist, LAZY), { recursive: true, force: true });
  const bundles = await readdir(dist);
  const needed = new Set([program]);
  for (const name of needed) {
    const text = await readFile(path.join(dist, name), 'utf8');
    const named = (other) => ['"', "'", '`'].some((quote) => text.includes(quote + other + quote));
    for (const other of bundles) if (named(other)) needed.add(other);
  }
  for (const name of bundles) if (!needed.has(name)) await rm(path.join(dist, name));
}

/** Moves a finished package to where packages are left. Returns its place. */
export async function moveWhole(packed, name) {
  const file = path.join(packagesFolder, name);
  await rename(packed, file);
  return file;
}

/** Tells a package's place and size; one over the limit is an error. */
export async function tellSize(file, limitMb) {
  const megabytes = (await stat(file)).size / 1e6;
  const name = path.relative(root, file);
  if (megabytes > limitMb) throw new Error(`${name}: ${megabytes.toFixed(1)} MB, more than ${limitMb} MB`);
  console.log(`${name}  ${megabytes.toFixed(1)} MB`);
}
