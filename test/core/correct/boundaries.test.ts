import assert from 'node:assert/strict';
import { extended, shortened, trimmed } from '../../../src/core/correct/boundaries';
import type { Annotation } from '../../../src/core/corpus/document';
import { on } from './support';

const note = 'Refere dor torácica, intensa.\nNega dispne\u0301ia.';
const words = (one: Annotation | undefined): string | undefined =>
  one?.fragments.map(({ start, end }) => note.slice(start, end)).join(' … ');

describe('boundaries by words', () => {
  it('grow over white space and line breaks, a sign at a time', () => {
    const dor = on(note, 'X', 'dor');
    assert.equal(words(extended(note, dor, 'right')), 'dor torácica');
    assert.equal(words(extended(note, dor, 'left')), 'Refere dor');
    const whole = extended(note, on(note, 'X', 'torácica'), 'right')!;
    assert.equal(words(whole), 'torácica,');
    assert.equal(words(extended(note, on(note, 'X', 'Nega'), 'left')), '.\nNega');
    assert.equal(words(extended(note, on(note, 'X', 'Nega'), 'right')), 'Nega dispne\u0301ia');
  });

  it('stop at the ends of the text, and at the last word', () => {
    assert.equal(extended(note, on(note, 'X', 'Refere'), 'left'), undefined);
    assert.equal(shortened(note, on(note, 'X', 'dor'), 'left'), undefined);
    assert.equal(words(shortened(note, on(note, 'X', 'dor torácica'), 'left')), 'torácica');
    assert.equal(words(shortened(note, on(note, 'X', 'dor torácica,'), 'right')), 'dor torácica');
  });

  it('move the outer ends of a discontinuous annotation', () => {
    const apart = on(note, 'X', 'dor … intensa');
    assert.equal(words(extended(note, apart, 'left')), 'Refere dor … intensa');
    assert.equal(words(extended(note, apart, 'right')), 'dor … intensa.');
  });

  it('leave white space out of a selection', () => {
    const start = note.indexOf(' dor');
    assert.deepEqual(trimmed(note, { start, end: start + 5 }), { start: start + 1, end: start + 4 });
    assert.equal(trimmed(note, { start, end: start + 1 }), undefined);
  });
});
