// npm start: installs, builds, prints the entities of a sample note, then opens a VS Code with the extension.
import { statSync } from 'node:fs';
import path from 'node:path';
import { openEditor } from './openEditor.mjs';
import { installPackages, root, run } from './shell.mjs';

const sampleFolder = path.join(root, 'samples', 'notes');
const firstNote = path.join(sampleFolder, '01-evolucao-enfermagem.txt');

const { open, folder } = readArguments(process.argv.slice(2));

await installPackages();
await run(process.execPath, ['esbuild.mjs']);
const env = process.stdout.isTTY ? { ...process.env, FORCE_COLOR: '1' } : process.env;
await run(process.execPath, [path.join('dist', 'cli.js'), 'predict', path.relative(root, firstNote)], {
  env,
});
if (open) await openEditor(folder).catch(({ message }) => refuse(message));

function readArguments(given) {
  const unknown = given.find((argument) => argument.startsWith('-') && argument !== '--no-open');
  if (unknown) refuse(`${unknown}: no such option; npm start -- [--no-open] [FOLDER]`);
  const [named, ...others] = given.filter((argument) => !argument.startsWith('-'));
  if (others.length > 0) refuse(`${others.join(' ')}: one folder is opened, not several`);
  // npm runs this in the project's folder, wherever it was called.
  const folder = named ? path.resolve(process.env.INIT_CWD ?? '', named) : sampleFolder;
  const found = statSync(folder, { throwIfNoEntry: false });
  if (!found?.isDirectory()) refuse(`${folder}: ${found ? 'not a folder' : 'no such folder'}`);
  return { open: !given.includes('--no-open'), folder };
}

function refuse(problem) {
  console.error(problem);
  process.exit(1);
}
