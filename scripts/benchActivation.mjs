// npm run bench:activation [-- --starts 5 --vsix FILE --vsix OTHER]: what starting the extension as packaged costs in a
// VS Code that knows nothing but it. Several packages take turns; without one the project's is built.
import { cp, mkdtemp, readFile, readdir, rename, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';
import { browserSwitches, findBrowser } from './browser.mjs';
import { startCodeServer, workbenchUrl } from './codeServer.mjs';
import { printHead, printRow } from './measureTable.mjs';
import { root, run } from './shell.mjs';

const NOTE = '01-evolucao-enfermagem.txt';
const MARK = '.view-line span[class*="TextEditorDecorationType"]';
/** A row of the editor's own account: eager, code loaded, activate called, activate finished. */
const ROW = /anamnese\.anamnese\s*\|\s*\w+\s*\|\s*(\d+)\s*\|\s*(\d+)\s*\|\s*(\d+)/;
/** The host of a closed page ends after the server's grace time; a next one should have the machine to itself. */
const PAUSE_MS = 4000;
/** A start on a machine that is busy with other work. */
const LIMIT_MS = 120_000;

const measures = [
  ['editor', 'VS Code’s own figure: code loaded and activate called', 50],
  ['load/wall', 'loading the bundle'],
  ['load/cpu', '  of it processor time of the thread'],
  ['activate/wall', 'activate()'],
  ['activate/cpu', '  of it processor time of the thread'],
  ['wall', 'both', 50],
  ['cpu', '  of it processor time of the thread'],
  ['marks', 'from the note shown to its first marks'],
  ['start', 'from nothing to the first marks, with the editor’s start'],
];

const { values } = parseArgs({
  options: { starts: { type: 'string', default: '5' }, vsix: { type: 'string', multiple: true } },
});
const packages = values.vsix ?? [await buildPackage()];
const workspace = await mkdtemp(path.join(os.tmpdir(), 'anamnese-activation-'));
await cp(path.join(root, 'samples', 'notes'), workspace, { recursive: true });
const browser = await chromium.launch({ executablePath: await findBrowser(), args: browserSwitches });
const servers = [];
try {
  for (const vsix of packages) servers.push(await serve(vsix));
  for (let start = 0; start < Number(values.starts); start++)
    for (const server of servers) await measureStart(server);
  for (const { vsix, records } of servers) print(vsix, records);
} finally {
  await browser.close();
  for (const { server } of servers) await server.stop();
  await rm(workspace, { recursive: true, force: true });
}

async function buildPackage() {
  await run(process.execPath, ['scripts/packages/vsix.mjs'], { quiet: true });
  const { name, version } = JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8'));
  return path.join(
    root,
    'artifacts',
    'packages',
    `${name}-${process.platform}-${process.arch}-${version}.vsix`,
  );
}

async function serve(vsix) {
  const server = await startCodeServer({ vsix: path.resolve(vsix) });
  return { vsix, server, probe: await installProbe(server.profile), records: new Map() };
}

/** Puts the probe around the installed bundle. Returns the file that it writes to. */
async function installProbe(profile) {
  const extensions = path.join(profile, 'extensions');
  const installed = (await readdir(extensions)).find((name) => name.startsWith('anamnese.'));
  const dist = path.join(extensions, installed, 'dist');
  await rename(path.join(dist, 'extension.js'), path.join(dist, 'measured.js'));
  await cp(path.join(root, 'bench', 'activationProbe.cjs'), path.join(dist, 'extension.js'));
  return path.join(dist, 'measured.jsonl');
}

async function measureStart({ server, probe, records }) {
  const page = await browser.newPage({ viewport: { width: 1600, height: 3000 } });
  page.setDefaultTimeout(LIMIT_MS);
  const started = performance.now();
  await page.goto(workbenchUrl(server, { folder: workspace, files: [path.join(workspace, NOTE)] }));
  await page.locator('.monaco-editor .view-line').first().waitFor();
  const shown = performance.now();
  await page.locator(MARK).first().waitFor();
  const marked = performance.now();
  const editor = await startupPerformance(page);
  await page.close();
  const { loading, activating } = JSON.parse((await readFile(probe, 'utf8')).trim().split('\n').at(-1));
  const taken = {
    editor,
    'load/wall': loading.wall,
    'load/cpu': loading.cpu,
    'activate/wall': activating.wall,
    'activate/cpu': activating.cpu,
    wall: loading.wall + activating.wall,
    cpu: loading.cpu + activating.cpu,
    marks: marked - shown,
    start: marked - started,
  };
  for (const [name, value] of Object.entries(taken)) records.set(name, [...(records.get(name) ?? []), value]);
  await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
}

/** Milliseconds that the editor says the bundle and `activate` took, in `Developer: Startup Performance`. */
async function startupPerformance(page) {
  await page.keyboard.press('F1');
  await page.locator('.quick-input-widget input').waitFor();
  await page.keyboard.type('Developer: Startup Performance');
  await page
    .locator('.quick-input-list .monaco-list-row.focused', { hasText: 'Startup Performance' })
    .waitFor();
  await page.keyboard.press('Enter');
  const line = page.locator('.view-line', { hasText: ROW }).first();
  await line.waitFor();
  const [, load, call] = ROW.exec(await line.innerText()).map(Number);
  return load + call;
}

function print(vsix, records) {
  console.log(`\n${path.relative(root, vsix)}`);
  printHead();
  for (const [measure, name, aim] of measures) printRow(name, records.get(measure), aim);
}
