// The host suites on desktop VS Code, where it can be downloaded: `npx vscode-test`.
import { cpSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { defineConfig } from '@vscode/test-cli';
import { buildHostSuites } from './scripts/buildHostSuites.mjs';
import { buildBundles } from './scripts/bundles.mjs';
import { untrustingCode } from './scripts/untrustingCode.mjs';

await buildBundles({ outdir: 'dist' });
await buildHostSuites();

const common = {
  extensionDevelopmentPath: ['.', 'test/host/stranger'],
  mocha: { ui: 'bdd', timeout: 180_000 },
};

export default defineConfig([
  {
    ...common,
    label: 'trusted',
    files: ['out/host/everySuite.js', 'out/host/*.vscode.test.js'],
    workspaceFolder: sampleWorkspace(),
    launchArgs: ['--disable-extensions'],
  },
  {
    ...common,
    label: 'untrusted',
    files: ['out/host/everySuite.js', 'out/host/*.untrusted.test.js'],
    workspaceFolder: sampleWorkspace(),
    launchArgs: [
      '--disable-extensions',
      // Nobody is there to be asked.
      `--user-data-dir=${profile({ 'security.workspace.trust.startupPrompt': 'never' })}`,
    ],
    useInstallation: { fromPath: untrustingCode() },
  },
]);

function temporary(name) {
  return mkdtempSync(path.join(os.tmpdir(), `anamnese-${name}-`));
}

/** A workspace of its own for every configuration: suites write into it. */
function sampleWorkspace() {
  const folder = temporary('host');
  cpSync('samples/notes', folder, { recursive: true });
  return folder;
}

/** A profile of its own, whose settings are these. */
function profile(settings) {
  const folder = temporary('profile');
  mkdirSync(path.join(folder, 'User'));
  writeFileSync(path.join(folder, 'User', 'settings.json'), JSON.stringify(settings));
  return folder;
}
