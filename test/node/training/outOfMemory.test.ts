import assert from 'node:assert/strict';
import { TrainingError } from '../../../src/core/train/trainingError';
import { advised, isOutOfMemory } from '../../../src/node/training/outOfMemory';

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

describe('that memory ran out', () => {
  const outOfMemory: readonly (string | Error)[] = [
    'std::bad_alloc',
    'bad allocation',
    'bfc_arena.cc:376 Failed to allocate memory for requested buffer of size 939524096',
    'FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory',
    'mmap: Cannot allocate memory',
    'spawn ENOMEM',
    Object.assign(new Error('read failed'), { code: 'ENOMEM' }),
    'vkAllocateMemory failed with VK_ERROR_OUT_OF_DEVICE_MEMORY',
    'D3D12 create committed resource failed with E_OUTOFMEMORY (0x8007000E)',
    'WebGPU device error(OutOfMemory): ',
    'WebGPU device lost (1): the GPU device was removed',
    'the device is lost',
    'Buffer size (3185049600) exceeds the max buffer size limit (1073741824).',
    new RangeError('Invalid typed array length: 100000000000'),
    new RangeError('Array buffer allocation failed'),
    'CUDA failure 2: OOM',
  ];
  for (const said of outOfMemory)
    it(`is heard in ${String(said)}`, () =>
      assert.ok(isOutOfMemory(typeof said === 'string' ? new Error(said) : said)));

  const another: readonly unknown[] = [
    '/data/oom/notes.jsonl: cannot be read (ENOENT)',
    'bedroom.txt: not a text file',
    new RangeError('Invalid typed array length: -1'),
    'WebGPU device lost (2): the device was destroyed',
    'no graphics device was found',
    Object.assign(new Error('no space left on device'), { code: 'ENOSPC' }),
    new TrainingError('settings', 'allocation failed'),
  ];
  for (const said of another)
    it(`is not heard in ${String(said)}`, () =>
      assert.equal(isOutOfMemory(typeof said === 'string' ? new Error(said) : said), false));
  it('is not heard in what is no error', () => assert.equal(isOutOfMemory('std::bad_alloc'), false));

  it('is what the engines of Node say themselves', () => {
    const thrown = (work: () => unknown): unknown => {
      try {
        return work();
      } catch (error) {
        return error;
      }
    };
    assert.ok(isOutOfMemory(thrown(() => new Float32Array(2 ** 40))));
    assert.ok(!isOutOfMemory(thrown(() => new Float32Array(-1))));
  });
});
