import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Device } from '../../../src/core/ports';
import type { OptimiserOptions, StateTensor } from '../../../src/core/train/engine';
import type { MaskedExample, MaskedLanguageEngine } from '../../../src/core/train/maskedLanguageEngine';
import { savedName } from '../../../src/core/encoder/weightNames';
import { openSafetensors } from '../../../src/node/checkpoint/safetensors';
import type { MaskedLanguageEngineOptions } from '../../../src/node/training/engineFactory';
import { createMaskedLanguageEngine } from '../../../src/node/training/engineFactory';
import { encoderPath } from '../oracleEncoders';
import { readMaskedOracle } from './maskedOracle';
import { learningRate, maxGradientNorm, optimiser, relativeError } from './trainingOracle';

const device = (process.env['ANAMNESE_TEST_DEVICE'] ?? 'cpu') as Device;
const dropout = { embeddings: 0, attention: 0, hidden: 0, classifier: 0 };
const names = ['bert-masked-lm', 'modernbert-masked-lm'] as const;
/** The vocabulary of 120 words in one block, and in three. */
const plans = [
  ['whole-graph', 120],
  ['whole-graph', 50],
  ['layer-by-layer', 50],
] as const;
/** A softmax does not change when all its scores do: the gradient is rounding error, which Adam scales up. */
const withoutGradient = /attention\.self\.key\.bias/;

/**
 * The norm of the difference over that of what is expected. Adam moves a weight whose gradient is all rounding error as
 * far as any other: one such among a thousand (PyTorch's two attentions disagree about it too) says nothing of the rest.
 */
function relativeNorm(actual: Float32Array, expected: Float32Array): number {
  assert.equal(actual.length, expected.length);
  const squares = (of: (value: number, i: number) => number) =>
    expected.reduce((sum, value, i) => sum + of(value, i) ** 2, 0);
  return Math.sqrt(squares((value, i) => value - actual[i]!) / squares((value) => value));
}

const open = (
  name: string,
  options: Partial<MaskedLanguageEngineOptions> = {},
): Promise<MaskedLanguageEngine> =>
  createMaskedLanguageEngine(encoderPath(name), {
    device,
    optimiser,
    dropout,
    seed: 1,
    plan: 'whole-graph',
    threads: 1,
    ...options,
  });

async function stateOf(engine: MaskedLanguageEngine): Promise<Map<string, StateTensor>> {
  const tensors = new Map<string, StateTensor>();
  for await (const tensor of engine.state())
    tensors.set(`${tensor.kind} ${tensor.name}`, { ...tensor, values: tensor.values.slice() });
  return tensors;
}

async function* listed(tensors: Iterable<StateTensor>): AsyncGenerator<StateTensor> {
  yield* tensors;
}

async function weightsOf(engine: MaskedLanguageEngine): Promise<Map<string, Float32Array>> {
  const state = [...(await stateOf(engine)).values()].filter(({ kind }) => kind === 'weight');
  return new Map(state.map(({ name, values }) => [name, values]));
}

describe('masked language modelling beside PyTorch', () => {
  for (const name of names) {
    for (const [plan, blockWords] of plans) {
      it(`${name}, ${plan}, blocks of ${blockWords}: every gradient`, async () => {
        const oracle = readMaskedOracle(name);
        const engine = await open(name, { plan, blockWords });
        await engine.accumulate(oracle.examples, 0);
        await engine.update({ learningRate: 0, maxGradientNorm: Infinity });
        const state = await stateOf(engine);
        for (const weight of oracle.names.filter((key) => !withoutGradient.test(key))) {
          // The first mean that Adam keeps is so much of the gradient.
          const gradient = state.get(`mean ${weight}`)!.values.map((mean) => mean / (1 - optimiser.beta1));
          const error = relativeError(gradient, oracle.gradient(weight));
          assert.ok(error < 1e-3, `${weight}: ${error}`);
        }
        await engine.dispose();
      });

      it(`${name}, ${plan}, blocks of ${blockWords}: ten losses, gradient norms and the final weights`, async () => {
        const oracle = readMaskedOracle(name);
        const engine = await open(name, { plan, blockWords });
        for (let step = 0; step < oracle.losses.length; step++) {
          const loss = await engine.accumulate(oracle.examples, step);
          const norm = await engine.update({ learningRate: learningRate(step), maxGradientNorm });
          assert.ok(
            Math.abs(loss - oracle.losses[step]!) < 1e-4 * oracle.losses[step]!,
            `loss ${step}: ${loss}`,
          );
          assert.ok(
            Math.abs(norm - oracle.norms[step]!) < 1e-3 * oracle.norms[step]!,
            `norm ${step}: ${norm}`,
          );
        }
        const weights = await weightsOf(engine);
        assert.deepEqual([...weights.keys()].sort(), [...oracle.names].sort());
        for (const weight of oracle.names.filter((key) => !withoutGradient.test(key))) {
          const error = relativeNorm(weights.get(weight)!, oracle.final(weight));
          assert.ok(error < 3e-4, `${weight}: ${error}`);
        }
        await engine.dispose();
      });
    }
  }
});

