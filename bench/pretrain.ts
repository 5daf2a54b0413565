// A step of masked language modelling beside one of token classification, in turn, on random weights and texts:
//   npm run bench:pretrain [-- SHAPE BATCH LENGTH STEPS]
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { seededRng } from '../src/core/random';
import type { TrainingExample } from '../src/core/train/engine';
import type { MaskedExample } from '../src/core/train/maskedLanguageEngine';
import { createMaskedLanguageEngine, createTrainingEngine } from '../src/node/training/engineFactory';
import { writeRandomEncoder } from './randomEncoder';
import type { ShapeName } from './trainShapes';
import { OUTPUTS, shapes } from './trainShapes';

const MASKED = 0.15;
const update = { learningRate: 1e-5, maxGradientNorm: 1 };

type Times = readonly [gradients: number, update: number, processor: number];

interface Learner<Example> {
  accumulate(batch: readonly Example[], seed: number): Promise<number>;
  update(options: typeof update): Promise<number>;
}

/** Seconds of the gradients, of the update, and of the processor, which other programs hardly lengthen. */
async function timeStep<Example>(
  engine: Learner<Example>,
  batch: readonly Example[],
  seed: number,
): Promise<Times> {
  const [before, began] = [process.cpuUsage(), performance.now()];
  const loss = await engine.accumulate(batch, seed);
  const middle = performance.now();
  await engine.update(update);
  if (!Number.isFinite(loss)) throw new Error(`the loss is ${loss}`);
  const { user, system } = process.cpuUsage(before);
  return [(middle - began) / 1000, (performance.now() - middle) / 1000, (user + system) / 1e6];
}

function randomTexts(shape: ShapeName, batch: number, length: number): Int32Array[] {
  const rng = seededRng(2);
  const words = shapes[shape].vocab_size;
  const word = () => 5 + Math.floor(rng() * (words - 5));
  return Array.from({ length: batch }, () => Int32Array.from({ length }, word));
}

function labelled(ids: Int32Array, share: number): TrainingExample {
  const rng = seededRng(3);
  return {
    ids,
    targets: Uint8Array.from({ length: ids.length * OUTPUTS }, () => Number(rng() < 0.1)),
    weights: new Float32Array(ids.length).fill(share / ids.length),
  };
}

function masked(ids: Int32Array, share: number): MaskedExample {
  const count = Math.round(ids.length * MASKED);
  const positions = Int32Array.from({ length: count }, (_, i) => Math.floor((i * ids.length) / count));
  return { ids, positions, originals: positions.map((at) => ids[at]!), weight: share / count };
}

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1]!;

async function main(shape: ShapeName, batch: number, length: number, steps: number): Promise<void> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'anamnese-pretrain-'));
  await writeRandomEncoder(folder, shape, 0.1);
  const options = {
    device: 'cpu',
    optimiser: { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, parameter: () => ({ rate: 1, decay: 0.01 }) },
    dropout: undefined,
    seed: 1,
    plan: 'whole-graph',
  } as const;
  const labels = Array.from({ length: OUTPUTS }, (_, id) => `L${id}`);
  const classifier = await createTrainingEngine(folder, { ...options, labels, positiveWeights: undefined });
  const guesser = await createMaskedLanguageEngine(folder, options);
  rmSync(folder, { recursive: true });
  const texts = randomTexts(shape, batch, length);
  const [toLabel, toGuess] = [labelled, masked].map((make) => texts.map((ids) => make(ids, 1 / batch)));
  const times = { classify: [] as Times[], guess: [] as Times[] };
  for (let i = 0; i <= steps; i++) {
    const classify = await timeStep(classifier, toLabel as TrainingExample[], i);
    const guess = await timeStep(guesser, toGuess as MaskedExample[], i);
    // The first step compiles.
    if (i > 0)
      for (const [name, time] of [
        ['classify', classify],
        ['guess', guess],
      ] as const)
        times[name].push(time);
  }
  const middle = (values: readonly Times[], of: (times: Times) => number) => median(values.map(of));
  const line = (name: string, values: readonly Times[]) => {
    const parts = [0, 1, 2].map((part) => middle(values, (time) => time[part]!).toFixed(2));
    console.log(`${name}: gradients ${parts[0]} s, update ${parts[1]} s; processor ${parts[2]} s`);
  };
  console.log(`${shape}, ${batch} x ${length} tokens, ${MASKED * 100} % to guess, medians of ${steps}`);
  line('token classification     ', times.classify);
  line('masked language modelling', times.guess);
  const ratio = (of: (times: Times) => number) =>
    (middle(times.guess, of) / middle(times.classify, of)).toFixed(2);
  const [wall, processor] = [ratio(([gradients, update]) => gradients + update), ratio((time) => time[2])];
  console.log(`the second takes ${wall} times as long, ${processor} times the processor's time`);
  console.log(`${Math.round(process.resourceUsage().maxRSS / 1024)} MB at most, both engines together`);
}

const [shape = 'e5-small', batch = '8', length = '256', steps = '5'] = process.argv.slice(2);
void main(shape as ShapeName, Number(batch), Number(length), Number(steps));
