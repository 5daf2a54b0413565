import assert from 'node:assert/strict';
import { toBrat, toCsv, toDoccano, toJsonl } from '../../../src/core/export/formats';

const note = {
  file: 'nota.txt',
  text: '😀 dor, "forte"\r\nem MMII',
  entities: [
    { start: 3, end: 24, label: 'Concepts & Ideas', score: 0.87654 },
    { start: 20, end: 24, label: 'Anatomy', score: 0.5 },
  ],
};

describe('writers', () => {
  it('count code points in JSON lines', () => {
    assert.deepEqual(JSON.parse(toJsonl(note, 'm')), {
      file: 'nota.txt',
      model: 'm',
      entities: [
        { start: 2, end: 23, label: 'Concepts & Ideas', score: 0.8765, text: 'dor, "forte"\r\nem MMII' },
        { start: 19, end: 23, label: 'Anatomy', score: 0.5, text: 'MMII' },
      ],
    });
  });

  it('write a fragment a line for BRAT', () => {
    const [first, confidence] = toBrat(note).split('\n');
    assert.equal(first, 'T1\tConcepts_and_Ideas 2 14;16 23\tdor, "forte" em MMII');
    assert.equal(confidence, '#1\tAnnotatorNotes T1\tconfidence 0.8765');
  });

  it('quote CSV fields', () => {
    const [header, first] = toCsv([note]).split('\n');
    assert.equal(header, 'file,start,end,label,score,text');
    assert.equal(first, 'nota.txt,2,23,Concepts & Ideas,0.8765,"dor, ""forte""\r');
  });

  it('write doccano records', () => {
    assert.deepEqual(JSON.parse(toDoccano(note)).label, [
      [2, 23, 'Concepts & Ideas'],
      [19, 23, 'Anatomy'],
    ]);
  });
});
