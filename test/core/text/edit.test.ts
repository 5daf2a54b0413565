import assert from 'node:assert/strict';
import fc from 'fast-check';
import { applyEdits, changedStretch, moveSpan, replaceEntities } from '../../../src/core/text/edit';

const span = (start: number, end: number) => ({ start, end });

describe('moveSpan', () => {
  const cases: [string, [number, number], [number, number, string], [number, number] | undefined][] = [
    ['stays before an edit', [0, 3], [5, 6, 'x'], [0, 3]],
    ['shifts after an insertion', [5, 8], [2, 2, 'abc'], [8, 11]],
    ['shifts after a deletion', [5, 8], [0, 2, ''], [3, 6]],
    ['does not grow by typing at its start', [5, 8], [5, 5, 'x'], [6, 9]],
    ['does not grow by typing at its end', [5, 8], [8, 8, 'x'], [5, 8]],
    ['grows by typing inside', [5, 8], [6, 6, 'xy'], [5, 10]],
    ['loses a deleted head', [5, 8], [3, 6, ''], [3, 5]],
    ['loses a deleted tail', [5, 8], [7, 10, 'q'], [5, 7]],
    ['is gone when all of it is', [5, 8], [5, 8, 'other'], undefined],
  ];
  for (const [name, before, [start, end, text], after] of cases) {
    it(name, () => {
      const moved = moveSpan(span(...before), { start, end, text });
      assert.deepEqual(moved, after && span(...after));
    });
  }

  it('keeps the words of a span that an edit does not touch', () => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.string(),
        fc.nat(),
        fc.nat(),
        fc.nat(),
        fc.nat(),
        (text, insert, a, b, c, d) => {
          const [start, end] = [a % (text.length + 1), b % (text.length + 1)].sort((x, y) => x - y) as [
            number,
            number,
          ];
          const [from, to] = [c % (text.length + 1), d % (text.length + 1)].sort((x, y) => x - y) as [
            number,
            number,
          ];
          fc.pre(start < end && (to <= start || from >= end));
          const edit = { start: from, end: to, text: insert };
          const moved = moveSpan(span(start, end), edit)!;
          const after = applyEdits(text, [edit]);
          assert.equal(after.slice(moved.start, moved.end), text.slice(start, end));
        },
      ),
    );
  });
});

describe('changedStretch', () => {
  it('is nothing without edits', () => assert.equal(changedStretch([]), undefined));

  it('leaves what is before and after it alone', () => {
    const edits = fc.array(
      fc.record({ from: fc.nat(), length: fc.nat(5), text: fc.string({ maxLength: 4 }) }),
      {
        minLength: 1,
      },
    );
    fc.assert(
      fc.property(fc.string({ minLength: 10 }), edits, (text, steps) => {
        let after = text;
        const applied = steps.map(({ from, length, text: inserted }) => {
          const start = from % (after.length + 1);
          const edit = { start, end: Math.min(after.length, start + length), text: inserted };
          after = applyEdits(after, [edit]);
          return edit;
        });
        const { start, end, newEnd } = changedStretch(applied)!;
        assert.equal(text.slice(0, start), after.slice(0, start));
        assert.equal(text.slice(end), after.slice(newEnd));
      }),
    );
  });
});

describe('replaceEntities', () => {
  it('replaces what begins in the range and nothing else', () => {
    const entity = (start: number, end: number, label: string) => ({ start, end, label, score: 1 });
    const before = [entity(0, 9, 'a'), entity(4, 6, 'b'), entity(10, 12, 'c')];
    const after = replaceEntities(before, span(3, 10), [entity(5, 7, 'new')]);
    assert.deepEqual(
      after.map(({ label }) => label),
      ['a', 'new', 'c'],
    );
  });
});
