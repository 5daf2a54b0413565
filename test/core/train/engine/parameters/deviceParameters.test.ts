import assert from 'node:assert/strict';
import type { AnyTensor, ResidentTensor, Runtime, TensorValue } from '../../../../../src/core/ports';
import { isResident } from '../../../../../src/core/ports';
import type { StateTensor } from '../../../../../src/core/train/engine';
import { DeviceParameters } from '../../../../../src/core/train/engine/parameters/deviceParameters';
import { vectors } from '../../../../../src/core/train/graphs/optimiserGraphs';

/** A device that copies vectors and counts how many elements came and went. */
class CopyingDevice implements Runtime {
  uploaded: number[] = [];
  downloaded: number[] = [];
  held = 0;

  compile = () =>
    Promise.resolve({
      device: 'webgpu' as const,
      run: (feeds: Readonly<Record<string, AnyTensor>>) => {
        const x = feeds[vectors.x]!;
        assert.ok(isResident(x));
        const { data } = x.resident as { readonly data: Float32Array };
        this.downloaded.push(data.length);
        return Promise.resolve({ [vectors.y]: { type: 'float32' as const, dims: x.dims, data } });
      },
      runResident: (feeds: Readonly<Record<string, AnyTensor>>) => {
        const x = feeds[vectors.x] as TensorValue;
        this.uploaded.push(x.data.length);
        this.held++;
        const y: ResidentTensor = {
          ...{ type: 'float32', dims: x.dims, resident: { data: (x.data as Float32Array).slice() } },
          dispose: () => void this.held--,
        };
        return Promise.resolve({ [vectors.y]: y });
      },
      dispose: () => Promise.resolve(),
    });
}

const pieces = ['a', 'b', 'c'].map((name, i) => ({ name, shape: [i + 1, 2] }));
const pack = { name: 'pack.0', shape: [12], pieces };
const options = {
  ...{ beta1: 0.9, beta2: 0.999, epsilon: 1e-8, averageDecay: 0.9 },
  parameter: () => ({ rate: 1, decay: 0 }),
};

/** Of pieces and kinds, each with values of its own. */
function stateOf(): StateTensor[] {
  return (['weight', 'mean', 'variance', 'average'] as const).flatMap((kind, k) =>
    pieces.map(({ name, shape }, p) => {
      const values = Float32Array.from({ length: shape[0]! * 2 }, (_, i) => 100 * k + 10 * p + i);
      return { name, kind, shape, values };
    }),
  );
}

describe('parameters on a device', () => {
  for (const [order, arrange] of [
    ['as a state lists them', (state: StateTensor[]) => state],
    [
      'in any order',
      (state: StateTensor[]) =>
        state
          .filter((_, i) => i % 5 < 2)
          .concat(state.filter((_, i) => i % 5 >= 2))
          .reverse(),
    ],
  ] as const)
    it(`are restored with one upload a pack and kind, and nothing fetched, ${order}`, async () => {
      const device = new CopyingDevice();
      const read = (name: string) =>
        new Float32Array(pieces.find((piece) => piece.name === name)!.shape[0]! * 2);
      const store = await DeviceParameters.create([pack], read, options, {
        runtime: device,
        device: 'webgpu',
      });
      const before = device.held;
      device.uploaded = [];
      for (const tensor of arrange(stateOf())) await store.restore(tensor);
      assert.deepEqual(device.uploaded, [12, 12, 12, 12]);
      assert.deepEqual(device.downloaded, []);
      assert.equal(device.held, before, 'what was replaced is let go');
      const found: StateTensor[] = [];
      for await (const tensor of store.state()) found.push({ ...tensor, values: tensor.values.slice() });
      assert.deepEqual(found, stateOf());
    });

  it('refuse a tensor that they do not hold', async () => {
    const device = new CopyingDevice();
    const read = (name: string) =>
      new Float32Array(pieces.find((piece) => piece.name === name)!.shape[0]! * 2);
    const store = await DeviceParameters.create([pack], read, options, { runtime: device, device: 'webgpu' });
    const [first] = stateOf();
    await assert.rejects(
      store.restore({ ...first!, name: 'd' }),
      /^Error: d \(weight\) is not trained here$/,
    );
  });
});
