// What the other scripts share: running commands and knowing the project's folders. No dependencies.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
export const cache = path.join(root, '.cache');
export const artifacts = path.join(root, 'artifacts');

const isWindows = process.platform === 'win32';

/** Runs a command to its end, its output passed on (or collected with `quiet`); rejects when it fails. */
export function run(command, args, { cwd = root, env = process.env, quiet = false } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env, stdio: quiet ? 'pipe' : 'inherit', shell: isWindows });
    let output = '';
    child.stdout?.on('data', (data) => (output += data));
    child.stderr?.on('data', (data) => (output += data));
    child.on('error', reject);
    child.on('exit', (code, signal) =>
      code === 0
        ? resolve(output)
        : reject(new Error(`${command} ${args.join(' ')}: ${signal ?? code}\n${output}`)),
    );
  });
}

/** The path of a program on this machine, or undefined. */
export function which(...names) {
  const folders = (process.env.PATH ?? '').split(path.delimiter);
  const endings = isWindows ? ['.cmd', '.exe', ''] : [''];
  for (const name of names) {
    for (const folder of folders) {
      const found = endings
        .map((ending) => path.join(folder, name + ending))
        .find((file) => existsSync(file));
      if (found) return found;
    }
  }
  return undefined;
}

/** Installs the project's packages where they are missing or older than the lock file. */
export async function installPackages() {
  const lock = path.join(root, 'package-lock.json');
  const installed = path.join(root, 'node_modules', '.package-lock.json');
  if (existsSync(installed) && (await stat(installed)).mtimeMs >= (await stat(lock)).mtimeMs) return;
  console.log('Installing packages …');
  await run('npm', ['ci', '--no-fund', '--no-audit', '--loglevel=error']);
}
