import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { softwareVulkan } from '../softwareVulkan';
import { dropping, engineFor } from './engineProbe';
import { maskedLosses, readMaskedOracle } from './maskedOracle';
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

  it('learns to guess hidden tokens as PyTorch and the CPU do', async () => {
    const { losses } = await run('bert-masked-lm', 'whole-graph', 'masked');
    const expected = await maskedLosses('bert-masked-lm', 'whole-graph', 'cpu', 2);
    const oracle = readMaskedOracle('bert-masked-lm').losses;
    assert.equal(losses!.length, 2);
    losses!.forEach((loss, step) => {
      assert.ok(Math.abs(loss / expected[step]! - 1) < 1e-4, `step ${step}: ${loss}, ${expected[step]}`);
      assert.ok(Math.abs(loss / oracle[step]! - 1) < 1e-4, `step ${step}: ${loss}, ${oracle[step]}`);
    });
    assert.notEqual(losses![0], losses![1], 'the update has moved the weights');
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
