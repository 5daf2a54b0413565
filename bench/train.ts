// npm run bench:train -- [--cases e5-small,bert-base] [--steps 3] [--threads N] [--rounds 2] [--bf16]
//   [--plan layer-by-layer]
// A training step of PyTorch and transformers beside ours: same machine, same run, same encoder, in turn.
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { matrixPeak } from './matrixPeak';
import { findPython } from './torchPython';
import type { CaseRunner } from './trainCases';
import { stepFlops, withRunner } from './trainCases';
import type { Case, ShapeName, Timing } from './trainShapes';
import { shapes } from './trainShapes';

const root = path.join(__dirname, '..');
const plans = ['whole-graph', 'layer-by-layer'] as const;
type Plan = (typeof plans)[number];
const { values } = parseArgs({
  options: {
    cases: { type: 'string', default: 'e5-small,bert-base,modernbert-base' },
    steps: { type: 'string', default: '3' },
    rounds: { type: 'string', default: '2' },
    threads: { type: 'string', default: '0' },
    bf16: { type: 'boolean', default: false },
    plan: { type: 'string', default: plans[0] },
  },
});

const shapeNames = Object.keys(shapes) as ShapeName[];

/** What both sides have in common. */
type Equal = Pick<Case, 'shape' | 'batch' | 'length' | 'dropout'>;

const cases: readonly Equal[] = [
  { shape: 'e5-small', batch: 8, length: 256, dropout: 0.1 },
  { shape: 'e5-small', batch: 8, length: 256, dropout: 0 },
  { shape: 'bert-base', batch: 4, length: 256, dropout: 0.1 },
  { shape: 'bert-base', batch: 4, length: 256, dropout: 0 },
  { shape: 'modernbert-base', batch: 4, length: 256, dropout: 0 },
];

async function main(): Promise<void> {
  const wanted = values.cases.split(',').map((name) => chosen('cases', name, shapeNames));
  const plan = chosen('plan', values.plan, plans);
  const python = findPython(root, path.join(root, '.cache'), Number(values.threads));
  const machine = `${os.cpus()[0]!.model}, ${os.cpus().length} cores`;
  console.log(`${machine}; ${python.versions}; load ${os.loadavg()[0]!.toFixed(1)}\n`);
  console.log(
    `step                         ours s   rival s   rival/ours   ours MB   rival MB   of our GEMM peak`,
  );
  await withRunner(root, python, async (runner) => {
    for (const equal of cases) if (wanted.includes(equal.shape)) await compare(runner, equal, plan);
  });
}

async function compare(runner: CaseRunner, equal: Equal, plan: Plan): Promise<void> {
  const common = { ...equal, task: 'train', device: 'cpu', steps: Number(values.steps) } as const;
  const threads = Number(values.threads);
  const limit = threads > 0 ? { threads } : {};
  const [ours, rival, peaks]: [Timing[], Timing[], number[]] = [[], [], []];
  for (let round = 0; round < Number(values.rounds); round++) {
    ours.push(await runner.ours({ ...common, ...limit, precision: 'fp32', plan }));
    rival.push(await runner.rival({ ...common, ...limit, precision: values.bf16 ? 'bf16' : 'fp32' }));
    peaks.push(await matrixPeak(threads));
  }
  const [a, b] = [fastest(ours), fastest(rival)];
  const speed = stepFlops({ ...common, precision: 'fp32' }, shapes[equal.shape]) / a.seconds;
  const name = `${equal.shape} ${equal.batch}x${equal.length} dropout ${equal.dropout}`;
  const columns = [
    a.seconds.toFixed(2).padStart(6),
    b.seconds.toFixed(2).padStart(7),
    `${(b.seconds / a.seconds).toFixed(2)}x`.padStart(10),
    a.megabytes.toFixed(0).padStart(7),
    b.megabytes.toFixed(0).padStart(8),
    `${Math.round((100 * speed) / Math.max(...peaks))} % of ${(Math.max(...peaks) / 1e9).toFixed(0)} GFLOP/s`.padStart(
      16,
    ),
  ];
  console.log(`${name.padEnd(28)} ${columns.join('   ')}`);
}

function chosen<T extends string>(option: string, given: string, known: readonly T[]): T {
  const found = known.find((name) => name === given);
  if (found === undefined) throw new Error(`--${option} ${given}: one of ${known.join(', ')} is needed`);
  return found;
}

/** What else the machine does only slows a process down. */
function fastest(timings: readonly Timing[]): Timing {
  return timings.reduce((best, timing) => (timing.seconds < best.seconds ? timing : best));
}

main().catch((error: Error) => {
  console.error(`bench:train: ${error.message}`);
  process.exitCode = 1;
});
