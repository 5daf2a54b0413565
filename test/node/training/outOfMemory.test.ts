import assert from 'node:assert/strict';
import { TrainingError } from '../../../src/core/train/trainingError';
import { advised } from '../../../src/node/training/outOfMemory';

describe('advice where memory runs out', () => {
  const failed = async (plan: string | undefined): Promise<string> => {
    const work = Promise.reject(new Error('Failed to allocate memory for requested buffer'));
    const error: unknown = await advised(work, () => plan).catch((caught: unknown) => caught);
    assert.ok(error instanceof TrainingError && error.failure === 'memory');
    return error.message;
  };

  for (const plan of ['whole-graph', undefined])
    it(`names the plan that takes less where ${plan ?? 'no plan that is known'} ran`, async () =>
      assert.match(await failed(plan), /--batch.*--max-length, or --plan layer-by-layer$/));

  it('names no plan where the one that takes least ran already', async () =>
    assert.match(await failed('layer-by-layer'), /--batch.*or a smaller --max-length$/));
});
