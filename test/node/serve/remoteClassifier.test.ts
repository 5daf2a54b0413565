import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import type { TokenClassifier } from '../../../src/core/ports';
import type { Encoder } from '../../../src/node/encoder';
import { loadEncoder } from '../../../src/node/encoder';
import { openRemoteModel } from '../../../src/node/serve/remoteModel';
import { exportForTriton } from '../../../src/node/serve/tritonRepository';
import { fingerprint } from '../../../src/node/training/encoderFiles';
import { temporaryFolder } from '../../temporaryFolder';
import { toyFolder } from '../training/toyRun';
import type { StrictOptions } from './strictServer';
import { strictServer } from './strictServer';

describe('an encoder on a server of the open inference protocol', function () {
  this.timeout(60_000);
  const repository = temporaryFolder('repository');
  let toy: string;
  let encoder: string;
  let local: Encoder;
  const served = { name: 'toy', maxBatch: 4, instances: 'cpu', instanceCount: 1 } as const;
  before(async () => {
    toy = toyFolder(4);
    encoder = path.join(toy, 'encoder');
    local = await loadEncoder(encoder, { device: 'cpu', precision: 'fp32' });
    await exportForTriton(encoder, repository, served);
  });
  after(async () => {
    await local.dispose();
    rmSync(toy, { recursive: true, force: true });
  });

  /** Serves the toy, and asks. */
  async function withServer<T>(
    options: Partial<StrictOptions>,
    use: (open: (name?: string) => Promise<TokenClassifier>, shapes: number[][]) => Promise<T>,
  ): Promise<T> {
    const all = { binary: true, maxBatch: 4, config: {}, ...options };
    const server = await strictServer(repository, 'toy', local.labels.length, all);
    const open = async (name = 'toy'): Promise<TokenClassifier> =>
      (await openRemoteModel(encoder, { url: new URL(server.url), name })).predictor.classifier;
    try {
      return await use(open, server.shapes);
    } finally {
      await server.close();
    }
  }

  const texts = [7, 3, 12, 3, 1, 30].map((length) =>
    Int32Array.from({ length }, (_, i) => 2 + ((i * 7) % 60)),
  );

  for (const binary of [true, false])
    it(`answers as the local encoder does, ${binary ? 'in bytes' : 'in JSON'}`, async () => {
      const expected = await local.logits(texts);
      const answers = await withServer({ binary }, async (open) => (await open()).logits(texts));
      assert.deepEqual(
        answers.map(({ length }) => length),
        expected.map(({ length }) => length),
      );
      const differences = answers.flatMap((own, i) => [...own].map((value, k) => value - expected[i]![k]!));
      assert.ok(Math.max(...differences.map(Math.abs)) < 1e-5);
      assert.ok(expected.some((one) => one.some((value) => Math.abs(value) > 0.01)));
    });

  it('asks for no more texts at once than the server says, and for few where it says nothing', async () => {
    const asked = (options: Partial<StrictOptions>): Promise<number[]> =>
      withServer(options, async (open, shapes) => {
        await (await open()).logits(Array.from({ length: 11 }, () => texts[1]!));
        return shapes.map(([batch]) => batch!);
      });
    assert.deepEqual(await asked({}), [4, 4, 3]);
    assert.deepEqual(await asked({ config: undefined, maxBatch: 8 }), [8, 3]);
  });

  it('waits for a server that is busy, and asks again where a connection broke', async () => {
    let count = 0;
    const fault: StrictOptions['fault'] = ({ method }, response) => {
      if (method !== 'POST' || ++count > 2) return false;
      if (count === 1) response.writeHead(503).end();
      else response.destroy();
      return true;
    };
    const answers = await withServer({ fault }, async (open) => (await open()).logits([texts[0]!]));
    assert.equal(count, 3);
    assert.equal(answers[0]!.length, texts[0]!.length * local.labels.length);
  });

  it('refuses a model that was exported from another encoder', async () => {
    const own = await fingerprint(encoder);
    const config = (sha256: string): object => ({
      parameters: { anamnese_sha256: { string_value: sha256 } },
    });
    await withServer({ config: config(own) }, (open) => open());
    await assert.rejects(
      withServer({ config: config('0'.repeat(64)) }, (open) => open()),
      /^Error: http:\/\/127\.0\.0\.1:\d+\/v2\/models\/toy: was exported from another encoder than --model/,
    );
  });

  it('says in one line what the server or the network says', async () => {
    await assert.rejects(
      withServer({}, (open) => open('other')),
      /^Error: http:\S+\/v2\/models\/other: 400 Request for unknown model: GET \/v2\/models\/other$/,
    );
    await assert.rejects(
      withServer({ maxBatch: 2, config: { max_batch_size: 4 } }, async (open) =>
        (await open()).logits([texts[1]!, texts[1]!, texts[1]!]),
      ),
      /\/infer: 400 batch-size must be <= 2$/,
    );
    const url = new URL('http://127.0.0.1:1024/nobody');
    await assert.rejects(
      openRemoteModel(encoder, { url }),
      /^Error: http:\/\/127\.0\.0\.1:1024\/nobody\/v2\/models\/encoder: cannot be reached \(ECONNREFUSED\)$/,
    );
  });

  it('follows no redirection, which could lead to another host', async () => {
    const fault: StrictOptions['fault'] = (_, response) => {
      response.writeHead(307, { Location: 'http://192.0.2.1/' }).end();
      return true;
    };
    await assert.rejects(
      withServer({ fault }, (open) => open()),
      /cannot be reached \(unexpected redirect\)$/,
    );
  });

  it('never sends what the encoder could not read', async () => {
    await withServer({}, async (open, shapes) => {
      const remote = await open();
      await assert.rejects(remote.logits([Int32Array.of(5000)]), /outside the vocabulary/);
      assert.deepEqual(shapes, []);
    });
  });

  it('leaves a model alone that a repository has already, and takes no name that is no folder’s', async () => {
    const config = path.join(repository, 'toy', 'config.pbtxt');
    const before = readFileSync(config, 'utf8');
    await assert.rejects(exportForTriton(encoder, repository, served), /toy: is there already/);
    assert.equal(readFileSync(config, 'utf8'), before);
    await assert.rejects(exportForTriton(encoder, repository, { ...served, name: '../toy' }), /give --name/);
    await assert.rejects(
      exportForTriton(toy, repository, { ...served, name: 'x' }),
      /config\.json: is missing/,
    );
    assert.ok(!existsSync(path.join(repository, 'x')) && !existsSync(path.join(repository, '.x.partial')));
  });

  it('larger than one ONNX file can be is exported with its weights beside the model', async () => {
    const large = temporaryFolder('large');
    // As if such a file could hold no weights at all.
    await exportForTriton(encoder, large, served, 2 ** 24);
    const version = path.join(large, 'toy', '1');
    assert.deepEqual(readdirSync(version).sort(), ['model.onnx', 'model.onnx.data']);
    const [model, data] = ['model.onnx', 'model.onnx.data'].map(
      (name) => statSync(path.join(version, name)).size,
    );
    const whole = statSync(path.join(repository, 'toy', '1', 'model.onnx')).size;
    assert.ok(model! < whole / 2 && model! + data! > whole, `${model} and ${data} of ${whole}`);
    const session = await InferenceSession.create(path.join(version, 'model.onnx'));
    const ids = BigInt64Array.from(texts[0]!, BigInt);
    const tensor = (values: BigInt64Array): Tensor => new Tensor('int64', values, [1, values.length]);
    const feeds = { input_ids: tensor(ids), attention_mask: tensor(ids.map(() => 1n)) };
    const { logits } = await session.run(feeds);
    const [expected] = await local.logits([texts[0]!]);
    const answer = logits!.data as Float32Array;
    assert.equal(answer.length, expected!.length);
    assert.ok(answer.every((value, i) => Math.abs(value - expected![i]!) < 1e-5));
    await session.release();
  });
});
