// Runs the suites of test/host inside the real extension host of code-server, driven by a headless browser.
// On a desktop the same suites run by `npx vscode-test` (.vscode-test.mjs).
import { cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { chromium } from 'playwright-core';
import { browserSwitches, findBrowser } from './browser.mjs';
import { buildHostSuites } from './buildHostSuites.mjs';
import { startCodeServer, workbenchUrl } from './codeServer.mjs';
import { artifacts, root } from './shell.mjs';

/** A suite that has not come to its end by then hangs. */
const LIMIT_MS = 300_000;

const suites = await buildHostSuites();
const workspace = await mkdtemp(path.join(os.tmpdir(), 'anamnese-host-'));
await cp(path.join(root, 'samples', 'notes'), workspace, { recursive: true });
const log = path.join(artifacts, 'host.log');
await rm(log, { force: true });
const server = await startCodeServer({ driver: true, env: { ANAMNESE_HOST_LOG: log } });
const browser = await chromium.launch({ executablePath: await findBrowser(), args: browserSwitches });
let code = 1;
try {
  const page = await browser.newPage();
  const ended = new Promise((resolve) => page.exposeFunction('codeAutomationExit', resolve));
  await page.exposeFunction('codeAutomationLog', () => undefined);
  const url = workbenchUrl(server, {
    folder: workspace,
    extension: root,
    suite: path.join(suites, 'index.js'),
  });
  await page.goto(url);
  code = await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, LIMIT_MS, 'no end'))]);
} finally {
  await browser.close();
  await server.stop();
  await rm(workspace, { recursive: true, force: true });
}
console.log(await readFile(log, 'utf8').catch(() => `the suites wrote nothing\n${server.log()}`));
process.exit(code === 0 ? 0 : 1);
