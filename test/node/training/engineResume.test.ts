import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { StateTensor, TrainingEngine } from '../../../src/core/train/engine';
import { EngineStore } from '../../../src/node/training/engineState';
import { dropping, engineFor, learnThreeSteps, plans } from './engineProbe';
import { optimiser, readTrainingOracle } from './trainingOracle';

/** Decay, an average, dropout, rates that differ by tensor, and a batch of two texts without padding. */
const demanding = {
  ...dropping,
  textsApart: 2,
  optimiser: {
    ...optimiser,
    averageDecay: 0.9,
    parameter: (name: string) => ({ rate: name.includes('LayerNorm') ? 0.5 : 1, decay: 0.1 }),
  },
};

async function* list(tensors: Iterable<StateTensor>): AsyncGenerator<StateTensor> {
  yield* tensors;
}

describe('an engine that is restored', () => {
  let folder: string;
  before(() => (folder = mkdtempSync(path.join(os.tmpdir(), 'anamnese-state-'))));
  after(() => rmSync(folder, { recursive: true, force: true }));

  for (const name of ['bert', 'modernbert'])
    for (const plan of plans)
      it(`goes on bit by bit: ${name}, ${plan}`, async () => {
        const file = path.join(folder, `${name}-${plan}.safetensors`);
        const engine = await engineFor(name, plan, 'cpu', demanding);
        await learnThreeSteps(engine, name);
        await new EngineStore(engine).save(file);
        const expected = await learnThreeSteps(engine, name, 3);
        await engine.dispose();
        const other = await engineFor(name, plan, 'cpu', { ...demanding, seed: 9 });
        await new EngineStore(other).restore(file, 3);
        assert.equal(other.updates, 3);
        assert.deepEqual(await learnThreeSteps(other, name, 3), expected);
        await other.dispose();
      });

  for (const plan of plans)
    it(`saves within a step what it was before it: ${plan}`, async () => {
      const [before, within] = ['before', 'within'].map((at) => path.join(folder, `${at}-${plan}`)) as [
        string,
        string,
      ];
      const engine = await engineFor('bert', plan, 'cpu', demanding);
      await learnThreeSteps(engine, 'bert');
      await new EngineStore(engine).save(before);
      await engine.accumulate(readTrainingOracle('bert').examples.slice(0, 1), 300);
      await new EngineStore(engine).save(within);
      assert.ok(readFileSync(before).equals(readFileSync(within)));
      await engine.dispose();
    });

  describe('refuses a state', () => {
    let tensors: Map<string, StateTensor>;
    const fresh = () => engineFor('bert', 'whole-graph', 'cpu', demanding);
    before(async () => {
      const engine = await fresh();
      ({ state: tensors } = await learnThreeSteps(engine, 'bert'));
      await engine.dispose();
    });

    async function restored(change: (tensors: Map<string, StateTensor>) => void, engine?: TrainingEngine) {
      const changed = new Map(tensors);
      change(changed);
      const target = engine ?? (await fresh());
      try {
        await target.restore(list(changed.values()), 3);
      } finally {
        await target.dispose();
      }
    }

    it('but not its own', () => restored(() => undefined));

    it('that lacks a tensor', async () => {
      const lacking = restored((state) => state.delete('classifier.bias mean'));
      await assert.rejects(lacking, /^Error: classifier\.bias \(mean\) is missing$/);
      const two = restored((state) => {
        state.delete('embeddings.word_embeddings.weight average');
        state.delete('classifier.bias mean');
      });
      await assert.rejects(two, /word_embeddings\.weight \(average\) is missing, and 1 other$/);
    });

    it('that has one too many', () =>
      assert.rejects(
        restored((state) => {
          const tensor = state.get('classifier.bias mean')!;
          state.set('more', { ...tensor, name: 'pooler.bias' });
        }),
        /pooler\.bias \(mean\) does not belong to the state of this encoder/,
      ));

    it('of another shape', () =>
      assert.rejects(
        restored((state) => {
          const tensor = state.get('classifier.bias mean')!;
          state.set('classifier.bias mean', { ...tensor, shape: [4], values: tensor.values.slice(1) });
        }),
        /classifier\.bias \(mean\) has the shape \[4\] with 4 elements, not \[5\]/,
      ));

    it('in an order that cannot be', () =>
      assert.rejects(
        restored((state) => {
          const key = 'embeddings.word_embeddings.weight#met variance';
          const met = state.get(key)!;
          state.delete(key);
          state.set(key, met);
        }),
        /comes before embeddings\.word_embeddings\.weight#met/,
      ));

    it('of an engine without an average', async () => {
      const plain = await engineFor('bert', 'whole-graph', 'cpu');
      await assert.rejects(
        restored(() => undefined, plain),
        /\(average\) does not belong/,
      );
    });

    it('once it has learnt', async () => {
      const engine = await fresh();
      await learnThreeSteps(engine, 'bert');
      await assert.rejects(
        restored(() => undefined, engine),
        /only an engine that has not learnt yet/,
      );
    });

    it('keeps the shapes of what it writes down about embeddings', async () => {
      const engine = await fresh();
      for await (const tensor of engine.state()) {
        const after = tensors.get(`${tensor.name} ${tensor.kind}`)!;
        assert.deepEqual(after.shape, tensor.shape, tensor.name);
        assert.equal(after.values.length, tensor.values.length, tensor.name);
      }
      await engine.dispose();
    });
  });
});
