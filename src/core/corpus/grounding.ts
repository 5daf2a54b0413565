import type { ProblemList } from './corpusFile';
import { offsetMap } from '../text/offsets';
import type { RawSpan } from './placeSpans';

/**
 * Gives spans that only quote the note (no fragments) their place: each is sought after the one before it, so that
 * repeated mentions fall on repeated places; one out of order is sought from the beginning among the places that its
 * label has not taken. What is not in the note is an error.
 */
export function groundInOrder(
  text: string,
  spans: readonly RawSpan[],
  problems: ProblemList,
  line?: number,
): RawSpan[] {
  if (spans.every(({ fragments }) => fragments.length > 0)) return [...spans];
  const { toCodePoint } = offsetMap(text);
  const taken = new Set<string>();
  let after = 0;
  return spans.flatMap((span) => {
    if (span.fragments.length > 0) return [span];
    const at = findFree(text, span, taken, after);
    if (at < 0) {
      problems.error('an annotation whose words are not in the note: left out', line);
      return [];
    }
    taken.add(placeKey(span, at));
    after = Math.max(after, at);
    const end = at + span.surface!.length;
    return [{ ...span, fragments: [[toCodePoint(at), toCodePoint(end)] as const] }];
  });
}

const placeKey = ({ label, surface }: RawSpan, at: number): string => JSON.stringify([label, surface, at]);

function findFree(text: string, span: RawSpan, taken: ReadonlySet<string>, after: number): number {
  const words = span.surface ?? '';
  if (words === '') return -1;
  for (const from of [after, 0]) {
    let at = text.indexOf(words, from);
    while (at >= 0 && taken.has(placeKey(span, at))) at = text.indexOf(words, at + 1);
    if (at >= 0) return at;
  }
  return -1;
}