describe('masked language engine', () => {
  const step = { learningRate: 5e-3, maxGradientNorm: 1 };

  it('learns the same from a batch and from its texts one by one', async () => {
    const { examples } = readMaskedOracle('bert-masked-lm');
    const learn = async (batches: readonly (readonly MaskedExample[])[]) => {
      const engine = await open('bert-masked-lm', { blockWords: 50 });
      for (let i = 0; i < 2; i++) {
        for (const batch of batches) await engine.accumulate(batch, 0);
        await engine.update(step);
      }
      const weights = await weightsOf(engine);
      await engine.dispose();
      return weights;
    };
    const [together, apart] = [await learn([examples]), await learn(examples.map((example) => [example]))];
    for (const [name, values] of together) {
      if (!withoutGradient.test(name)) assert.ok(relativeError(apart.get(name)!, values) < 1e-3, name);
    }
  });

  it('goes on from its state as if it had never stopped, moving averages and dropout included', async () => {
    const options: Partial<MaskedLanguageEngineOptions> = {
      optimiser: { ...optimiser, averageDecay: 0.9 } satisfies OptimiserOptions,
      dropout: undefined,
    };
    const { examples } = readMaskedOracle('bert-masked-lm');
    const go = async (engine: MaskedLanguageEngine, from: number, to: number) => {
      for (let i = from; i < to; i++) {
        await engine.accumulate(examples, i);
        await engine.update(step);
      }
    };
    const [whole, first, second] = await Promise.all([1, 2, 3].map(() => open('bert-masked-lm', options)));
    await go(whole!, 0, 5);
    await go(first!, 0, 3);
    await second!.restore(first!.state(), 3);
    await go(second!, 3, 5);
    assert.equal(second!.updates, 5);
    assert.deepEqual(await stateOf(second!), await stateOf(whole!));
    for (const engine of [whole, first, second]) await engine!.dispose();
  });

  it('refuses a state that is not its own, and any once it has learnt', async () => {
    const source = await open('bert-masked-lm');
    const state = await stateOf(source);
    const restored = async (change: (tensors: Map<string, StateTensor>) => void) => {
      const tensors = new Map(state);
      change(tensors);
      const engine = await open('bert-masked-lm');
      await engine.restore(listed(tensors.values()), 1).finally(() => engine.dispose());
    };
    await restored(() => undefined);
    for (const name of ['embeddings.word_embeddings.weight', 'cls.predictions.bias'])
      await assert.rejects(
        restored((tensors) => tensors.delete(`mean ${name}`)),
        new RegExp(`^Error: ${name} \\(mean\\) is missing$`),
      );
    const [key, bias] = ['mean cls.predictions.bias', state.get('mean cls.predictions.bias')!];
    await assert.rejects(
      restored((tensors) => tensors.set(key, { ...bias, shape: [3], values: bias.values.slice(0, 3) })),
      /cls\.predictions\.bias \(mean\) has the shape \[3\] with 3 elements, not \[120\]/,
    );
    await assert.rejects(
      restored((tensors) => tensors.set('more', { ...bias, name: 'classifier.bias' })),
      /classifier\.bias \(mean\) does not belong to the state of this encoder/,
    );
    await source.accumulate(readMaskedOracle('bert-masked-lm').examples, 0);
    await assert.rejects(source.restore(listed(state.values()), 1), /has not learnt yet/);
    await source.dispose();
  });

  it('refuses what the encoder has no position or no vector for', async () => {
    const engine = await open('bert-masked-lm');
    const one = { positions: Int32Array.of(1), originals: Int32Array.of(7), weight: 1 };
    const failure = 'settings';
    for (const [wrong, message] of [
      [{ ...one, ids: new Int32Array(4000) }, /^the encoder reads \d+ tokens, not 4000/],
      [
        { ...one, ids: Int32Array.of(2, 999, 3) },
        /vocabulary has 120 entries, but the tokenizer gives the id 999/,
      ],
      [{ ...one, ids: Int32Array.of(2, 4, 3), originals: Int32Array.of(999) }, /gives the id 999/],
    ] as const)
      await assert.rejects(engine.accumulate([wrong], 0), { failure, message });
    await engine.dispose();
    await assert.rejects(open('bert-masked-lm', { device: 'cuda' }), {
      failure,
      message: /^the device cuda predicts but does not train/,
    });
  });

  it('chooses the plan by the memory at hand', async () => {
    const largestBatch = { tokens: 512, length: 64, guesses: 77 };
    for (const [memory, plan] of [
      [1e6, 'layer-by-layer'],
      [1e12, 'whole-graph'],
    ] as const) {
      const engine = await open('bert-masked-lm', { plan: { largestBatch }, memory });
      assert.equal(engine.plan, plan);
      await engine.dispose();
    }
  });

  it('learns nothing from texts with nothing to guess', async () => {
    const engine = await open('bert-masked-lm');
    const before = await weightsOf(engine);
    const none = {
      ids: Int32Array.of(1, 2),
      positions: new Int32Array(),
      originals: new Int32Array(),
      weight: 1,
    };
    assert.equal(await engine.accumulate([none], 0), 0);
    assert.equal(await engine.update(step), 0);
    // Word vectors that nobody met only decay.
    const unchanged = [...(await weightsOf(engine))].filter(([name]) => !/position|token_type/.test(name));
    for (const [name, values] of unchanged) assert.deepEqual(values, before.get(name), name);
    await engine.dispose();
  });

  it('saves the weights that transformers saves of the same model', async () => {
    for (const name of names) {
      const engine = await open(name);
      const modelType = name.startsWith('bert') ? 'bert' : 'modernbert';
      const saved = [...(await weightsOf(engine)).keys()].map((key) => savedName(modelType, key));
      const published = openSafetensors(path.join(encoderPath(name), 'model.safetensors'));
      assert.deepEqual(saved.sort(), [...published.tensors.keys()].sort());
      published.close();
      await engine.dispose();
    }
  });

  it('makes the head that a checkpoint lacks, by its seed', async () => {
    const heads = await Promise.all(
      [1, 1, 2].map(async (seed) => {
        const engine = await open('bert', { seed });
        const weights = await weightsOf(engine);
        await engine.dispose();
        return weights;
      }),
    );
    const dense = 'cls.predictions.transform.dense.weight';
    assert.deepEqual(heads[0]!.get(dense), heads[1]!.get(dense));
    assert.notDeepEqual(heads[0]!.get(dense), heads[2]!.get(dense));
    assert.ok(heads[0]!.get('cls.predictions.transform.LayerNorm.weight')!.every((value) => value === 1));
    assert.ok(heads[0]!.get('cls.predictions.bias')!.every((value) => value === 0));
  });

  it('keeps what ModernBERT’s classifier and its masked language head share', async () => {
    const engine = await open('modernbert');
    const checkpoint = openSafetensors(path.join(encoderPath('modernbert'), 'model.safetensors'));
    const stored = new Float32Array(32 * 32);
    checkpoint.readInto('head.dense.weight', new Uint8Array(stored.buffer));
    assert.deepEqual((await weightsOf(engine)).get('head.dense.weight'), stored);
    checkpoint.close();
    await engine.dispose();
  });

  it('refuses a head with a matrix of its own', async () => {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'anamnese-untied-'));
    const source = encoderPath('bert-masked-lm');
    const config = JSON.parse(readFileSync(path.join(source, 'config.json'), 'utf8')) as object;
    writeFileSync(
      path.join(folder, 'config.json'),
      JSON.stringify({ ...config, tie_word_embeddings: false }),
    );
    writeFileSync(
      path.join(folder, 'model.safetensors'),
      readFileSync(path.join(source, 'model.safetensors')),
    );
    const opening = createMaskedLanguageEngine(folder, {
      ...{ device, optimiser, dropout, seed: 1, plan: 'whole-graph' },
    });
    await assert.rejects(opening, /config\.json.*tie_word_embeddings/);
    rmSync(folder, { recursive: true });
  });
});
