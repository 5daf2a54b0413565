// npm run bench:train -- [--cases e5-small,bert-base] [--steps 3] [--threads N] [--rounds 2] [--bf16]
// A training step of PyTorch and transformers beside ours: same machine, same run, same encoder, in turn.
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { matrixPeak } from './matrixPeak';
import { findPython } from './torchPython';
import { CaseRunner, stepFlops } from './trainCases';
import type { Case, Timing } from './trainShapes';
import { shapes } from './trainShapes';

const root = path.join(__dirname, '..');
const { values } = parseArgs({
  options: {
    cases: { type: 'string', default: 'e5-small,bert-base,modernbert-base' },
    steps: { type: 'string', default: '3' },
    rounds: { type: 'string', default: '2' },
    threads: { type: 'string', default: '0' },
    bf16: { type: 'boolean', default: false },
    plan: { type: 'string', default: 'whole-graph' },
  },
});

type Equal = Pick<Case, 'shape' | 'batch' | 'length' | 'dropout'>;

const cases: readonly Equal[] = [
  { shape: 'e5-small', batch: 8, length: 256, dropout: 0.1 },
  { shape: 'e5-small', batch: 8, length: 256, dropout: 0 },
  { shape: 'bert-base', batch: 4, length: 256, dropout: 0.1 },
  { shape: 'bert-base', batch: 4, length: 256, dropout: 0 },
  { shape: 'modernbert-base', batch: 4, length: 256, dropout: 0 },
];

async function main(): Promise<void> {
  const work = await mkdtemp(path.join(os.tmpdir(), 'anamnese-bench-'));
  const python = findPython(root, path.join(root, '.cache'), Number(values.threads));
  console.log(
    `${os.cpus()[0]!.model}, ${os.cpus().length} cores; ${python.versions}; load ${os.loadavg()[0]!.toFixed(1)}`,
  );
  const runner = await CaseRunner.create(root, work, python);
  const wanted = values.cases.split(',');
  console.log(
    `\nstep                         ours s   rival s   rival/ours   ours MB   rival MB   of our GEMM peak`,
  );
  try {
    for (const equal of cases) if (wanted.includes(equal.shape)) await compare(runner, equal);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function compare(runner: CaseRunner, equal: Equal): Promise<void> {
  const common = { ...equal, task: 'train', device: 'cpu', steps: Number(values.steps) } as const;
  const threads = Number(values.threads);
  const limit = threads > 0 ? { threads } : {};
  const [ours, rival, peaks]: [Timing[], Timing[], number[]] = [[], [], []];
  for (let round = 0; round < Number(values.rounds); round++) {
    ours.push(
      await runner.ours({ ...common, ...limit, precision: 'fp32', plan: values.plan as 'whole-graph' }),
    );
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

/** What else the machine does only slows a process down. */
function fastest(timings: readonly Timing[]): Timing {
  return timings.reduce((best, timing) => (timing.seconds < best.seconds ? timing : best));
}

void main();
