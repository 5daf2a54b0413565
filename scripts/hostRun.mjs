// Runs programs inside the real extension host of code-server, driven by a headless browser.
import { cp, mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { chromium } from 'playwright-core';
import { browserSwitches, findBrowser } from './browser.mjs';
import { startCodeServer, workbenchUrl } from './codeServer.mjs';
import { root } from './shell.mjs';

/** What has not come to its end by then hangs. */
const LIMIT_MS = 600_000;

/**
 * Starts a server over a copy of the sample notes and hands `launch` to `body`: a fresh extension host that runs a
 * bundled suite to its end; it resolves to its exit code, or to `no end`.
 * @param {{env?: object, settings?: object, trust?: boolean, besides?: string[]}} options for the server
 * @param {(launch: (suite: string) => Promise<number | string>, log: () => string) => Promise<T>} body
 * @returns {Promise<T>}
 * @template T
 */
export async function withExtensionHost(options, body) {
  const workspace = await mkdtemp(path.join(os.tmpdir(), 'anamnese-host-'));
  await cp(path.join(root, 'samples', 'notes'), workspace, { recursive: true });
  const server = await startCodeServer({ driver: true, ...options });
  const browser = await chromium.launch({ executablePath: await findBrowser(), args: browserSwitches });
  try {
    return await body(
      (suite) => launch(browser, workbenchUrl(server, { folder: workspace, extension: root, suite })),
      server.log,
    );
  } finally {
    await browser.close();
    await server.stop();
    await rm(workspace, { recursive: true, force: true });
  }
}

async function launch(browser, url) {
  const page = await browser.newPage();
  let timer;
  try {
    const ended = new Promise((resolve) => page.exposeFunction('codeAutomationExit', resolve));
    await page.exposeFunction('codeAutomationLog', () => undefined);
    await page.goto(url);
    const late = new Promise((resolve) => (timer = setTimeout(resolve, LIMIT_MS, 'no end')));
    return await Promise.race([ended, late]);
  } finally {
    clearTimeout(timer);
    await page.close();
  }
}
