import type { Annotation } from '../corpus/document';
import type { GoldSpan } from '../corpus/inlineMarkup';
import { parseMarkedNotes } from '../corpus/inlineMarkup';
import { SEMANTIC_GROUPS } from '../labels/groups';
import type { Correction, Rewritten } from './correction';
import { corrected, isSameAnnotation } from './correction';

/**
 * A note in the project's inline markup with one correction. Marks nest, so that a span which crosses another one has
 * no place in it, nor has a discontinuous one, nor a label that is no semantic group.
 */
export function correctMarkup(marked: string, correction: Correction): Rewritten {
  const { notes, problems } = parseMarkedNotes(marked);
  const [note] = notes;
  if (!note || problems.length > 0) return { refusal: 'unsafe' };
  const before = note.spans.map(({ label, start, end }): Annotation => ({
    label,
    fragments: [{ start, end }],
  }));
  if (correction.kind !== 'add' && !before.some((one) => isSameAnnotation(one, correction.annotation)))
    return { refusal: 'gone' };
  const wanted =
    correction.kind === 'add' ? correction.annotation : correction.kind === 'change' && correction.to;
  if (wanted && !(wanted.label in SEMANTIC_GROUPS)) return { refusal: 'label' };
  if (wanted && wanted.fragments.length > 1) return { refusal: 'span' };
  const spans = corrected(before, correction).map(({ label, fragments }) => ({ label, ...fragments[0]! }));
  return nests(spans) ? { text: withMarks(note.text, spans) } : { refusal: 'span' };
}

function nests(spans: readonly GoldSpan[]): boolean {
  return spans.every((one) =>
    spans.every((other) => !(one.start < other.start && other.start < one.end && one.end < other.end)),
  );
}

/** Marks written back; of those on the same words, the one that was read first is the inner one. */
function withMarks(text: string, spans: readonly GoldSpan[]): string {
  const outermostFirst = [...spans].reverse().sort((a, b) => a.start - b.start || b.end - a.end);
  const open: number[] = [];
  let [marked, at] = ['', 0];
  const upTo = (place: number): void => {
    while (open.length > 0 && open.at(-1)! <= place) {
      marked += `${text.slice(at, open.at(-1))}⟧`;
      at = open.pop()!;
    }
    marked += text.slice(at, place);
    at = place;
  };
  for (const { label, start, end } of outermostFirst) {
    upTo(start);
    marked += `⟦${SEMANTIC_GROUPS[label]!} `;
    open.push(end);
  }
  upTo(text.length);
  return marked;
}
