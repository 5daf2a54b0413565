import assert from 'node:assert/strict';
import fc from 'fast-check';
import { applyEdits, changedStretch } from '../../../src/core/text/edit';
import { cutText, cutWindows, halveWindow, recutText, windowSizes } from '../../../src/core/predict/windows';

const sizes = { whole: 200, core: 120, context: 30 };
const words = fc.array(
  fc.constantFrom('dor', 'abdominal', 'PA', '120x80.', 'edema;', '\n', 'MMII\n', '😀', '\t'),
  {
    maxLength: 600,
  },
);
const texts = words.map((list) => list.join(' '));
const seeded = (n: number) =>
  Array.from({ length: n }, (_, i) => `palavra${(i * 7919) % 1013}${i % 9 ? '' : '.\n'}`).join(' ');

describe('cutWindows', () => {
  it('covers any text without gap or overlap, within its sizes', () => {
    fc.assert(
      fc.property(texts, (text) => {
        let end = 0;
        for (const window of cutWindows(text, sizes)) {
          assert.equal(window.start, end);
          assert.ok(window.end > window.start);
          assert.ok(window.end - window.start <= Math.max(sizes.core, sizes.whole));
          assert.ok(window.contextStart <= window.start && window.contextEnd >= window.end);
          assert.ok(window.contextStart >= window.start - sizes.context);
          assert.ok(window.contextEnd <= window.end + sizes.context || window.contextEnd === text.length);
          end = window.end;
        }
        assert.equal(end, text.length);
      }),
    );
  });

  it('is one window for a short text and none for an empty one', () => {
    assert.equal(cutWindows('dor abdominal', sizes).length, 1);
    assert.deepEqual(cutWindows('', sizes), []);
  });

  it('moves only cuts near an edit', () => {
    const text = seeded(2000);
    const at = text.indexOf(' ', text.length >> 1);
    const edited = `${text.slice(0, at)} novo achado${text.slice(at)}`;
    const shift = edited.length - text.length;
    const starts = new Set(cutWindows(text, sizes).map(({ start }) => (start > at ? start + shift : start)));
    const changed = cutWindows(edited, sizes).filter(({ start }) => !starts.has(start));
    assert.ok(changed.length <= 4, `${changed.length} windows moved`);
    assert.ok(changed.every(({ start }) => Math.abs(start - at) < 10 * sizes.core));
  });

  it('cuts a text without any white space too, never inside a surrogate pair', () => {
    const text = '😀'.repeat(5000);
    const windows = cutWindows(text, { whole: 101, core: 71, context: 11 });
    assert.ok(windows.length > 100);
    assert.ok(windows.every(({ start }) => start % 2 === 0));
  });

  it('stays fast on megabytes without any white space', function () {
    this.timeout(20_000);
    assert.ok(cutWindows('x'.repeat(5_000_000), windowSizes(512)).length > 5000);
  });

  it('stays linear on a megabyte', () => {
    const text = seeded(80_000);
    const windows = cutWindows(text, windowSizes(512));
    assert.ok(windows.length > 500 && windows.length < 5000);
  });
});

describe('recutText', () => {
  const edit = fc.record({
    at: fc.nat(),
    length: fc.nat(60),
    text: fc.constantFrom('', 'x', ' ', '\n', ' dor nova. '),
  });

  it('cuts as if it had never seen the text before the edits', () => {
    fc.assert(
      fc.property(texts, fc.array(edit, { minLength: 1, maxLength: 3 }), (text, steps) => {
        let after = text;
        const edits = steps.map(({ at, length, text: inserted }) => {
          const start = at % (after.length + 1);
          const one = { start, end: Math.min(after.length, start + length), text: inserted };
          after = applyEdits(after, [one]);
          return one;
        });
        const { windows, anchors } = recutText(after, sizes, cutText(text, sizes), changedStretch(edits)!);
        assert.deepEqual({ windows, anchors }, cutText(after, sizes));
      }),
      { numRuns: 1000 },
    );
  });

  it('keeps all but the windows near the edit', () => {
    const text = seeded(20_000);
    const before = cutText(text, sizes);
    const at = text.length >> 1;
    const after = recutText(`${text.slice(0, at)}x${text.slice(at)}`, sizes, before, {
      start: at,
      end: at,
      newEnd: at + 1,
    });
    assert.ok(after.windows.length - after.head - after.tail < 20);
  });
});

describe('halveWindow', () => {
  it('gives two windows that cover the one', () => {
    const text = seeded(40);
    const window = { start: 0, end: text.length, contextStart: 0, contextEnd: text.length };
    const [left, right] = halveWindow(text, window)!;
    assert.equal(left.start, 0);
    assert.equal(left.end, right.start);
    assert.equal(right.end, text.length);
  });
});
