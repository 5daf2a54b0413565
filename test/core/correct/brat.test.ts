import assert from 'node:assert/strict';
import type { CorpusAt } from './support';
import { annotationsIn, correct, corrected, keys, on } from './support';

const note = 'Refere dor em MMII e em MMSS.\nNega febre 😀 hoje.\n';
const dor = on(note, 'Disorders', 'dor');
const mmii = on(note, 'Anatomy', 'MMII');

function brat(text: string, beside: Record<string, string> = {}, words = note): CorpusAt {
  return { name: 'a/n.ann', format: 'brat', text, note: words, beside: { 'a/n.txt': words, ...beside } };
}

const whole = [
  'T1\tDisorders 7 10\tdor',
  'T4\tAnatomy 14 18\tMMII',
  'R1\tlocated Arg1:T1 Arg2:T4',
  'E1\tSymptom:T1 Place:T4',
  'A1\tNegated E1',
  '#1\tAnnotatorNotes T1\tcom T4 no texto',
  '*\tEquiv T1 T4 T9',
  'not an annotation',
  '',
].join('\n');

describe('correcting an .ann', () => {
  it('adds a line with the next free number, in code points, and changes no other byte', () => {
    const { text } = corrected(brat(whole), {
      kind: 'add',
      annotation: on(note, 'Concepts & Ideas', 'hoje'),
    });
    assert.equal(text, `${whole}T10\tConcepts_and_Ideas 43 47\thoje\n`);
  });

  it('gives a file without a last line break one, and keeps the breaks that the file has', () => {
    const { text } = corrected(brat('T1\tDisorders 7 10\tdor\r\n#1\tX T1\tok'), {
      kind: 'add',
      annotation: mmii,
    });
    assert.equal(text, 'T1\tDisorders 7 10\tdor\r\n#1\tX T1\tok\r\nT2\tAnatomy 14 18\tMMII\r\n');
  });

  it('relabels and extends by the words of one line that differ', () => {
    const relabelled = corrected(brat(whole), {
      kind: 'change',
      annotation: dor,
      to: { ...dor, label: 'Physiology' },
    });
    assert.equal(relabelled.text, whole.replace('T1\tDisorders', 'T1\tPhysiology'));
    const extended = corrected(brat(whole), {
      kind: 'change',
      annotation: dor,
      to: on(note, 'Disorders', 'dor em MMII'),
    });
    assert.equal(extended.text, whole.replace('7 10\tdor', '7 18\tdor em MMII'));
  });

  it('takes an annotation away with what points at it, and says what that is', () => {
    const corpus = brat(whole);
    const outcome = correct(corpus, { kind: 'remove', annotation: dor });
    assert.ok('dependents' in outcome);
    assert.deepEqual(outcome.dependents, [
      'R1\tlocated Arg1:T1 Arg2:T4',
      'E1\tSymptom:T1 Place:T4',
      'A1\tNegated E1',
      '#1\tAnnotatorNotes T1\tcom T4 no texto',
      '*\tEquiv T1 T4 T9',
    ]);
    assert.equal(
      corrected(corpus, { kind: 'remove', annotation: dor }).text,
      'T4\tAnatomy 14 18\tMMII\n*\tEquiv T4 T9\nnot an annotation\n',
    );
  });

  it('takes one argument from an event of several', () => {
    const text = 'T1\tDisorders 7 10\tdor\nT2\tAnatomy 14 18\tMMII\nE1\tSymptom:T1 Place:T2 Of:T1\n';
    assert.equal(
      corrected(brat(text), { kind: 'remove', annotation: mmii }).text,
      'T1\tDisorders 7 10\tdor\nE1\tSymptom:T1 Of:T1\n',
    );
  });

  it('keeps what points at an id that another line has too', () => {
    const text = 'T1\tDisorders 7 10\tdor\nT1\tAnatomy 14 18\tMMII\n#1\tX T1\tok\n';
    assert.equal(
      corrected(brat(text), { kind: 'remove', annotation: mmii }).text,
      'T1\tDisorders 7 10\tdor\n#1\tX T1\tok\n',
    );
  });

  it('writes a discontinuous span, and one over a line break, as fragments', () => {
    const corpus = brat('');
    const apart = on(note, 'Disorders', 'dor … MMSS');
    const over = on(note, 'Disorders', 'MMSS.\nNega');
    const both = corrected(corrected(corpus, { kind: 'add', annotation: apart }), {
      kind: 'add',
      annotation: over,
    });
    assert.equal(both.text, 'T1\tDisorders 7 10;24 28\tdor MMSS\nT2\tDisorders 24 29;30 34\tMMSS. Nega\n');
    assert.deepEqual(keys(annotationsIn(both)), keys([apart, over]));
  });

  it('uses the name that visual.conf shows as the label, or that the file has for it', () => {
    const visual = { 'visual.conf': '[labels]\nHISTO | Tipo histológico\n' };
    const tipo = { ...dor, label: 'Tipo histológico' };
    assert.equal(
      corrected(brat('', visual), { kind: 'add', annotation: tipo }).text,
      'T1\tHISTO 7 10\tdor\n',
    );
    assert.deepEqual(correct(brat(''), { kind: 'add', annotation: { ...dor, label: 'a|b c' } }), {
      refusal: 'label',
    });
  });

  it('counts as the other lines of the file do', () => {
    const text = '😀\r\nDor em MMII\r\nfebre';
    // UTF-16 units instead of code points, as some tools write.
    const corpus = brat('T1\tAnatomy 11 15\tMMII\n', {}, text);
    const after = corrected(corpus, { kind: 'add', annotation: on(text, 'Disorders', 'febre') });
    assert.equal(after.text, 'T1\tAnatomy 11 15\tMMII\nT2\tDisorders 17 22\tfebre\n');
    assert.deepEqual(
      keys(annotationsIn(after)),
      keys([on(text, 'Anatomy', 'MMII'), on(text, 'Disorders', 'febre')]),
    );
  });

  it('keeps a byte-order mark and lines that are written otherwise than BRAT does', () => {
    const text = '\ufeffT1 Disorders 7 10 dor\nT2\tAnatomy 14,18\n';
    const after = corrected(brat(text), {
      kind: 'change',
      annotation: mmii,
      to: on(note, 'Anatomy', 'em MMII'),
    });
    assert.equal(after.text, '\ufeffT1 Disorders 7 10 dor\nT2\tAnatomy 11 18\n');
    assert.equal(corrected(after, { kind: 'remove', annotation: dor }).text, '\ufeffT2\tAnatomy 11 18\n');
  });

  it('refuses what is not there any more', () => {
    assert.deepEqual(correct(brat(''), { kind: 'remove', annotation: dor }), { refusal: 'gone' });
    assert.deepEqual(correct({ ...brat(whole), note: 'outra nota' }, { kind: 'remove', annotation: dor }), {
      refusal: 'gone',
    });
  });
});
