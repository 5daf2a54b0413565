// Runs the suites of test/host inside the real extension host of code-server, driven by a headless browser.
// On a desktop the same suites run by `npx vscode-test` (.vscode-test.mjs).
import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { buildHostSuites } from './buildHostSuites.mjs';
import { withExtensionHost } from './hostRun.mjs';
import { artifacts } from './shell.mjs';

const suites = await buildHostSuites();
const log = path.join(artifacts, 'host.log');
await rm(log, { force: true });
const code = await withExtensionHost({ env: { ANAMNESE_HOST_LOG: log } }, async (launch, serverLog) => {
  const code = await launch(path.join(suites, 'index.js'));
  console.log(await readFile(log, 'utf8').catch(() => `the suites wrote nothing\n${serverLog()}`));
  return code;
});
process.exit(code === 0 ? 0 : 1);
