import assert from 'node:assert/strict';
import fc from 'fast-check';
import { LiveNote } from '../../../src/core/predict/liveNote';
import type { Predictor } from '../../../src/core/predict/predictor';
import { predictTexts } from '../../../src/core/predict/predictor';
import { predictionSettings, withThreshold } from '../../../src/core/predict/settings';
import type { Edit } from '../../../src/core/text/edit';
import { applyEdits, moveEntities, replaceEntities } from '../../../src/core/text/edit';
import type { Entity } from '../../../src/core/text/entity';

/** An encoder of plain rules: words with an `o` are DIS. Counts what it is asked, which the tests are about. */
function rulePredictor(): { predictor: Predictor; asked: () => number } {
  let asked = 0;
  const predictor: Predictor = {
    classifier: {
      labels: ['DIS'],
      logits: async (batch) => {
        asked += batch.length;
        return batch.map((ids) => Float32Array.from(ids, (id) => (id === 1 ? 4 : -4)));
      },
    },
    tokenizer: {
      padId: 0,
      modelMaxLength: 60,
      encode: (text) => {
        const found = [...text.matchAll(/\S+/g)];
        return {
          ids: Int32Array.from(found, ([word]) => (word.includes('o') ? 1 : 2)),
          starts: Int32Array.from(found, ({ index }) => index),
          ends: Int32Array.from(found, ({ index, 0: word }) => index + word.length),
          special: new Uint8Array(found.length),
        };
      },
    },
    settings: predictionSettings({}, ['DIS'], 60),
  };
  return { predictor, asked: () => asked };
}

const noteText = Array.from({ length: 300 }, (_, i) =>
  i % 3 ? `palavr${(i * 31) % 97}` : `dor${(i * 17) % 89}`,
).join(' ');
const anywhere = { start: 0, end: 0 };

async function settle(note: LiveNote, entities: readonly Entity[]): Promise<readonly Entity[]> {
  let current = entities;
  for (let answer = await note.predictNext(anywhere); answer; answer = await note.predictNext(anywhere)) {
    current = replaceEntities(current, answer.range, answer.entities);
  }
  return current;
}

describe('LiveNote', () => {
  it('is one window while the encoder takes all of it', () => {
    const { predictor } = rulePredictor();
    const fits = 'abdome '.repeat(38).trim();
    const remaining = (text: string): number => new LiveNote(text, predictor).remaining;
    assert.deepEqual([remaining(fits), remaining('dor '.repeat(60).trim())], [1, 1]);
    assert.ok(remaining('dor '.repeat(61).trim()) > 1);
  });

  it('answers other thresholds for many windows at once, as a fresh note would', async () => {
    const { predictor, asked } = rulePredictor();
    // Nearly every word belongs to an entity, so that entities run on through windows and over the ends of answers.
    const text = Array.from({ length: 4000 }, (_, i) => (i % 900 ? `dor${(i * 17) % 89}` : 'a')).join(' ');
    const note = new LiveNote(text, predictor);
    const windows = note.remaining;
    let entities = await settle(note, []);
    const whole = asked();
    const change = (threshold: number): number => {
      const answers = note.withSettings(withThreshold(predictor.settings, threshold));
      for (const { range, entities: told } of answers) entities = replaceEntities(entities, range, told);
      return answers.length;
    };
    const before = entities;
    assert.ok(windows > 100, `${windows} windows`);
    assert.ok(change(0.999) <= windows / 20);
    assert.deepEqual(entities, []);
    change(0.5);
    assert.deepEqual(entities, before);
    assert.equal(asked(), whole);
  });

  it('costs an edit the windows whose words it changed', async () => {
    const { predictor, asked } = rulePredictor();
    const note = new LiveNote(noteText, predictor);
    await settle(note, []);
    const whole = asked();
    note.edit([{ start: 1000, end: 1000, text: 'x' }]);
    await settle(note, []);
    assert.ok(whole > 8, `${whole} windows`);
    assert.ok(asked() - whole <= 4, `${asked() - whole} windows for one letter`);
  });

  it('answers few times where an edit moves all the cuts of a text that repeats itself', async () => {
    const { predictor, asked } = rulePredictor();
    const text = 'Refere dor. Sem febre.\n'.repeat(2000);
    const note = new LiveNote(text, predictor);
    const windows = note.remaining;
    let entities = await settle(note, []);
    const whole = asked();
    const edit = { start: 22, end: 22, text: ' dor' };
    const answers = note.edit([edit]);
    entities = moveEntities(entities, edit);
    for (const { range, entities: told } of answers) entities = replaceEntities(entities, range, told);
    assert.ok(
      windows > 200 && answers.length < windows / 10,
      `${answers.length} answers, ${windows} windows`,
    );
    assert.ok(asked() - whole < 10);
    entities = await settle(note, entities);
    assert.deepEqual(entities, (await predictTexts([applyEdits(text, [edit])], predictor))[0]);
  });

  it('costs nothing to undo', async () => {
    const { predictor, asked } = rulePredictor();
    const note = new LiveNote(noteText, predictor);
    await settle(note, []);
    note.edit([{ start: 1000, end: 1000, text: 'x' }]);
    await settle(note, []);
    const before = asked();
    note.edit([{ start: 1000, end: 1001, text: '' }]);
    await settle(note, []);
    assert.equal(asked(), before);
  });

  it('ends, after any edits, with what a fresh prediction of the text gives', async () => {
    const edits = fc.array(
      fc.record({
        at: fc.nat(),
        length: fc.nat(40),
        text: fc.constantFrom('', ' ', 'o', ' dor nova ', '\n', 'x. '),
      }),
      { minLength: 1, maxLength: 6 },
    );
    await fc.assert(
      fc.asyncProperty(edits, async (steps) => {
        const { predictor } = rulePredictor();
        let text = noteText;
        const note = new LiveNote(text, predictor);
        let entities = await settle(note, []);
        for (const { at, length, text: inserted } of steps) {
          const start = at % (text.length + 1);
          const edit: Edit = { start, end: Math.min(text.length, start + length), text: inserted };
          text = applyEdits(text, [edit]);
          entities = moveEntities(entities, edit);
          for (const { range, entities: known } of note.edit([edit]))
            entities = replaceEntities(entities, range, known);
          entities = await settle(note, entities);
        }
        const [fresh] = await predictTexts([text], predictor);
        const plain = (list: readonly Entity[]) => list.map(({ start, end, label }) => [start, end, label]);
        assert.deepEqual(plain(entities), plain(fresh!));
      }),
      { numRuns: 60 },
    );
  });
});
