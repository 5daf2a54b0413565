// npm run bench:growth -- [--shape e5-small] [--steps 3] [--threads N] [--plan layer-by-layer]
// What a training step takes as its batch, its texts and its encoder grow, by the token and the layer.
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { withRunner } from './trainCases';
import type { Case, ShapeName, Timing } from './trainShapes';
import { shapes } from './trainShapes';

const { values } = parseArgs({
  options: {
    shape: { type: 'string', default: 'e5-small' },
    steps: { type: 'string', default: '3' },
    threads: { type: 'string', default: '0' },
    plan: { type: 'string', default: 'whole-graph' },
  },
});

const plans = ['whole-graph', 'layer-by-layer'] as const;

type Grown = Pick<Case, 'batch' | 'length'> & { readonly layers: number };

/** Series in which one thing grows: texts a batch, tokens a text, layers. */
const series: readonly (readonly Grown[])[] = [
  [
    { batch: 2, length: 128, layers: 12 },
    { batch: 4, length: 128, layers: 12 },
    { batch: 8, length: 128, layers: 12 },
    { batch: 16, length: 128, layers: 12 },
  ],
  [
    { batch: 8, length: 64, layers: 12 },
    { batch: 8, length: 128, layers: 12 },
    { batch: 8, length: 256, layers: 12 },
    { batch: 8, length: 512, layers: 12 },
  ],
  [
    { batch: 8, length: 128, layers: 6 },
    { batch: 8, length: 128, layers: 12 },
    { batch: 8, length: 128, layers: 24 },
  ],
];

async function main(): Promise<void> {
  const shape = values.shape as ShapeName;
  const plan = plans.find((name) => name === values.plan);
  if (!plan) throw new Error(`--plan: one of ${plans.join(', ')} is needed`);
  if (!(shape in shapes)) throw new Error(`--shape: one of ${Object.keys(shapes).join(', ')} is needed`);
  const machine = `${os.cpus()[0]!.model}, ${os.cpus().length} cores`;
  console.log(`${machine}; load ${os.loadavg()[0]!.toFixed(1)}; ${shape}, ${plan}\n`);
  const threads = Number(values.threads);
  const common: Omit<Case, 'batch' | 'length'> = {
    shape,
    task: 'train',
    dropout: 0.1,
    device: 'cpu',
    precision: 'fp32',
    steps: Number(values.steps),
    plan,
    ...(threads > 0 && { threads }),
  };
  await withRunner(path.join(__dirname, '..'), async (runner) => {
    for (const cases of series) {
      console.log('batch   tokens   layers   step s   µs a token and layer   peak MB');
      for (const grown of cases) {
        const timing = await runner.ours({ ...common, ...grown });
        print(grown, timing);
      }
      console.log('');
    }
  });
}

function print({ batch, length, layers }: Grown, { seconds, megabytes }: Timing): void {
  const each = (seconds * 1e6) / (batch * length * layers);
  const columns = [
    String(batch).padStart(5),
    String(length).padStart(6),
    String(layers).padStart(6),
    seconds.toFixed(3).padStart(6),
    each.toFixed(1).padStart(20),
    megabytes.toFixed(0).padStart(7),
  ];
  console.log(columns.join('   '));
}

main().catch((error: Error) => {
  console.error(`bench:growth: ${error.message}`);
  process.exitCode = 1;
});
