import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { GoldSpan, MarkedNote } from '../../src/core/corpus/inlineMarkup';
import { parseMarkedNotes } from '../../src/core/corpus/inlineMarkup';
import { SEMANTIC_GROUPS } from '../../src/core/labels/groups';
import { sortedSpans } from '../../training/augment/rewrite';

/** A note in the project's markup. */
export function marked(text: string): MarkedNote {
  const { notes, problems } = parseMarkedNotes(text);
  assert.deepEqual(problems, []);
  return notes[0]!;
}

/** The words under a label, in reading order. */
export function wordsOf(note: MarkedNote, label: string): string[] {
  return note.spans
    .filter((span) => span.label === label)
    .map(({ start, end }) => note.text.slice(start, end));
}

/** Every span has words, begins and ends with one, lies in the text, and crosses no other. */
export function assertWellFormed({ text, spans }: MarkedNote): void {
  for (const span of spans) {
    assert.ok(0 <= span.start && span.start < span.end && span.end <= text.length, JSON.stringify(span));
    const words = text.slice(span.start, span.end);
    assert.equal(words, words.trim());
    const crossed = spans.find(
      (other) => span.start < other.start && other.start < span.end && span.end < other.end,
    );
    assert.equal(crossed, undefined, `${JSON.stringify(span)} crosses ${JSON.stringify(crossed)} in ${text}`);
  }
}

type Item = string | { readonly label: string; readonly items: readonly Item[] };

const word = fc.constantFrom(
  ...['paciente', 'edema', 'HAS', 'hipertensão arterial sistêmica', 'MSD', 'direita', 'D', 'losartana 50mg'],
  ...[
    '12/12h',
    '10:30h',
    'PA 120x80',
    '0,9',
    'Maria',
    'ação',
    'ß',
    'º',
    'x',
    '😀',
    'TOT',
    'SpO2 96%',
    'insônia.',
  ],
);
const label = fc.constantFrom(...Object.keys(SEMANTIC_GROUPS));

const { items } = fc.letrec<{ items: readonly Item[]; item: Item }>((tie) => ({
  items: fc.array(tie('item'), { minLength: 1, maxLength: 5 }),
  item: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    word,
    fc.record({ label, items: fc.array(tie('item'), { minLength: 1, maxLength: 3 }) }),
  ),
}));

/** Notes with marks that nest as deep as those of the corpus, and share words. */
export const anyNote: fc.Arbitrary<MarkedNote> = fc
  .tuple(
    fc.array(items, { minLength: 1, maxLength: 6 }).map((groups) => groups.flat()),
    fc.array(fc.constantFrom(' ', ', ', '. ', '\n', '  ', '\n\n', '/'), { minLength: 3, maxLength: 9 }),
  )
  .map(([list, separators]) => written(list, separators));

function written(list: readonly Item[], separators: readonly string[]): MarkedNote {
  let text = '';
  let count = 0;
  const spans: GoldSpan[] = [];
  const write = (item: Item, first: boolean): void => {
    if (!first) text += separators[count++ % separators.length]!;
    if (typeof item === 'string') return void (text += item);
    const start = text.length;
    item.items.forEach((inner, i) => write(inner, i === 0));
    spans.push({ label: item.label, start, end: text.length });
  };
  list.forEach((item, i) => write(item, i === 0));
  return { text, spans: sortedSpans(spans) };
}
