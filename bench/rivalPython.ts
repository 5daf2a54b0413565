// Rivals in Python: an interpreter that has them, and a folder in which both sides find the same bytes.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';

const root = path.join(__dirname, '..');
const cache = path.join(root, '.cache');

/** Runs a script of bench/rivals and reads the line of JSON that it prints. */
export function askRival<T>(python: string, script: string, args: readonly string[]): T {
  const file = path.join(root, 'bench', 'rivals', script);
  return JSON.parse(execFileSync(python, [file, ...args], { encoding: 'utf8' })) as T;
}

/**
 * A Python that can import the modules: PYTHON or python3 where it has them, else one into which
 * bench/rivals/NAME-requirements.txt is installed in .cache.
 */
export function rivalPython(name: string, modules: readonly string[]): string {
  const folder = path.join(cache, `rivals-${name}`);
  const installed = path.join(folder, process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python');
  for (const program of [process.env.PYTHON ?? 'python3', installed]) {
    try {
      execFileSync(program, ['-c', `import ${modules.join(', ')}`], { stdio: 'ignore' });
      return program;
    } catch {
      continue;
    }
  }
  console.log(`installing the rivals into .cache/rivals-${name} …`);
  if (!existsSync(installed)) execFileSync('python3', ['-m', 'venv', folder]);
  const file = path.join(root, 'bench', 'rivals', `${name}-requirements.txt`);
  const requirements = readFileSync(file, 'utf8').trim().split('\n');
  const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...requirements];
  execFileSync(installed, pip, { stdio: ['ignore', 'inherit', 'ignore'] });
  return installed;
}

/** Gives the work a folder that is gone afterwards. */
export function inFolder<T>(work: (folder: string) => T): T {
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(path.join(cache, 'bench-'));
  try {
    return work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
