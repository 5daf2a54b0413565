import assert from 'node:assert/strict';
import type {
  AnyTensor,
  CompileOptions,
  Device,
  ResidentTensor,
  Runtime,
  TensorValue,
} from '../../../../../src/core/ports';
import { isResident } from '../../../../../src/core/ports';
import type { StateTensor } from '../../../../../src/core/train/engine';
import { DeviceParameters } from '../../../../../src/core/train/engine/parameters/deviceParameters';
import { io } from '../../../../../src/core/train/graphs/trainingGraph';
import { updated, vectors } from '../../../../../src/core/train/graphs/optimiserGraphs';

/** A device that copies vectors and counts how many elements came and went. */
class CopyingDevice implements Runtime {
  uploaded: number[] = [];
  downloaded: number[] = [];
  held = 0;

  compile = (_model?: Uint8Array, _device?: Device, { resident = [] }: CompileOptions = {}) =>
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
        const outputs: Record<string, ResidentTensor> = {};
        for (const [name, tensor] of Object.entries(feeds)) {
          if (!isResident(tensor)) this.uploaded.push(tensor.data.length);
          const output = name === vectors.x ? vectors.y : updated(name);
          if (resident.includes(output)) outputs[output] = this.copy(tensor);
        }
        return Promise.resolve(outputs);
      },
      dispose: () => Promise.resolve(),
    });

  copy(tensor: AnyTensor): ResidentTensor {
    const { data } = (isResident(tensor) ? tensor.resident : tensor) as { readonly data: Float32Array };
    this.held++;
    return {
      ...{ type: 'float32', dims: tensor.dims, resident: { data: data.slice() } },
      dispose: () => void this.held--,
    };
  }
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

  it('are moved with one upload for all that learn alike, and one for their averages', async () => {
    const device = new CopyingDevice();
    const kinds = ['slow', 'fast', 'slow', 'fast', 'frozen'];
    const packs = kinds.map((kind, i) => {
      const members = [{ name: `${kind}.${i}`, shape: [2] }];
      return { name: `pack.${i}`, shape: [2], pieces: members };
    });
    const rates: Record<string, number> = { slow: 1, fast: 2, frozen: 0 };
    const store = await DeviceParameters.create(
      packs,
      () => new Float32Array(2),
      { ...options, parameter: (name) => ({ rate: rates[name.split('.')[0]!]!, decay: 0 }) },
      { runtime: device, device: 'webgpu' },
    );
    const before = device.held;
    const gradients = packs.map(({ name }): [string, TensorValue] => [
      io.gradient(name),
      { type: 'float32', dims: [2], data: Float32Array.of(1, 2) },
    ]);
    const session = {
      ...(await device.compile()),
      runResident: () =>
        Promise.resolve(Object.fromEntries(gradients.map(([name, value]) => [name, device.copy(value)]))),
    };
    const graph = { model: new Uint8Array(), inputs: [], outputs: [], parameters: packs };
    await store.backward({ session, graph }, {}, (name) => name);
    device.uploaded = [];
    await store.update({ update: 1, learningRate: 0.1, gradientScale: 1 });
    assert.deepEqual(device.uploaded, [4, 1, 4]);
    assert.equal(device.held, before, 'what was replaced, gradients and numbers are let go');
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
