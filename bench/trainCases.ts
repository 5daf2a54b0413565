import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { bundle } from './bundle';
import type { RivalPython } from './torchPython';
import type { Case, Timing } from './trainShapes';

const run = promisify(execFile);

/** Gives a runner to `use`, and takes away the encoders that it wrote. */
export async function withRunner(
  root: string,
  use: (runner: CaseRunner) => Promise<void>,
  python?: RivalPython,
): Promise<void> {
  const work = await mkdtemp(path.join(os.tmpdir(), 'anamnese-bench-'));
  try {
    await bundle(root, 'trainProcess.ts', path.join(work, 'trainProcess.cjs'));
    await use(new CaseRunner(root, work, python));
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** Runs cases, ours and PyTorch's, each in a process of its own. */
export class CaseRunner {
  constructor(
    private readonly root: string,
    private readonly work: string,
    private readonly python: RivalPython | undefined,
  ) {}

  /** @throws Error with what the process said, where it failed */
  async ours(measured: Case): Promise<Timing> {
    const script = path.join(this.work, 'trainProcess.cjs');
    const env = { ...process.env, NODE_PATH: path.join(this.root, 'node_modules') };
    return this.timing(process.execPath, script, measured, env);
  }

  async rival(measured: Case): Promise<Timing> {
    if (!this.python) throw new Error('no rival was found');
    const script = path.join(this.root, 'bench', 'rivals', 'train.py');
    return this.timing(this.python.program, script, measured, this.python.env);
  }

  private async timing(
    program: string,
    script: string,
    measured: Case,
    env: NodeJS.ProcessEnv,
  ): Promise<Timing> {
    const folder = path.join(this.work, `${measured.shape}-${measured.dropout}-${measured.layers ?? ''}`);
    const { stdout } = await run(program, [script, folder, JSON.stringify(measured)], {
      env,
      maxBuffer: 2 ** 26,
    });
    return JSON.parse(stdout.trim().split('\n').at(-1)!) as Timing;
  }
}

/** Floating-point operations of a step's matrix products: forward, and twice that on the way back. */
export function stepFlops(
  { batch, length, task }: Case,
  shape: { hidden_size: number; num_hidden_layers: number; intermediate_size: number; model_type: string },
): number {
  const { hidden_size: width, num_hidden_layers: layers, intermediate_size: inner } = shape;
  const perceptron = (shape.model_type === 'bert' ? 2 : 3) * width * inner;
  const perToken = 2 * (4 * width * width + perceptron) + 4 * length * width;
  return batch * length * layers * perToken * (task === 'train' ? 3 : 1);
}
