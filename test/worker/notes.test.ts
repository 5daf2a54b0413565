import assert from 'node:assert/strict';
import type { Predictor } from '../../src/core/predict/predictor';
import { predictionSettings } from '../../src/core/predict/settings';
import type { Predicted } from '../../src/protocol/worker';
import { OpenNotes } from '../../src/worker/notes';

const everywhere = { start: 0, end: 0 };
const word = { start: 0, end: 3, label: 'DIS' };

/** Notes over an encoder that marks words with an o in them, once it is let go on. */
function openNotes() {
  const told: Predicted[] = [];
  const failures: unknown[] = [];
  const held: { resolve: () => void; reject: (error: Error) => void }[] = [];
  const predictor: Predictor = {
    classifier: {
      labels: ['DIS'],
      logits: async (batch) => {
        await new Promise<void>((resolve, reject) => held.push({ resolve, reject }));
        return batch.map((ids) => Float32Array.from(ids, (id) => (id === 1 ? 4 : -4)));
      },
    },
    tokenizer: {
      padId: 0,
      modelMaxLength: 60,
      encode: (text) => {
        const found = [...text.matchAll(/\S+/g)];
        return {
          ids: Int32Array.from(found, ([found]) => (found.includes('o') ? 1 : 2)),
          starts: Int32Array.from(found, ({ index }) => index),
          ends: Int32Array.from(found, ({ index, 0: found }) => index + found.length),
          special: new Uint8Array(found.length),
        };
      },
    },
    settings: predictionSettings({}, ['DIS'], 60),
  };
  const notes = new OpenNotes(predictor, {
    predicted: (answer) => told.push(answer),
    failed: (_, error) => failures.push(error),
  });
  const turn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 20));
  const next = async (): Promise<(typeof held)[number]> => {
    while (held.length === 0) await turn();
    return held.shift()!;
  };
  const goOn = async (): Promise<void> => ((await next()).resolve(), await turn());
  const fail = async (): Promise<void> => ((await next()).reject(new Error('released')), await turn());
  return { notes, told, failures, held, goOn, fail };
}

describe('OpenNotes', () => {
  it('predicts nothing of a note that is opened out of sight, until it is shown', async () => {
    const { notes, told, held, goOn } = openNotes();
    notes.open({ uri: 'a', version: 1, text: 'dor', visible: null });
    notes.edit({ uri: 'a', version: 2, edits: [{ start: 3, end: 3, text: ' mal' }] });
    await new Promise((resolve) => setTimeout(resolve, 20));
    assert.deepEqual([told, held, notes.isBusy], [[], [], false]);
    notes.show('a', everywhere);
    await goOn();
    assert.deepEqual(
      told[0]?.entities.map(({ label }) => label),
      ['DIS'],
    );
  });

  it('tells nothing of a note that was opened anew while the encoder ran', async () => {
    const { notes, told, goOn } = openNotes();
    notes.open({ uri: 'a', version: 1, text: 'dor', visible: everywhere });
    notes.open({ uri: 'a', version: 7, text: 'mal', visible: everywhere });
    await goOn();
    assert.deepEqual(told, []);
    await goOn();
    assert.deepEqual(
      told.map(({ version, entities }) => [version, entities]),
      [[7, []]],
    );
  });

  it('once disposed, neither tells nor fails', async () => {
    const { notes, told, failures, held, fail } = openNotes();
    notes.open({ uri: 'a', version: 1, text: 'dor', visible: everywhere });
    notes.open({ uri: 'b', version: 1, text: 'dor', visible: everywhere });
    notes.dispose();
    await fail();
    assert.deepEqual([told, failures, held], [[], [], []]);
  });

  it('predicts the note touched last first, not the one opened last', async () => {
    const { notes, told, goOn } = openNotes();
    for (const uri of ['a', 'b', 'c']) notes.open({ uri, version: 1, text: 'mal', visible: everywhere });
    notes.edit({ uri: 'b', version: 2, edits: [{ start: 0, end: 3, text: 'dor' }] });
    await goOn();
    await goOn();
    assert.deepEqual(
      told.map(({ uri, version }) => [uri, version]),
      [
        ['a', 1],
        ['b', 2],
      ],
    );
    const [{ score, ...entity }] = told[1]!.entities as [Predicted['entities'][number]];
    assert.deepEqual(entity, word);
    assert.ok(score > 0.9);
  });

  it('answers in the offsets of an edit that came while the encoder ran', async () => {
    const { notes, told, goOn, held } = openNotes();
    notes.open({ uri: 'a', version: 1, text: 'dor', visible: everywhere });
    notes.edit({ uri: 'a', version: 2, edits: [{ start: 0, end: 0, text: 'mal ' }] });
    while (held.length > 0) await goOn();
    const last = told.at(-1)!;
    assert.equal(last.version, 2);
    assert.equal(last.remaining, 0);
    assert.deepEqual(
      last.entities.map(({ start, end }) => [start, end]),
      [[4, 7]],
    );
    assert.ok(told.every(({ version, entities }) => version === 2 || entities.length === 0));
  });

  it('answers an edit that leaves nothing to predict, and an empty note', async () => {
    const { notes, told, goOn } = openNotes();
    notes.open({ uri: 'a', version: 1, text: 'dor', visible: everywhere });
    await goOn();
    notes.edit({ uri: 'a', version: 2, edits: [{ start: 0, end: 3, text: '' }] });
    notes.open({ uri: 'b', version: 1, text: '', visible: everywhere });
    assert.deepEqual(
      told.slice(1).map(({ uri, version, remaining }) => [uri, version, remaining]),
      [
        ['a', 2, 0],
        ['b', 1, 0],
      ],
    );
  });
});
