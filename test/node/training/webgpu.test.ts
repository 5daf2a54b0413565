import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { softwareVulkan } from '../softwareVulkan';
import { dropping, engineFor } from './engineProbe';
import { readTrainingOracle } from './trainingOracle';
import type { WebgpuReport } from './webgpuRun';

const script = path.join(import.meta.dirname, 'webgpuRun.ts');

describe('training on WebGPU, in software', function () {
  this.timeout(300_000);
  const vulkan = softwareVulkan();
  if ('missing' in vulkan) {
    it.skip(`left out: ${vulkan.missing}`);
    return;
  }

  const run = async (...argv: readonly [name: string, plan: string, task: string]): Promise<WebgpuReport> => {
    const options = { env: vulkan.env };
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--import', 'tsx', script, ...argv],
      options,
    );
    return JSON.parse(stdout) as WebgpuReport;
  };

  for (const [name, plan] of [
    ['bert', 'whole-graph'],
    ['modernbert', 'layer-by-layer'],
  ] as const)
    it(`computes PyTorch’s gradients and goes its first steps: ${name}, ${plan}`, async () => {
      const { deviations } = await run(name, plan, 'steps');
      assert.ok(deviations!.filter(({ what }) => what.startsWith('gradient')).length > 20);
      for (const { what, error } of deviations!) assert.ok(error < 1e-3, `${what}: ${error}`);
    });

  it('drops what the CPU drops, and is restored bit by bit', async () => {
    const { loss, restored } = await run('bert', 'layer-by-layer', 'state');
    const engine = await engineFor('bert', 'layer-by-layer', 'cpu', dropping);
    const expected = await engine.accumulate(readTrainingOracle('bert').examples, 1);
    await engine.dispose();
    assert.ok(Math.abs(loss! / expected - 1) < 1e-4, `${loss}, ${expected}`);
    assert.ok(restored);
  });
});
