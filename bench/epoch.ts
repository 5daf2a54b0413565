// npm run bench:epoch -- CORPUS ENCODER [--rounds 1] [--threads N]
// An epoch over a whole corpus: ours, in whose windows all of every note stands, with the default preset and with the
// study's, beside the study's protocol in PyTorch, where ten notes a batch are cut or padded to 512 tokens. Same machine,
// same run, same encoder. The study's preset has the checkpoint's own dropout, as the rival; the default has none of
// attention weights.
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { splitNotes } from '../src/core/split/notes';
import type { SplitFile } from '../src/core/split/splitFile';
import { presets } from '../src/core/train/settings/hyperParameters';
import type { FineTuneJob } from '../src/core/train/settings/jobs';
import { readCorpusFolder } from '../src/node/corpusFolder';
import { sha256 } from '../src/node/sha256';
import { bundle } from './bundle';
import type { EpochTiming } from './epochProcess';
import type { RivalPython } from './torchPython';
import { findPython } from './torchPython';

const run = promisify(execFile);
const root = path.join(__dirname, '..');
/** Notes a batch, tokens a note and batches an update, as in the study. */
const STUDY = { batch: 10, length: 512, accumulate: 5 };
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: 'string', default: '1' },
    threads: { type: 'string', default: '0' },
  },
});

async function main(): Promise<void> {
  const [corpus, encoder] = positionals;
  if (!corpus || !encoder) throw new Error('give a corpus and an encoder folder');
  const threads = Number(values.threads);
  const python = findPython(root, path.join(root, '.cache'), threads);
  const machine = `${os.cpus()[0]!.model}, ${os.cpus().length} cores`;
  console.log(`${machine}; ${python.versions}; load ${os.loadavg()[0]!.toFixed(1)}\n`);
  const folder = await mkdtemp(path.join(os.tmpdir(), 'anamnese-epoch-'));
  try {
    const split = path.join(folder, 'split.json');
    const notes = await writeWholeSplit(corpus, split);
    await bundle(root, 'epochProcess.ts', path.join(folder, 'epochProcess.cjs'));
    console.log(`${notes} notes        s   speed of rival (aim 4x, then 6x)   peak MB   of rival (aim 0.5)`);
    for (let round = 0; round < Number(values.rounds); round++) {
      const theirs = await rival(python, encoder, notes, threads);
      print('rival', theirs, theirs);
      for (const preset of presets) {
        const out = path.join(folder, `${preset}-${round}`);
        const job = { ...jobOf(corpus, encoder, out, split), ...limit(threads), preset };
        print(preset, await ours(folder, job), theirs);
      }
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Every note is for training. Returns how many there are. */
async function writeWholeSplit(corpus: string, file: string): Promise<number> {
  const { documents } = await readCorpusFolder(corpus, {});
  const train = splitNotes(documents, sha256).map(({ key }) => key);
  const parts = { train, validation: [], test: [] };
  const how = { method: 'random', seed: 1, ratio: [98, 1, 1], minNotes: 0, labels: [] } as const;
  const split: SplitFile = {
    format: 'anamnese-split',
    version: 1,
    ...how,
    ratio: [...how.ratio],
    labels: [],
    parts,
  };
  await writeFile(file, JSON.stringify(split));
  return train.length;
}

function jobOf(corpus: string, encoder: string, out: string, split: string): FineTuneJob {
  const how = { preset: 'default', strategy: 'is', scheme: 'IO', epochs: 1, seed: 1, device: 'cpu' } as const;
  return { task: 'train', corpus, encoder, out, split, ...how };
}

const limit = (threads: number): { threads?: number } => (threads > 0 ? { threads } : {});

async function ours(folder: string, job: FineTuneJob): Promise<EpochTiming> {
  const env = { ...process.env, NODE_PATH: path.join(root, 'node_modules') };
  const { stdout } = await run(
    process.execPath,
    [path.join(folder, 'epochProcess.cjs'), JSON.stringify(job)],
    {
      env,
    },
  );
  return JSON.parse(stdout) as EpochTiming;
}

async function rival(
  python: RivalPython,
  encoder: string,
  notes: number,
  threads: number,
): Promise<EpochTiming> {
  const steps = Math.ceil(notes / STUDY.batch);
  const measured = { ...STUDY, ...limit(threads), task: 'train', device: 'cpu', precision: 'fp32', steps };
  const script = path.join(root, 'bench', 'rivals', 'train.py');
  const { stdout } = await run(python.program, [script, path.resolve(encoder), JSON.stringify(measured)], {
    env: python.env,
  });
  const { total, megabytes } = JSON.parse(stdout.trim().split('\n').at(-1)!) as {
    total: number;
    megabytes: number;
  };
  return { seconds: total, steps, megabytes };
}

function print(side: string, { seconds, megabytes }: EpochTiming, theirs: EpochTiming): void {
  const columns = [
    seconds.toFixed(1).padStart(7),
    `${(theirs.seconds / seconds).toFixed(2)}x`.padStart(32),
    megabytes.toFixed(0).padStart(7),
    (megabytes / theirs.megabytes).toFixed(2).padStart(18),
  ];
  console.log(`${side.padEnd(9)} ${columns.join('   ')}`);
}

main().catch((error: Error) => {
  console.error(`bench:epoch: ${error.message}`);
  process.exitCode = 1;
});
