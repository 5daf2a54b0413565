// npm run bench:train -- [--cases e5-small,bert-base] [--steps 3] [--threads N] [--rounds 2] [--bf16]
//   [--plan layer-by-layer | auto] [--size 10x512] [--alone]
// A training step of PyTorch and transformers beside ours: same machine, same run, same encoder, in turn. `auto` leaves the
// plan to the engine, as training does; with --alone the rival stays away.
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
const plans = ['whole-graph', 'layer-by-layer', 'auto'] as const;
type Plan = (typeof plans)[number];
const { values } = parseArgs({
  options: {
    cases: { type: 'string', default: 'e5-small,bert-base,modernbert-base' },
    steps: { type: 'string', default: '3' },
    rounds: { type: 'string', default: '2' },
    threads: { type: 'string', default: '0' },
    bf16: { type: 'boolean', default: false },
    plan: { type: 'string', default: plans[0] },
    size: { type: 'string' },
    alone: { type: 'boolean', default: false },
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
  { shape: 'bert-large', batch: 4, length: 256, dropout: 0.1 },
  { shape: 'mmbert-base', batch: 4, length: 256, dropout: 0 },
];

async function main(): Promise<void> {
  const wanted = values.cases.split(',').map((name) => chosen('cases', name, shapeNames));
  const plan = chosen('plan', values.plan, plans);
  const rivals = values.alone
    ? undefined
    : findPython(root, path.join(root, '.cache'), Number(values.threads));
  const size = values.size === undefined ? {} : sizeOf(values.size);
  const machine = `${os.cpus()[0]!.model}, ${os.cpus().length} cores`;
  console.log(`${machine}; ${rivals?.versions ?? 'alone'}; load ${os.loadavg()[0]!.toFixed(1)}\n`);
  console.log(
    'step                            ours s   rival s   speed (aim)   ours MB   of rival (aim)   of our GEMM peak (aim)   plan',
  );
  const measure = async (runner: CaseRunner): Promise<void> => {
    for (const equal of cases)
      if (wanted.includes(equal.shape)) await compare(runner, { ...equal, ...size }, plan);
  };
  await withRunner(root, measure, rivals);
}

async function compare(runner: CaseRunner, equal: Equal, plan: Plan): Promise<void> {
  const common = { ...equal, task: 'train', device: 'cpu', steps: Number(values.steps) } as const;
  const threads = Number(values.threads);
  const limit = threads > 0 ? { threads } : {};
  const [ours, rival, peaks]: [Timing[], Timing[], number[]] = [[], [], []];
  for (let round = 0; round < Number(values.rounds); round++) {
    const own = plan === 'auto' ? {} : { plan };
    ours.push(await runner.ours({ ...common, ...limit, ...own, precision: 'fp32' }));
    if (!values.alone)
      rival.push(await runner.rival({ ...common, ...limit, precision: values.bf16 ? 'bf16' : 'fp32' }));
    peaks.push(await matrixPeak(threads));
  }
  const a = fastest(ours);
  const b = values.alone ? undefined : fastest(rival);
  const speed = stepFlops({ ...common, precision: 'fp32' }, shapes[equal.shape]) / a.seconds;
  const peak = Math.max(...peaks);
  const name = `${equal.shape} ${equal.batch}x${equal.length} dropout ${equal.dropout}`;
  const speedAim = equal.dropout > 0 && !values.bf16 ? 1.3 : 1;
  const columns = [
    a.seconds.toFixed(2).padStart(6),
    (b?.seconds.toFixed(2) ?? '').padStart(7),
    (b ? `${(b.seconds / a.seconds).toFixed(2)}x (${speedAim}x)` : '').padStart(11),
    a.megabytes.toFixed(0).padStart(7),
    (b ? `${(a.megabytes / b.megabytes).toFixed(2)} (0.5)` : '').padStart(14),
    `${Math.round((100 * speed) / peak)} % of ${(peak / 1e9).toFixed(0)} GFLOP/s (80 %)`.padStart(22),
    a.plan ?? '',
  ];
  console.log(`${name.padEnd(31)} ${columns.join('   ')}`);
}

/** Texts a batch and tokens a text. */
function sizeOf(given: string): { batch: number; length: number } {
  const [, batch, length] = /^(\d+)x(\d+)$/.exec(given) ?? [];
  if (!batch || !length) throw new Error(`--size ${given}: texts and tokens are needed, as in 10x512`);
  return { batch: Number(batch), length: Number(length) };
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
