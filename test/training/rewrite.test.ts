import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { MarkedNote } from '../../src/core/corpus/inlineMarkup';
import type { Edit } from '../../src/core/text/edit';
import { rewrite } from '../../training/augment/rewrite';
import { anyNote, assertWellFormed, marked, wordsOf } from './markedNotes';

const edit = (start: number, end: number, text: string): Edit => ({ start, end, text });

/** A note whose every character occurs once and whose spans have names of their own, so that each can be followed. */
function traceable({ text, spans }: MarkedNote): MarkedNote {
  const characters = Array.from({ length: text.length }, (_, i) => String.fromCharCode(0xe000 + i));
  return { text: characters.join(''), spans: spans.map((span, i) => ({ ...span, label: String(i) })) };
}

const anyTraceable = anyNote.filter(({ text }) => text.length < 0x1800).map(traceable);
const noteAndEdits = anyTraceable.chain((note) =>
  fc.tuple(
    fc.constant(note),
    fc.array(
      fc
        .tuple(fc.nat(note.text.length), fc.nat(6), fc.constantFrom('', ' ', 'a', 'bc', ' d', 'e ', 'f g'))
        .map(([start, length, text]) => edit(start, Math.min(note.text.length, start + length), text)),
      { maxLength: 8 },
    ),
  ),
);
const isOriginal = (character: string): boolean => character >= '\ue000';

describe('rewrite', () => {
  it('moves spans behind, stretches spans around, and leaves spans before an edit', () => {
    const note = marked('⟦LIV Ana⟧: ⟦DIS edema em ⟦ANA MMII⟧⟧, ⟦PHE PA 12⟧');
    const at = note.text.indexOf('MMII');
    const out = rewrite(note, [edit(0, 3, 'Maria'), edit(at, at + 4, 'membros inferiores')]);
    assert.equal(out.text, 'Maria: edema em membros inferiores, PA 12');
    assert.deepEqual(wordsOf(out, 'Living Beings'), ['Maria']);
    assert.deepEqual(wordsOf(out, 'Disorders'), ['edema em membros inferiores']);
    assert.deepEqual(wordsOf(out, 'Anatomy'), ['membros inferiores']);
    assert.deepEqual(wordsOf(out, 'Phenomena'), ['PA 12']);
  });

  it('leaves what is inserted at an edge outside', () => {
    const out = rewrite(marked('a ⟦ANA bc⟧ d'), [edit(2, 2, 'xx'), edit(4, 4, 'yy')]);
    assert.deepEqual([out.text, ...wordsOf(out, 'Anatomy')], ['a xxbcyy d', 'bc']);
  });

  const note = marked('x ⟦DIS ⟦ANA ab⟧ cd⟧ y');
  for (const [what, bad] of [
    ['cuts through an edge', edit(1, 3, 'z')],
    ['swallows a smaller span', edit(2, 7, 'z')],
    ['leaves a span blank', edit(2, 4, ' ')],
    ['puts a blank at its edge', edit(6, 7, ' ')],
  ] as const) {
    it(`leaves out an edit that ${what}`, () => assert.equal(rewrite(note, [bad]), note));
  }

  it('leaves out the later of two edits that overlap', () => {
    const out = rewrite(marked('abcdef ⟦ANA g⟧'), [edit(2, 5, 'y'), edit(0, 3, 'x')]);
    assert.equal(out.text, 'xdef g');
  });

  it('keeps in a span exactly what was in it', () => {
    fc.assert(
      fc.property(noteAndEdits, ([note, edits]) => {
        const out = rewrite(note, edits);
        assertWellFormed(out);
        assert.equal(out.spans.length, note.spans.length);
        const left = new Set([...out.text].filter(isOriginal));
        for (const before of note.spans) {
          const after = out.spans.find(({ label }) => label === before.label)!;
          const had = [...note.text.slice(before.start, before.end)].filter((one) => left.has(one));
          const has = [...out.text.slice(after.start, after.end)].filter(isOriginal);
          assert.deepEqual(has, had);
        }
      }),
    );
  });

  it('applies a single edit unless it does harm', () => {
    fc.assert(
      fc.property(noteAndEdits, ([note, [first]]) => {
        if (!first) return;
        const { start, end, text } = first;
        const inTheWay = note.spans.some((span) => {
          const apart = end <= span.start || span.end <= start;
          const inside = span.start <= start && end <= span.end;
          const after = note.text.slice(span.start, start) + text + note.text.slice(end, span.end);
          const touches = start === span.start || end === span.end;
          const visible =
            text !== '' &&
            (start !== span.start || text === text.trimStart()) &&
            (end !== span.end || text === text.trimEnd());
          return !apart && !(inside && after.trim() !== '' && (!touches || visible));
        });
        const expected = inTheWay ? note.text : note.text.slice(0, start) + text + note.text.slice(end);
        assert.equal(rewrite(note, [first]).text, expected);
      }),
    );
  });
});
