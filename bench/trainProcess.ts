// One case of bench:train or bench:gpu, in a process of its own: node trainProcess.js FOLDER CASE_AS_JSON
import { mkdtemp } from 'node:fs/promises';
import path from 'node:path';
import type { Precision, Runtime } from '../src/core/ports';
import { randomBelow, seededRng } from '../src/core/random';
import type { TrainingEngine, TrainingExample } from '../src/core/train/engine';
import { loadEncoder } from '../src/node/encoder';
import { onnxRuntime } from '../src/node/onnxRuntime';
import { createTrainingEngine } from '../src/node/training/engineFactory';
import { kernelTimes } from './kernelTimes';
import { median } from './median';
import { writeRandomEncoder } from './randomEncoder';
import type { Case, Timing } from './trainShapes';
import { OUTPUTS, shapes } from './trainShapes';

async function main(folder: string, measured: Case): Promise<void> {
  await writeRandomEncoder(folder, measured.shape, measured.dropout, measured.layers);
  const profiles = measured.profiled ? await mkdtemp(path.join(folder, 'profiles-')) : undefined;
  const runtime = runtimeFor(measured, profiles);
  const work = measured.task === 'train' ? training : prediction;
  const { step, plan, end } = await work(folder, measured, runtime);
  const seconds: number[] = [];
  for (let i = 0; i <= measured.steps; i++) {
    const started = performance.now();
    await step(i);
    seconds.push((performance.now() - started) / 1000);
  }
  await end();
  const timing: Timing = {
    // The first step compiles.
    seconds: median(seconds.slice(1)),
    megabytes: (process.resourceUsage().maxRSS * 1024) / 1e6,
    ...(plan && { plan }),
    ...(profiles && { kernels: await kernelTimes(profiles) }),
  };
  process.stdout.write(`${JSON.stringify(timing)}\n`);
  process.exit(0);
}

/** What is timed, and the plan it follows. */
interface Work {
  readonly step: (index: number) => Promise<void>;
  readonly plan?: TrainingEngine['plan'];
  readonly end: () => Promise<void>;
}

function runtimeFor({ threads }: Case, profiles: string | undefined): Runtime {
  return onnxRuntime({
    ...(threads === undefined ? {} : { threads }),
    ...(profiles && { profile: path.join(profiles, 'session-') }),
  });
}

/** Forward, backward and update. */
async function training(folder: string, measured: Case, runtime: Runtime): Promise<Work> {
  const engine = await createTrainingEngine(folder, {
    device: measured.device,
    labels: Array.from({ length: OUTPUTS }, (_, id) => `L${id}`),
    optimiser: { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, parameter: () => ({ rate: 1, decay: 0.01 }) },
    dropout: undefined,
    positiveWeights: undefined,
    seed: 1,
    plan: measured.plan ?? {
      largestBatch: { tokens: measured.batch * measured.length, length: measured.length },
    },
    runtime,
    threads: measured.threads,
  });
  const examples = randomExamples(measured);
  const step = async (index: number): Promise<void> => {
    const loss = await engine.accumulate(examples, index);
    if (!Number.isFinite(loss)) throw new Error(`the loss is ${loss}`);
    await engine.update({ learningRate: 1e-5, maxGradientNorm: 1 });
  };
  return { step, plan: engine.plan, end: () => engine.dispose() };
}

async function prediction(folder: string, measured: Case, runtime: Runtime): Promise<Work> {
  const { device, precision } = measured;
  const encoder = await loadEncoder(folder, {
    device,
    precision: precision as Precision,
    onNotice: (message) => {
      throw new Error(message);
    },
    runtime,
  });
  const ids = randomExamples(measured).map((example) => example.ids);
  return { step: async () => void (await encoder.logits(ids)), end: () => encoder.dispose() };
}

function randomExamples({ batch, length, shape }: Case): TrainingExample[] {
  const rng = seededRng(2);
  const { vocab_size: words } = shapes[shape];
  return Array.from({ length: batch }, () => ({
    ids: Int32Array.from({ length }, () => 5 + randomBelow(words - 5, rng)),
    targets: Uint8Array.from({ length: length * OUTPUTS }, () => Number(rng() < 0.1)),
    weights: new Float32Array(length).fill(1 / (batch * length)),
  }));
}

void main(process.argv[2]!, JSON.parse(process.argv[3]!) as Case);
