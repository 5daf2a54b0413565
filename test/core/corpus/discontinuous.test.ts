import assert from 'node:assert/strict';
import { writeCorpus } from '../../../src/core/corpus/writeCorpus';
import { drawn, read, said } from './support';

const text = '😀 dor em MMII';
const json = JSON.stringify;

describe('discontinuous annotations', () => {
  it('joins what is said to be fragments of one annotation, and says where that makes no sense', () => {
    const label = [
      [2, 5, 'Disorders'],
      [9, 13, 'Anatomy'],
      [9, 13, 'Disorders'],
    ];
    const joined = read({ 'a.jsonl': json({ text, label, discontinuous: [[0, 2]] }) });
    assert.deepEqual(joined.documents.map(drawn), [['Disorders: dor … MMII', 'Anatomy: MMII']]);
    for (const discontinuous of [
      [[0, 3]],
      [[0]],
      [[0, 0]],
      'x',
      [0, 1],
      [[0.5, 1]],
      [
        [0, 2],
        [2, 1],
      ],
    ]) {
      const bad = read({ 'a.jsonl': json({ text, label, discontinuous }) });
      assert.deepEqual(bad.documents.map(drawn), [['Disorders: dor', 'Anatomy: MMII', 'Disorders: MMII']]);
      assert.match(said(bad).join(), /^1 error "discontinuous" does not name items of the list/);
    }
  });

  it('Label Studio: are regions with a relation, which it shows', () => {
    const fragments = [
      { start: 3, end: 6 },
      { start: 10, end: 14 },
    ];
    const written = writeCorpus(
      [{ id: 'a', text, annotations: [{ label: 'D', fragments, id: 'T1' }] }],
      'labelstudio',
    );
    const [task] = JSON.parse(written.files[0]!.text) as { annotations: { result: object[] }[] }[];
    assert.deepEqual(task!.annotations[0]!.result.at(-1), {
      type: 'relation',
      from_id: 'T1',
      to_id: 'r1-1-2',
      direction: 'bi',
      labels: ['fragment'],
    });
    const back = read({ 'a.json': written.files[0]!.text });
    assert.deepEqual(back.documents.map(drawn), [['D: dor … MMII']]);
    assert.equal(back.documents[0]!.rest, undefined);
  });

  it('SemClinBr: are tags that continue another', () => {
    const tags =
      '<tag id="1" tag="Finding|Body Part, Organ, or Organ Component" start="0" end="3" text="dor"/>' +
      '<tag id="2" continues="1" tag="Finding|Body Part, Organ, or Organ Component" start="7" end="11" text="MMII"/>';
    const note = `<NOTE><TEXT>dor em MMII</TEXT><TAGS>${tags}</TAGS></NOTE>`;
    const result = read({ 'a.xml': note });
    assert.deepEqual(said(result), []);
    assert.deepEqual(result.documents.map(drawn), [['Disorders: dor … MMII', 'Anatomy: dor … MMII']]);
  });
});
