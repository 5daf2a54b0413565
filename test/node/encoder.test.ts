import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Device, Runtime, Session } from '../../src/core/ports';
import { loadEncoder } from '../../src/node/encoder';
import { DeviceError, onnxRuntime } from '../../src/node/onnxRuntime';
import { encoderPath, readOracle } from './oracleEncoders';

const cpu = onnxRuntime({ threads: 1 });

/** A runtime whose accelerator is the CPU in disguise, and fails when told. */
function pretending(device: Device, fails: { compile?: boolean; run?: (run: number) => boolean }): Runtime {
  return {
    compile: async (model, wanted, weightsFolder) => {
      if (wanted !== device) return cpu.compile(model, wanted, weightsFolder);
      if (fails.compile) throw new DeviceError(device, 'no adapter');
      const session = await cpu.compile(model, 'cpu', weightsFolder);
      let runs = 0;
      const run: Session['run'] = (feeds) => {
        if (fails.run?.(runs++)) return Promise.reject(new DeviceError(device, 'lost'));
        return session.run(feeds);
      };
      return { ...session, device, run };
    },
  };
}

function assertClose(actual: Float32Array[], expected: number[]): void {
  const values = actual.flatMap((text) => [...text]);
  assert.equal(values.length, expected.length);
  values.forEach((value, i) => assert.ok(Math.abs(value - expected[i]!) < 1e-4));
}

describe('encoder', () => {
  const { ids, logits } = readOracle('modernbert');
  const folder = encoderPath('modernbert');

  it('computes texts of several lengths on the CPU', async () => {
    const encoder = await loadEncoder(folder, { device: 'auto', precision: 'fp32', runtime: cpu });
    assert.deepEqual([encoder.device, encoder.precision, encoder.labels[1]], ['cpu', 'fp32', 'Problema']);
    assertClose(await encoder.logits(ids), logits);
    assert.deepEqual(await encoder.logits([]), []);
    await encoder.dispose();
  });

  it('answers in eight bits by default, the same for a text whatever its neighbours', async () => {
    const encoder = await loadEncoder(encoderPath('bert'), { device: 'auto', runtime: cpu });
    assert.equal(encoder.precision, 'int8');
    const texts = readOracle('bert').ids;
    const [together, alone] = [await encoder.logits(texts), await encoder.logits([texts[1]!])];
    assert.deepEqual(together[1], alone[0]);
    await encoder.dispose();
  });

  it('answers for texts of one, two and three tokens, eight bits near single precision', async () => {
    const texts = [Int32Array.of(2), Int32Array.of(2, 3), Int32Array.of(2, 7, 3)];
    const [eight, single] = await Promise.all(
      (['int8', 'fp32'] as const).map(async (precision) => {
        const encoder = await loadEncoder(encoderPath('bert'), { device: 'cpu', precision, runtime: cpu });
        const answers = (await encoder.logits(texts)).map((text) => [...text]);
        await encoder.dispose();
        return answers;
      }),
    );
    assert.deepEqual(
      eight!.map((text) => text.length),
      [5, 10, 15],
    );
    const [values, exact] = [eight!.flat(), single!.flat()];
    const error = Math.hypot(...values.map((value, i) => value - exact[i]!)) / Math.hypot(...exact);
    assert.ok(error < 0.06, `${error}`);
  });

  it('reads weights where links lead, as in a download cache', async () => {
    const cache = mkdtempSync(join(tmpdir(), 'anamnese-links-'));
    try {
      const [blobs, snapshot] = [join(cache, 'blobs'), join(cache, 'snapshot')];
      [blobs, snapshot].forEach((path) => mkdirSync(path));
      copyFileSync(join(folder, 'model.safetensors'), join(blobs, 'f00'));
      symlinkSync(join('..', 'blobs', 'f00'), join(snapshot, 'model.safetensors'));
      copyFileSync(join(folder, 'config.json'), join(snapshot, 'config.json'));
      const encoder = await loadEncoder(snapshot, { device: 'cpu', precision: 'fp32', runtime: cpu });
      assertClose(await encoder.logits(ids), logits);
      await encoder.dispose();
    } finally {
      rmSync(cache, { recursive: true });
    }
  });

  it('answers in single precision by default for ModernBERT', async () => {
    const encoder = await loadEncoder(folder, { device: 'auto', runtime: cpu });
    assert.equal(encoder.precision, 'fp32');
    await encoder.dispose();
  });

  it('pads a batch on an accelerator', async () => {
    const notices: string[] = [];
    const runtime = pretending('webgpu', {});
    const encoder = await loadEncoder(folder, {
      device: 'webgpu',
      runtime,
      onNotice: (text) => notices.push(text),
    });
    assert.deepEqual([encoder.device, encoder.precision], ['webgpu', 'fp32']);
    assertClose(await encoder.logits(ids), logits);
    assert.deepEqual(notices, []);
    await encoder.dispose();
  });

  const failures = {
    compiling: { compile: true },
    'the first run': { run: (run: number) => run === 0 },
    'a later run': { run: (run: number) => run === 1 },
  };
  for (const [when, fails] of Object.entries(failures)) {
    it(`gives way to the CPU when the device fails in ${when}`, async () => {
      const notices: string[] = [];
      const encoder = await loadEncoder(folder, {
        device: 'cuda',
        precision: 'fp32',
        runtime: pretending('cuda', fails),
        onNotice: (text) => notices.push(text),
      });
      assertClose(await encoder.logits(ids), logits);
      assert.equal(encoder.device, 'cpu');
      assert.equal(notices.length, 1);
      assert.match(
        notices[0]!,
        /^The device "cuda" failed, so the encoder runs on the CPU \((no adapter|lost)\)\.$/,
      );
      await encoder.dispose();
    });
  }

  it('gives way to the CPU where the real device is missing', async () => {
    const device = process.platform === 'win32' ? 'coreml' : 'dml';
    const notices: string[] = [];
    const encoder = await loadEncoder(folder, { device, onNotice: (text) => notices.push(text) });
    assert.equal(encoder.device, 'cpu');
    assert.equal(notices.length, 1);
    await encoder.dispose();
  });

  it('refuses token ids and lengths that the encoder does not have', async () => {
    const encoder = await loadEncoder(folder, { device: 'cpu', runtime: cpu });
    await assert.rejects(encoder.logits([Int32Array.of(120)]), /outside the vocabulary of 120/);
    await assert.rejects(encoder.logits([Int32Array.of(-1)]), RangeError);
    await assert.rejects(encoder.logits([new Int32Array(41)]), /41 tokens: the encoder reads 1 to 40/);
    await encoder.dispose();
  });

  it('refuses a checkpoint without a head', async () => {
    const options = { device: 'cpu', runtime: cpu } as const;
    await assert.rejects(loadEncoder(encoderPath('bert-masked-lm'), options), /no token classification head/);
  });
});
