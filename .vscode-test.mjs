// The host suites on desktop VS Code, where it can be downloaded: `npx vscode-test`.
import { cpSync, mkdtempSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { defineConfig } from '@vscode/test-cli';
import { buildHostSuites } from './scripts/buildHostSuites.mjs';

await buildHostSuites();
const workspaceFolder = mkdtempSync(path.join(os.tmpdir(), 'anamnese-host-'));
cpSync('samples/notes', workspaceFolder, { recursive: true });

export default defineConfig({
  files: 'out/host/*.vscode.test.js',
  workspaceFolder,
  extensionDevelopmentPath: ['.', 'test/host/stranger'],
  launchArgs: ['--disable-extensions', '--disable-workspace-trust'],
  mocha: { ui: 'bdd', timeout: 180_000 },
});
