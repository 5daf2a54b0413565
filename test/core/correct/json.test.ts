import assert from 'node:assert/strict';
import type { CorrectableFormat } from '../../../src/core/correct/goldNote';
import type { CorpusAt } from './support';
import { annotationsIn, correct, corrected, keys, on } from './support';

const note = 'Refere dor em MMII 😀 e febre.';
const dor = on(note, 'Disorders', 'dor');
const mmii = on(note, 'Anatomy', 'MMII');
const febre = on(note, 'Disorders', 'febre');

function json(text: string, format: CorrectableFormat = 'doccano', name = 'c.jsonl'): CorpusAt {
  return { name, format, text, note };
}

const record = (fields: string): string => `{"text": ${JSON.stringify(note)}, ${fields}}\n`;

describe('correcting a record of JSON', () => {
  it('makes new items in the shape of those that are there', () => {
    const shapes = {
      '"label": [["Disorders", 7, 10]]': '"label": [["Disorders", 7, 10],["Disorders",23,28]]',
      '"entities": [{"id": 4, "label": "Disorders", "start_offset": 7, "end_offset": 10}], "relations": []':
        '"entities": [{"id": 4, "label": "Disorders", "start_offset": 7, "end_offset": 10},{"id":5,"start_offset":23,"end_offset":28,"label":"Disorders"}], "relations": []',
      '"annotations": [{"start": 7, "end": 10, "labels": ["Disorders"], "text": "dor"}]':
        '"annotations": [{"start": 7, "end": 10, "labels": ["Disorders"], "text": "dor"},{"start":23,"end":28,"labels":["Disorders"],"text":"febre"}]',
    };
    for (const [before, after] of Object.entries(shapes))
      assert.equal(corrected(json(record(before)), { kind: 'add', annotation: febre }).text, record(after));
  });

  it('takes one label of an item that has several, and moves one of them apart', () => {
    const both = json(record('"label": [{"start": 7, "end": 10, "labels": ["Disorders", "Physiology"]}]'));
    const removed = corrected(both, { kind: 'remove', annotation: { ...dor, label: 'Disorders' } });
    assert.equal(removed.text, record('"label": [{"start": 7, "end": 10, "labels": ["Physiology"]}]'));
    const moved = corrected(both, { kind: 'change', annotation: dor, to: febre });
    assert.deepEqual(keys(annotationsIn(moved)), keys([{ ...dor, label: 'Physiology' }, febre]));
  });

  it('keeps the places of discontinuous annotations when items before them go', () => {
    const apart = on(note, 'Disorders', 'dor … MMII');
    const corpus = corrected(
      corrected(json(record('"label": [[23, 28, "Disorders"]]')), { kind: 'add', annotation: apart }),
      { kind: 'add', annotation: mmii },
    );
    const without = corrected(corpus, { kind: 'remove', annotation: febre });
    assert.equal(
      without.text,
      record('"label": [[7,10,"Disorders"],[14,18,"Disorders"],[14,18,"Anatomy"]],"discontinuous": [[0,1]]'),
    );
    const none = corrected(without, { kind: 'remove', annotation: apart });
    assert.equal(none.text, record('"label": [[14,18,"Anatomy"]]'));
  });

  it('keeps the words and drops the tokens of a Prodigy span that moves', () => {
    const spans =
      '"spans": [{"start": 7, "end": 10, "token_start": 1, "token_end": 1, "label": "Disorders", "text": "dor"}]';
    const to = on(note, 'Disorders', 'dor em MMII');
    assert.equal(
      corrected(json(record(spans), 'prodigy'), { kind: 'change', annotation: dor, to }).text,
      record('"spans": [{"start": 7, "end": 18, "label": "Disorders", "text": "dor em MMII"}]'),
    );
  });

  it('finds the record in an array, in an object of records, and in a pair', () => {
    const own = `{\n "text": ${JSON.stringify(note)},\n "label": [\n  [7, 10, "Disorders"]\n ]\n}`;
    const files = [
      `[{"text": "a"},\n${own}]`,
      `{"a": {"text": "a"}, "b": ${own}}`,
      `\ufeff${own}\n{"text": "b"}`,
    ];
    for (const text of files) {
      const after = corrected(json(text, 'doccano', 'c.json'), {
        kind: 'change',
        annotation: dor,
        to: { ...dor, label: 'Physiology' },
      });
      assert.equal(after.text, text.replace('Disorders', 'Physiology'));
    }
    const pair = json(
      `["b", {"entities": []}]\n[${JSON.stringify(note)}, {"entities": [[7, 10, "Disorders"]]}]\n`,
    );
    const after = corrected(pair, { kind: 'add', annotation: mmii });
    assert.equal(after.text, pair.text.replace('"Disorders"]]', '"Disorders"],[14,18,"Anatomy"]]'));
  });

  it('knows the note with other line breaks and white space at its end, and counts in the record’s own', () => {
    const text = '{"text": "dor\\r\\nfebre\\r\\n", "label": []}\n';
    const corpus: CorpusAt = { name: 'c.jsonl', format: 'doccano', text, note: 'dor\nfebre' };
    const added = corrected(corpus, {
      kind: 'add',
      annotation: { label: 'Disorders', fragments: [{ start: 5, end: 10 }] },
    });
    assert.equal(added.text, text.replace('[]', '[[5,10,"Disorders"]]'));
  });

  it('refuses what it would not read back: spans outside of the list, broken records, other formats', () => {
    const add = { kind: 'add', annotation: mmii } as const;
    assert.deepEqual(correct(json(record('"label": {"a": 1}')), add), { refusal: 'unsafe' });
    assert.deepEqual(correct(json('{"text": "dor"\n'), add), { refusal: 'gone' });
    assert.deepEqual(
      correct(json(record('"label": [[7, 10, "Disorders"]]')), {
        kind: 'add',
        annotation: { label: ' ', fragments: dor.fragments },
      }),
      { refusal: 'unsafe' },
    );
    const other = { ...json('[]'), format: 'labelstudio' as CorrectableFormat };
    assert.deepEqual(correct(other, add), { refusal: 'format' });
  });
});
