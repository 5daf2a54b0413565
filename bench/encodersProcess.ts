// One measurement of bench:encoders, in a process of its own:
//   node encodersProcess.cjs write ROOT FOLDER NAME | predict FOLDER PRECISION NOTES | train FOLDER STEPS
import { readFileSync } from 'node:fs';
import { predictTexts } from '../src/core/predict/predictor';
import type { Precision } from '../src/core/ports';
import { randomBelow, seededRng } from '../src/core/random';
import type { TrainingExample } from '../src/core/train/engine';
import { readConfig } from '../src/node/encoderFolder';
import { openModel, openTokenizer } from '../src/node/model';
import { createTrainingEngine } from '../src/node/training/engineFactory';
import { median } from './median';
import { writePublishedEncoder } from './publishedEncoder';
import { OUTPUTS } from './trainShapes';

export interface Predicting {
  readonly loadSeconds: number;
  /** Wall and processor time of all notes after some first ones. */
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly notes: number;
  /** Special tokens included, context read twice not. */
  readonly tokens: number;
  readonly peakMegabytes: number;
}

export interface Training {
  readonly plan: string;
  /** Median of the steps after the first. */
  readonly stepSeconds: number;
  readonly peakMegabytes: number;
}

const WINDOWS = 4;
const TOKENS = 256;
const WARM_UP_NOTES = 2;

const peakMegabytes = (): number => (process.resourceUsage().maxRSS * 1024) / 1e6;

/** A first reading of the tokenizer leaves its compact form in the cache, as it is from a person's second time on. */
async function write([root, folder, name]: string[]): Promise<object> {
  await writePublishedEncoder(root!, folder!, name!);
  await openTokenizer(folder!);
  return {};
}

async function predict([folder, precision, notesFile]: string[]): Promise<Predicting> {
  const notes = JSON.parse(readFileSync(notesFile!, 'utf8')) as string[];
  const began = performance.now();
  const model = await openModel(folder!, {
    device: 'cpu',
    precision: precision as Precision,
    onNotice: (message) => {
      throw new Error(message);
    },
  });
  const loadSeconds = (performance.now() - began) / 1000;
  await predictTexts(notes.slice(0, WARM_UP_NOTES), model.predictor);
  const [start, cpu] = [performance.now(), process.cpuUsage()];
  await predictTexts(notes, model.predictor);
  const [seconds, { user, system }] = [(performance.now() - start) / 1000, process.cpuUsage(cpu)];
  const { tokenizer } = model.predictor;
  const tokens = notes.reduce((sum, note) => sum + tokenizer.encode(note).ids.length, 0);
  const cpuSeconds = (user + system) / 1e6;
  return { loadSeconds, seconds, cpuSeconds, notes: notes.length, tokens, peakMegabytes: peakMegabytes() };
}

async function train([folder, steps]: string[]): Promise<Training> {
  const engine = await createTrainingEngine(folder!, {
    device: 'cpu',
    labels: Array.from({ length: OUTPUTS }, (_, id) => `L${id}`),
    optimiser: { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, parameter: () => ({ rate: 1, decay: 0.01 }) },
    dropout: undefined,
    positiveWeights: undefined,
    seed: 1,
    plan: { largestBatch: { tokens: WINDOWS * TOKENS, length: TOKENS } },
  });
  const examples = randomExamples(folder!);
  const seconds: number[] = [];
  for (let step = 0; step <= Number(steps); step++) {
    const began = performance.now();
    const loss = await engine.accumulate(examples, step);
    if (!Number.isFinite(loss)) throw new Error(`the loss is ${loss}`);
    await engine.update({ learningRate: 1e-5, maxGradientNorm: 1 });
    seconds.push((performance.now() - began) / 1000);
  }
  // The first step compiles.
  return { plan: engine.plan, stepSeconds: median(seconds.slice(1)), peakMegabytes: peakMegabytes() };
}

function randomExamples(folder: string): TrainingExample[] {
  const { vocab_size: words } = JSON.parse(readConfig(folder)) as { vocab_size: number };
  const rng = seededRng(2);
  return Array.from({ length: WINDOWS }, () => ({
    ids: Int32Array.from({ length: TOKENS }, () => 5 + randomBelow(words - 5, rng)),
    targets: Uint8Array.from({ length: TOKENS * OUTPUTS }, () => Number(rng() < 0.1)),
    weights: new Float32Array(TOKENS).fill(1 / (WINDOWS * TOKENS)),
  }));
}

const commands = { write, predict, train };

async function main([command, ...rest]: string[]): Promise<void> {
  const answer = await commands[command as keyof typeof commands](rest);
  process.stdout.write(`${JSON.stringify(answer)}\n`, () => process.exit(0));
}

main(process.argv.slice(2)).catch((error: Error) => {
  console.error(error.message);
  process.exit(1);
});
