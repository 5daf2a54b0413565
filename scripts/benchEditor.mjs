// npm run bench:editor [-- --starts 5 --rounds 2]: what the extension costs in a real extension host.
import { mkdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';
import { withExtensionHost } from './hostRun.mjs';
import { printHead, printRow } from './measureTable.mjs';
import { artifacts, root, run } from './shell.mjs';

const { values } = parseArgs({
  options: { starts: { type: 'string', default: '5' }, rounds: { type: 'string', default: '2' } },
});

/** A measure as the suites record it, what it is, and its aim in milliseconds. */
const measures = [
  ['activation', 'activation: loading the code and activate()', 50],
  ['activation/turn', '  its longest turn'],
  ['start/shown', '4,000 characters, cold: note shown'],
  ['start/first', '4,000 characters, cold: first entities', 1500],
  ['start/settled', '4,000 characters, cold: all entities'],
  ['keystroke', 'keystroke to entities, 4,000 characters', 150],
  ['keystroke/long', 'keystroke to entities, 1 MB while predicted', 150],
  ['block/opening', 'longest block: opening 4,000 characters', 20],
  ['block/typing', 'longest block: typing in 4,000 characters', 20],
  ...['opening', 'predicting', 'typing'].flatMap((doing) => [
    [`block/long, ${doing}`, `longest block: ${doing} 1 MB`, 20],
    [`block/long without, ${doing}`, '  the same with Anamnese off'],
  ]),
];

await run(process.execPath, ['esbuild.mjs']);
const suites = await bundleSuites();
const out = path.join(artifacts, 'bench-editor.jsonl');
await mkdir(artifacts, { recursive: true });
await rm(out, { force: true });
await withExtensionHost({ env: { ANAMNESE_BENCH_OUT: out } }, async (launch, log) => {
  const all = [
    ...Array(Number(values.starts)).fill('editorStart'),
    ...Array(Number(values.rounds)).fill('editorWork'),
  ];
  for (const suite of all) {
    const code = await launch(path.join(suites, `${suite}.vscode.bench.js`));
    if (code !== 0) throw new Error(`${suite} ended with ${code}\n${log()}`);
    // The host of a closed page ends after the server's grace time; a next one should have the machine to itself.
    await new Promise((resolve) => setTimeout(resolve, 4000));
  }
});
print(await readRecords(out));

async function bundleSuites() {
  const outdir = path.join(root, 'out', 'bench');
  await build({
    entryPoints: [path.join(root, 'bench/*.vscode.bench.ts')],
    outdir,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    external: ['vscode'],
    sourcemap: 'inline',
    logLevel: 'warning',
  });
  return outdir;
}

async function readRecords(file) {
  const records = new Map();
  for (const line of (await readFile(file, 'utf8')).trim().split('\n')) {
    const { measure, value } = JSON.parse(line);
    records.set(measure, [...(records.get(measure) ?? []), value]);
  }
  return records;
}

function print(records) {
  printHead();
  for (const [measure, name, aim] of measures) {
    const wall = records.get(measure) ?? records.get(`${measure}/wall`);
    if (!wall) continue;
    printRow(name, wall, aim);
    const cpu = records.get(`${measure}/cpu`);
    if (cpu) printRow('  of it this thread’s processor time', cpu);
    const worker = records.get(`${measure}/worker`);
    if (worker) printRow('  processor time of the worker meanwhile', worker);
  }
}
