// npm run bench:activation [-- --starts 5 --vsix FILE --vsix OTHER]: what starting the extension as packaged costs in a
// VS Code that knows nothing but it. Several packages take turns; without one the project's is built. A last turn is that
// of an extension that does nothing: VS Code's own figure also counts the editor's work, and here it counts nothing else.
import { existsSync } from 'node:fs';
import { cp, mkdtemp, readFile, readdir, rename, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import vsce from '@vscode/vsce';
import { chromium } from 'playwright-core';
import { browserSwitches, findBrowser } from './browser.mjs';
import { startCodeServer, workbenchUrl } from './codeServer.mjs';
import { printHead, printRow } from './measureTable.mjs';
import { root, run } from './shell.mjs';

const NOTE = '01-evolucao-enfermagem.txt';
const MARK = '.view-line span[class*="TextEditorDecorationType"]';
/** A row of the editor's own account: eager, code loaded, activate called, activate finished. */
const ROW = /anamnese\.(?:anamnese|idle)\s*\|\s*\w+\s*\|\s*(\d+)\s*\|\s*(\d+)\s*\|\s*(\d+)/;
/** The host of a closed page ends after the server's grace time; a next one should have the machine to itself. */
const PAUSE_MS = 4000;
/** A start on a machine that is busy with other work. */
const LIMIT_MS = 120_000;

const measures = [
  ['editor', 'VS Code’s own figure: code loaded and activate called', 50],
  ['editor/load', '  of it code loaded'],
  ['load/wall', 'loading the bundle'],
  ['load/cpu', '  of it processor time of the thread'],
  ['first/wall', 'the first turn of activate(): a note in sight'],
  ['first/cpu', '  of it processor time of the thread'],
  ['longest', 'the longest of its later turns'],
  ['wall', 'loading and all turns', 50],
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
  for (const vsix of packages) servers.push(await serve(vsix, MARK));
  servers.push(await serve(await packIdle(workspace)));
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

/** Packs the extension that does nothing. Returns the file. */
async function packIdle(folder) {
  const packagePath = path.join(folder, 'idle.vsix');
  const cwd = path.join(root, 'bench', 'idleExtension');
  await vsce.createVSIX({
    cwd,
    packagePath,
    useYarn: false,
    allowMissingRepository: true,
    skipLicense: true,
  });
  return packagePath;
}

/** A server with a package alone. `mark` is what its extension shows on a note in the end, where it shows something. */
async function serve(vsix, mark) {
  const server = await startCodeServer({ vsix: path.resolve(vsix) });
  return { vsix, mark, server, probe: await installProbe(server.profile), records: new Map() };
}

/** Puts the probe around the installed bundle. Returns the file that it writes to. */
async function installProbe(profile) {
  const extensions = path.join(profile, 'extensions');
  const name = (await readdir(extensions)).find((entry) => entry.startsWith('anamnese.'));
  const installed = path.join(extensions, name);
  const { main } = JSON.parse(await readFile(path.join(installed, 'package.json'), 'utf8'));
  const bundle = path.join(installed, main);
  const beside = (file) => path.join(path.dirname(bundle), file);
  await rename(bundle, beside('measured.js'));
  await cp(path.join(root, 'bench', 'activationProbe.cjs'), bundle);
  return beside('measured.jsonl');
}

async function measureStart({ server, probe, records, mark }) {
  await rm(probe, { force: true });
  const page = await browser.newPage({ viewport: { width: 1600, height: 3000 } });
  page.setDefaultTimeout(LIMIT_MS);
  const started = performance.now();
  await page.goto(workbenchUrl(server, { folder: workspace, files: [path.join(workspace, NOTE)] }));
  await page.locator('.monaco-editor .view-line').first().waitFor();
  const shown = performance.now();
  if (mark) await page.locator(mark).first().waitFor();
  const marked = performance.now();
  while (!existsSync(probe)) await page.waitForTimeout(100);
  const { load, call } = await startupPerformance(page);
  await page.close();
  const { loading, first, later } = JSON.parse(await readFile(probe, 'utf8'));
  const taken = {
    editor: load + call,
    'editor/load': load,
    'load/wall': loading.wall,
    'load/cpu': loading.cpu,
    'first/wall': first.wall,
    'first/cpu': first.cpu,
    longest: Math.max(0, ...later),
    wall: [first.wall, ...later].reduce((sum, one) => sum + one, loading.wall),
    ...(mark && { marks: marked - shown, start: marked - started }),
  };
  for (const [name, value] of Object.entries(taken)) records.set(name, [...(records.get(name) ?? []), value]);
  await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
}

/** Milliseconds that the editor says loading the code and calling `activate` took: `Developer: Startup Performance`. */
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
  return { load, call };
}

function print(vsix, records) {
  console.log(`\n${path.relative(root, vsix)}`);
  printHead();
  for (const [measure, name, aim] of measures)
    if (records.has(measure)) printRow(name, records.get(measure), aim);
}
