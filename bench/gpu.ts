// npm run bench:gpu -- [--device webgpu] [--steps 5]
// Prediction and training steps on a graphics processor, ours through WebGPU beside PyTorch on CUDA where it is there.
import path from 'node:path';
import { parseArgs } from 'node:util';
import type { Device } from '../src/core/ports';
import { findPython } from './torchPython';
import type { CaseRunner } from './trainCases';
import { withRunner } from './trainCases';
import type { Case, Timing } from './trainShapes';

const root = path.join(__dirname, '..');
const { values } = parseArgs({
  options: { device: { type: 'string', default: 'webgpu' }, steps: { type: 'string', default: '5' } },
});

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
      for (const half of [false, true]) await compare(runner, { ...measured, device, half });
    }
  };
  await withRunner(root, measure, python);
}

/** `device` is ours; PyTorch's is CUDA. */
type Comparison = Equal & { readonly device: Device; readonly half: boolean };

async function compare(runner: CaseRunner, { device, half, ...measured }: Comparison): Promise<void> {
  const { shape, task, batch, length } = measured;
  const rivalHalf = task === 'train' ? 'bf16' : 'fp16';
  const steps = Number(values.steps);
  // Training in half precision is PyTorch's alone.
  const ours =
    half && task === 'train'
      ? undefined
      : await attempt(() => runner.ours({ ...measured, device, precision: half ? 'fp16' : 'fp32', steps }));
  const rival = await attempt(() =>
    runner.rival({ ...measured, device: 'cuda', precision: half ? rivalHalf : 'fp32', steps }),
  );
  const name = `${task} ${shape} ${batch}x${length} ${half ? rivalHalf : 'fp32'}`;
  const shown = (timing: Timing | undefined) =>
    (timing ? (1000 * timing.seconds).toFixed(1) : '–').padStart(8);
  const ratio = ours && rival ? `${(ours.seconds / rival.seconds).toFixed(1)}x` : '';
  console.log(`${name.padEnd(36)} ours ${shown(ours)}   PyTorch ${shown(rival)}   ${ratio}`);
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
