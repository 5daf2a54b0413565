// npm run bench:gpu -- [--device webgpu] [--steps 5] [--only "train e5-small"] [--profile]
// Prediction and training steps on a graphics processor, ours through WebGPU beside PyTorch on CUDA where it is there;
// with --profile also where the device's time goes, in a run of its own.
import path from 'node:path';
import { parseArgs } from 'node:util';
import type { Device } from '../src/core/ports';
import { findPython } from './torchPython';
import type { CaseRunner } from './trainCases';
import { stepFlops, withRunner } from './trainCases';
import type { Case, Timing } from './trainShapes';
import { shapes } from './trainShapes';

const root = path.join(__dirname, '..');
const { values } = parseArgs({
  options: {
    device: { type: 'string', default: 'webgpu' },
    steps: { type: 'string', default: '5' },
    only: { type: 'string', default: '' },
    profile: { type: 'boolean', default: false },
  },
});

/** Kernels that a profile names. */
const SHOWN = 8;

const devices: readonly Device[] = ['webgpu', 'cpu'];

/** What both sides have in common. */
type Equal = Pick<Case, 'shape' | 'task' | 'batch' | 'length' | 'dropout'>;

const cases: readonly Equal[] = [
  { shape: 'e5-small', task: 'train', batch: 8, length: 256, dropout: 0 },
  { shape: 'e5-small', task: 'train', batch: 32, length: 256, dropout: 0.1 },
  { shape: 'bert-base', task: 'train', batch: 4, length: 512, dropout: 0.1 },
  { shape: 'modernbert-base', task: 'train', batch: 4, length: 512, dropout: 0 },
  { shape: 'e5-small', task: 'predict', batch: 1, length: 256, dropout: 0 },
  { shape: 'e5-small', task: 'predict', batch: 32, length: 256, dropout: 0 },
  { shape: 'bert-base', task: 'predict', batch: 8, length: 512, dropout: 0 },
];

async function main(): Promise<void> {
  const device = devices.find((name) => name === values.device);
  if (!device) throw new Error(`--device ${values.device}: one of ${devices.join(', ')} is needed`);
  const python = findPython(root, path.join(root, '.cache'), 0);
  console.log(`${python.versions}; milliseconds a step, and how many times as long as PyTorch's`);
  const measure = async (runner: CaseRunner): Promise<void> => {
    for (const measured of cases) {
      for (const half of [false, true]) {
        if (nameOf({ ...measured, half }).startsWith(values.only))
          await compare(runner, { ...measured, device, half });
      }
    }
  };
  await withRunner(root, measure, python);
}

/** `device` is ours; PyTorch's is CUDA. */
type Comparison = Equal & { readonly device: Device; readonly half: boolean };

async function compare(runner: CaseRunner, comparison: Comparison): Promise<void> {
  const { device, half, ...measured } = comparison;
  const precision = half ? 'fp16' : 'fp32';
  const common = { ...measured, precision, steps: Number(values.steps) } as const;
  const own: Case = { ...common, device };
  // Training in half precision is PyTorch's alone.
  const trains = !half || measured.task === 'predict';
  const ours = trains ? await attempt(() => runner.ours(own)) : undefined;
  const theirs: Case = { ...common, device: 'cuda', precision: rivalPrecision(comparison) };
  const rival = await attempt(() => runner.rival(theirs));
  const ratio = ours && rival ? `${(ours.seconds / rival.seconds).toFixed(1)}x` : '';
  const columns = `ours ${shown(own, ours)}   PyTorch ${shown(theirs, rival)}   ${ratio}`;
  console.log(`${nameOf(comparison).padEnd(36)} ${columns}`);
  const profiled = values.profile && ours && (await attempt(() => runner.ours({ ...own, profiled: true })));
  if (profiled) showKernels(profiled);
}

function nameOf({ shape, task, batch, length, dropout, half }: Equal & { readonly half: boolean }): string {
  const dropping = task === 'train' ? ` dropout ${dropout}` : '';
  return `${task} ${shape} ${batch}x${length}${dropping} ${rivalPrecision({ task, half })}`;
}

/** PyTorch trains in half precision by autocast, and predicts with halved weights. */
function rivalPrecision({ task, half }: Pick<Comparison, 'task' | 'half'>): Case['precision'] {
  if (!half) return 'fp32';
  return task === 'train' ? 'bf16' : 'fp16';
}

/** Milliseconds a step, and what its matrix products reach in them. */
function shown(measured: Case, timing: Timing | undefined): string {
  if (!timing) return '–'.padStart(24);
  const speed = stepFlops(measured, shapes[measured.shape]) / timing.seconds / 1e12;
  return `${(1000 * timing.seconds).toFixed(1).padStart(8)} (${speed.toFixed(2).padStart(6)} TFLOP/s)`;
}

/** Where the device's time goes, the first step and the way of the weights to the device included. */
function showKernels({ seconds, kernels = [] }: Timing): void {
  const steps = Number(values.steps) + 1;
  const total = kernels.reduce((sum, kernel) => sum + kernel.seconds, 0);
  const runs = kernels.reduce((sum, kernel) => sum + kernel.runs, 0);
  const milliseconds = (time: number) => ((1000 * time) / steps).toFixed(1);
  const step = `${(1000 * seconds).toFixed(1)} ms a step with the profile`;
  console.log(
    `  the device computes ${milliseconds(total)} of ${step}, ${Math.round(runs / steps)} kernels a step`,
  );
  for (const kernel of kernels.slice(0, SHOWN)) {
    const share = `${((100 * kernel.seconds) / total).toFixed(0).padStart(3)} %`;
    const number = String(Math.round(kernel.runs / steps)).padStart(5);
    console.log(`  ${share} ${milliseconds(kernel.seconds).padStart(8)} ms ${number} ${kernel.kernel}`);
  }
}

/** A device that is not there leaves its column empty. */
async function attempt(measure: () => Promise<Timing>): Promise<Timing | undefined> {
  try {
    return await measure();
  } catch (error) {
    const { stderr = '', message } = error as Error & { stderr?: string };
    console.log(`  not measured: ${(stderr.trim().split('\n').at(-1) ?? message).slice(0, 160)}`);
    return undefined;
  }
}

main().catch((error: Error) => {
  console.error(`bench:gpu: ${error.message}`);
  process.exitCode = 1;
});
