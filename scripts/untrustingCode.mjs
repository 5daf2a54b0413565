// `npx vscode-test` tells VS Code to trust every workspace, whatever its configuration says. This is a VS Code that does
// not hear of it: a program that hands everything else on, for the suites of a workspace that is not trusted.
import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { root } from './shell.mjs';

const self = fileURLToPath(import.meta.url);

/** Writes the program and returns its path. `code` is a VS Code that is there; without it one is downloaded, once. */
export function untrustingCode(code = '') {
  const folder = path.join(root, 'out', 'host');
  mkdirSync(folder, { recursive: true });
  const isWindows = process.platform === 'win32';
  const program = path.join(folder, isWindows ? 'untrusting-code.cmd' : 'untrusting-code');
  const call = `"${process.execPath}" "${self}" "${code}"`;
  writeFileSync(program, isWindows ? `@${call} %*\r\n` : `#!/bin/sh\nexec ${call} "$@"\n`, { mode: 0o755 });
  return program;
}

async function main([code, ...args]) {
  const program = code || (await downloaded());
  const heard = args.filter((arg) => arg !== '--disable-workspace-trust');
  const child = spawn(program, heard, { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
  child.on('error', ({ message }) => {
    console.error(message);
    process.exit(1);
  });
  child.on('exit', (status) => process.exit(status ?? 1));
}

async function downloaded() {
  const { downloadAndUnzipVSCode } = await import('@vscode/test-electron');
  return downloadAndUnzipVSCode({ extensionDevelopmentPath: root });
}

if (process.argv[1] === self) await main(process.argv.slice(2));
