// npm run bench:growth -- [--shape e5-small] [--steps 3] [--threads N] [--plan layer-by-layer]
// What a training step takes as its batch, its texts and its encoder grow, by the token and the layer.
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { withRunner } from './trainCases';
import type { Case, ShapeName } from './trainShapes';
import { shapes } from './trainShapes';

const { values } = parseArgs({
  options: {
    shape: { type: 'string', default: 'e5-small' },
    steps: { type: 'string', default: '3' },
    threads: { type: 'string', default: '0' },
    plan: { type: 'string', default: 'whole-graph' },
  },
});

/** Series in which one thing grows: texts a batch, tokens a text, layers. */
const series = [
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
  if (!(shape in shapes)) throw new Error(`--shape: one of ${Object.keys(shapes).join(', ')} is needed`);
  const machine = `${os.cpus()[0]!.model}, ${os.cpus().length} cores`;
  console.log(`${machine}; load ${os.loadavg()[0]!.toFixed(1)}; ${shape}, ${values.plan}\n`);
  const threads = Number(values.threads);
  const common: Omit<Case, 'batch' | 'length'> = {
    shape,
    task: 'train',
    dropout: 0.1,
    device: 'cpu',
    precision: 'fp32',
    steps: Number(values.steps),
    plan: values.plan as 'whole-graph' | 'layer-by-layer',
    ...(threads > 0 && { threads }),
  };
  await withRunner(path.join(__dirname, '..'), async (runner) => {
    for (const cases of series) {
      console.log('batch   tokens   layers   step s   µs a token and layer   peak MB');
      for (const grown of cases) {
        const { seconds, megabytes } = await runner.ours({ ...common, ...grown });
        const each = (seconds * 1e6) / (grown.batch * grown.length * grown.layers);
        const columns = [grown.batch, grown.length, grown.layers, seconds.toFixed(3)];
        const [batch, tokens, layers, step] = columns.map(String);
        console.log(
          `${batch!.padStart(5)}   ${tokens!.padStart(6)}   ${layers!.padStart(6)}   ${step!.padStart(6)}   ${each.toFixed(1).padStart(20)}   ${megabytes.toFixed(0).padStart(7)}`,
        );
      }
      console.log('');
    }
  });
}

main().catch((error: Error) => {
  console.error(`bench:growth: ${error.message}`);
  process.exitCode = 1;
});
