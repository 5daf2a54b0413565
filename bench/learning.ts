// npm run bench:learning -- CORPUS ENCODER [--split FILE] [--seeds 3] [--epochs N] [--threads N]
// Same learning: an encoder fine-tuned by PyTorch and transformers and by us, on the same split with the same
// hyper-parameters, those of the default preset, several seeds each; scored by the same code on the test part.
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { spread } from '../src/core/evaluate/repeatedRuns';
import type { FineTuneJob } from '../src/core/train/settings/jobs';
import { fineTune } from '../src/node/training/fineTune';
import type { Learned } from './learningRival';
import { learnRival } from './learningRival';
import { findPython } from './torchPython';

const root = path.join(__dirname, '..');
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    split: { type: 'string' },
    seeds: { type: 'string', default: '3' },
    epochs: { type: 'string' },
    threads: { type: 'string', default: '0' },
  },
});

async function main(): Promise<void> {
  const [corpus, encoder] = positionals;
  if (!corpus || !encoder) throw new Error('give a corpus and an encoder folder');
  const python = findPython(root, path.join(root, '.cache'), Number(values.threads));
  console.log(`${os.cpus()[0]!.model}, ${os.cpus().length} cores; ${python.versions}`);
  const folder = await mkdtemp(path.join(os.tmpdir(), 'anamnese-learning-'));
  try {
    const [ours, rival]: [Learned[], Learned[]] = [[], []];
    for (let seed = 1; seed <= Number(values.seeds); seed++) {
      const job = jobOf(corpus, encoder, path.join(folder, `ours-${seed}`), seed);
      ours.push(await tell('ours', seed, () => learnOurs(job)));
      rival.push(await tell('rival', seed, () => learnRival(job, folder, python)));
    }
    const [mine, its] = [ours, rival].map(
      (side) => spread(side.map(({ scores }) => scores.tokens.microF1)).mean,
    );
    for (const unit of ['tokens', 'characters', 'words', 'entities'] as const)
      console.log(`${unit.padEnd(10)} micro F1: ours ${figures(ours, unit)}, rival ${figures(rival, unit)}`);
    console.log(`honest token micro F1 apart by ${Math.abs(mine! - its!).toFixed(4)} (aim: at most 0.01)`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function jobOf(corpus: string, encoder: string, out: string, seed: number): FineTuneJob {
  const epochs = values.epochs === undefined ? {} : { epochs: Number(values.epochs) };
  const threads = Number(values.threads) > 0 ? { threads: Number(values.threads) } : {};
  const common = { task: 'train', corpus, encoder, out, seed, device: 'cpu', split: values.split } as const;
  return { ...common, preset: 'default', strategy: 'is', scheme: 'IO', ...epochs, ...threads };
}

async function tell(side: string, seed: number, learn: () => Promise<Learned>): Promise<Learned> {
  const learned = await learn();
  const { tokens, characters } = learned.scores;
  const line = `tokens ${tokens.microF1.toFixed(4)}, characters ${characters.microF1.toFixed(4)}`;
  console.log(`${side.padEnd(5)} seed ${seed}: ${line}, ${learned.seconds.toFixed(0)} s`);
  return learned;
}

async function learnOurs(job: FineTuneJob): Promise<Learned> {
  const started = performance.now();
  const { scores } = await fineTune(job, { onEvent: () => Promise.resolve() });
  return { seconds: (performance.now() - started) / 1000, scores: scores.test! };
}

function figures(side: readonly Learned[], unit: 'tokens' | 'characters' | 'words' | 'entities'): string {
  const { mean, deviation } = spread(side.map(({ scores }) => scores[unit].microF1));
  return deviation === undefined ? mean.toFixed(4) : `${mean.toFixed(4)} ± ${deviation.toFixed(4)}`;
}

main().catch((error: Error) => {
  console.error(`bench:learning: ${error.message}`);
  process.exitCode = 1;
});
