// npm run bench:encoders [-- --only mmBERT-small,ModernBERT-base --notes 20 --rounds 2 --steps 2 --no-train --out FILE]
// The nine encoders of the study at their true sizes, with random weights, one after the other: loading, memory,
// predicting in single precision and in eight bits, a step of training. Each measurement is a process of its own.
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { bundle } from './bundle';
import type { Predicting, Training } from './encodersProcess';
import { median } from './median';
import { benchNotes } from './predictNotes';
import { publishedEncoders } from './publishedEncoder';

const root = path.join(__dirname, '..');
const { values } = parseArgs({
  allowNegative: true,
  options: {
    only: { type: 'string', default: publishedEncoders.join(',') },
    notes: { type: 'string', default: '20' },
    rounds: { type: 'string', default: '2' },
    steps: { type: 'string', default: '2' },
    train: { type: 'boolean', default: true },
    out: { type: 'string', default: path.join(root, 'out', 'bench', 'encoders.md') },
  },
});

const precisions = ['fp32', 'int8'] as const;
type Measured = Record<(typeof precisions)[number], Predicting[]>;

const HEADINGS = [
  [
    'encoder',
    'load s',
    'load s, int8',
    'peak MB',
    'peak MB, int8',
    'tokens a note',
    'notes/s',
    'notes/s, int8',
  ],
  [
    'int8 : fp32',
    'processor, fp32 : int8',
    'tokens/s',
    'tokens/s, int8',
    'training step s',
    'training peak MB',
  ],
].flat();

async function main(): Promise<void> {
  const chosen = values.only.split(',').map(encoderNamed);
  const { notes, name } = benchNotes(root, '', Number(values.notes));
  const characters = notes.reduce((sum, { text }) => sum + text.length, 0);
  const lines = [
    `${os.cpus()[0]!.model}, ${os.cpus().length} cores; load ${os.loadavg()[0]!.toFixed(1)} at the start. Random weights;`,
    `${notes.length} ${name} of ${Math.round(characters / notes.length)} characters; medians of ${values.rounds}; a training step is 4 windows of 256 tokens.`,
    '',
    row(HEADINGS),
    row(HEADINGS.map((_, i) => (i === 0 ? '---' : '--:'))),
  ];
  console.log(lines.join('\n'));
  await mkdir(path.dirname(values.out), { recursive: true });
  const work = await mkdtemp(path.join(os.tmpdir(), 'anamnese-bench-'));
  try {
    const program = path.join(work, 'encodersProcess.cjs');
    await bundle(root, 'encodersProcess.ts', program);
    await writeFile(path.join(work, 'notes.json'), JSON.stringify(notes.map(({ text }) => text)));
    for (const encoder of chosen) {
      const line = await measure(encoder, work, program);
      console.log(line);
      lines.push(line);
      await writeFile(values.out, lines.join('\n') + '\n');
    }
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** Writes an encoder, measures it, and takes it away again: together they would fill a disk. */
async function measure(encoder: string, work: string, program: string): Promise<string> {
  const folder = path.join(work, encoder);
  const run = runner(program, path.join(work, 'cache'));
  try {
    await run('write', root, folder, encoder);
    const measured: Measured = { fp32: [], int8: [] };
    for (let round = 0; round < Number(values.rounds); round++)
      for (const precision of precisions)
        measured[precision].push(await run('predict', folder, precision, path.join(work, 'notes.json')));
    return rowOf(encoder, measured, values.train ? await run('train', folder, values.steps) : undefined);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function runner(program: string, cache: string) {
  const env = { ...process.env, NODE_PATH: path.join(root, 'node_modules'), ANAMNESE_CACHE: cache };
  return async <Answer>(...args: string[]): Promise<Answer> => {
    const { stdout } = await promisify(execFile)(process.execPath, [program, ...args], { env });
    return JSON.parse(stdout.trim().split('\n').at(-1)!) as Answer;
  };
}

function rowOf(encoder: string, measured: Measured, training: Training | undefined): string {
  const middle = (precision: keyof Measured, of: (one: Predicting) => number) =>
    median(measured[precision].map(of));
  const both = (of: (one: Predicting) => number, digits: number) =>
    precisions.map((precision) => middle(precision, of).toFixed(digits));
  const ratio = (of: (one: Predicting) => number) =>
    `${(middle('fp32', of) / middle('int8', of)).toFixed(2)}`;
  const { tokens, notes } = measured.fp32[0]!;
  return row([
    encoder,
    ...both((one) => one.loadSeconds, 2),
    ...both((one) => one.peakMegabytes, 0),
    (tokens / notes).toFixed(0),
    ...both((one) => one.notes / one.seconds, 2),
    ratio((one) => one.seconds),
    ratio((one) => one.cpuSeconds),
    ...both((one) => one.tokens / one.seconds, 0),
    training ? `${training.stepSeconds.toFixed(2)} (${training.plan})` : '–',
    training ? training.peakMegabytes.toFixed(0) : '–',
  ]);
}

const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

function encoderNamed(given: string): string {
  const found = publishedEncoders.find((name) => name === given);
  if (found === undefined)
    throw new Error(`--only ${given}: one of ${publishedEncoders.join(', ')} is needed`);
  return found;
}

main().catch((error: Error) => {
  console.error(`bench:encoders: ${error.message}`);
  process.exitCode = 1;
});
