import assert from 'node:assert/strict';
import fc from 'fast-check';
import { foldText, foldWords } from '../../../src/core/llm/fold';
import { groundAnswer } from '../../../src/core/llm/ground';
import { NO_COUNTS } from '../../../src/core/llm/ground';

const NOTE =
  'Dor torácica. HAS há 2 anos; nega dor lombar, dormindo bem.\nUsa  captopril 25mg e Captopril XR.';

/** The words that quotations fall on, in the answer's order; `a|b` quotes a and b under one label. */
function placed(answer: string, text = NOTE, grounding: 'in-order' | 'first-match' = 'in-order') {
  const quoted = answer.split('|').map((words) => ({ label: 'L', text: words }));
  const { entities, counts } = groundAnswer(text, quoted, grounding);
  return { at: entities.map(({ start, end }) => [start, text.slice(start, end)]), counts };
}

describe('grounding an answer', () => {
  it('gives each mention the next place of its words', () => {
    const { at, counts } = placed('dor|dor|captopril', 'dor e dor, captopril');
    assert.deepEqual(at, [
      [0, 'dor'],
      [6, 'dor'],
      [11, 'captopril'],
    ]);
    assert.deepEqual(counts, { ...NO_COUNTS, exact: 3 });
  });

  it('finds words but for case, accents and blanks, and says so', () => {
    const { at, counts } = placed('DOR TORACICA|usa captopril|captopril');
    assert.deepEqual(at, [
      [0, 'Dor torácica'],
      [NOTE.indexOf('Usa'), 'Usa  captopril'],
      [NOTE.indexOf('captopril'), 'captopril'],
    ]);
    assert.deepEqual(counts, { ...NO_COUNTS, exact: 1, folded: 2 });
    const decomposed = 'sem pressa\u0303o, NÃO';
    assert.deepEqual(placed('pressão', decomposed).at, [[4, 'pressa\u0303o']]);
  });

  it('leaves out what is not in the note, and what comes too often, and counts both', () => {
    const { at, counts } = placed('HAS|HAS|hipertensão');
    assert.deepEqual(at, [[14, 'HAS']]);
    assert.deepEqual(counts, { ...NO_COUNTS, exact: 1, surplus: 1, invented: 1 });
  });

  it('takes a part of a word only where the words stand nowhere by themselves', () => {
    assert.deepEqual(placed('dor|dor|dor').at, [
      [NOTE.indexOf('dor lombar'), 'dor'],
      [0, 'Dor'],
    ]);
    assert.deepEqual(placed('lomba').at, [[NOTE.indexOf('lomba'), 'lomba']]);
    assert.deepEqual(placed('25mg').at, [[NOTE.indexOf('25mg'), '25mg']]);
  });

  it('seeks what is out of order from the beginning; other labels take no place away', () => {
    const { at } = placed('lombar|HAS');
    assert.deepEqual(
      at.map(([, words]) => words),
      ['lombar', 'HAS'],
    );
    const quoted = ['A', 'B'].map((label) => ({ label, text: 'HAS' }));
    assert.equal(groundAnswer(NOTE, quoted, 'in-order').entities.length, 2);
  });

  it('at first match, as the study does, lets repeated mentions fall together, and knows no other writing', () => {
    const { at, counts } = placed('dor|dor|DOR', NOTE, 'first-match');
    assert.deepEqual(at, [[NOTE.indexOf('dor'), 'dor']]);
    assert.deepEqual(counts, { ...NO_COUNTS, exact: 1, surplus: 1, invented: 1 });
  });

  it('counts every quotation once, and gives only places that hold its words', () => {
    const note = fc.string({
      unit: fc.constantFrom('a', 'A', 'á', 'b', ' ', '\n', '\u0301', '😀', '-'),
      maxLength: 40,
    });
    fc.assert(
      fc.property(note, fc.array(note, { maxLength: 8 }), (text, words) => {
        const quoted = words.map((one, i) => ({ label: i % 2 ? 'L' : 'M', text: one }));
        for (const grounding of ['in-order', 'first-match'] as const) {
          const { entities, counts } = groundAnswer(text, quoted, grounding);
          const { exact, folded, invented, surplus } = counts;
          assert.equal(exact + folded + invented + surplus, quoted.length);
          assert.equal(entities.length, exact + folded);
          const keys = entities.map(({ label, start, end }) => `${label} ${start} ${end}`);
          assert.equal(new Set(keys).size, keys.length);
          const folds = new Set(quoted.map((one) => foldWords(one.text)));
          for (const { start, end } of entities) {
            assert.ok(start >= 0 && end <= text.length);
            assert.ok(grounding === 'first-match' || folds.has(foldWords(text.slice(start, end))));
          }
        }
      }),
      { numRuns: 500 },
    );
  });

  it('folds texts unit by unit, each with its place', () => {
    const { text, starts, ends } = foldText('À  é\u0301😀');
    assert.equal(text, 'a e😀');
    assert.deepEqual(starts, [0, 1, 3, 5, 5]);
    assert.deepEqual(ends, [1, 3, 5, 7, 7]);
  });
});
