// Runs the suites of test/host inside the real extension host of code-server, driven by a headless browser: those of a
// workspace that is trusted, then those of one that is not. `node scripts/testHost.mjs WORDS` runs the files whose name
// has one of the words. On a desktop the same suites run by `npx vscode-test` (.vscode-test.mjs).
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { buildHostSuites } from './buildHostSuites.mjs';
import { withExtensionHost } from './hostRun.mjs';
import { artifacts, root } from './shell.mjs';

const suites = await buildHostSuites();
const log = path.join(artifacts, 'host.log');
const words = process.argv.slice(2);
await mkdir(artifacts, { recursive: true });
const besides = [path.join(root, 'test', 'host', 'stranger')];

const isWanted = (name) => words.length === 0 || words.some((word) => name.includes(word));

/** Whether all suites that are wanted of a kind are well. */
async function run(program, kind, options) {
  if (!(await readdir(suites)).some((name) => name.endsWith(`${kind}.test.js`) && isWanted(name)))
    return true;
  await rm(log, { force: true });
  const env = { ANAMNESE_HOST_LOG: log, ANAMNESE_HOST_ONLY: words.join(' ') };
  const code = await withExtensionHost({ env, besides, ...options }, async (launch, serverLog) => {
    const code = await launch(path.join(suites, program));
    console.log(await readFile(log, 'utf8').catch(() => `the suites wrote nothing\n${serverLog()}`));
    return code;
  });
  return code === 0;
}

const trusted = await run('index.js', '.vscode', {});
const settings = { 'security.workspace.trust.startupPrompt': 'never' };
const untrusted = await run('untrusted.js', '.untrusted', { trust: true, settings });
process.exit(trusted && untrusted ? 0 : 1);
