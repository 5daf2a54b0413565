import type { Annotation } from './document';
import type { ProblemList } from './corpusFile';
import type { ClaimedSpan, OffsetReading } from './offsetReading';
import { chooseReading, fits } from './offsetReading';

/** A span as a file has it, not yet checked against the note. */
export interface RawSpan extends ClaimedSpan {
  readonly label: string;
  readonly id?: string;
  /** Its own line in the file, where it has one. */
  readonly line?: number | undefined;
}

/**
 * Joins spans that a file can only give one by one: `spans[item]` are those of an item, one a label, and the items of a
 * group are fragments, label by label, of what the first of them begins.
 */
export function joinFragments(
  spans: readonly (readonly RawSpan[])[],
  groups: readonly (readonly number[])[],
): RawSpan[] {
  const joined = spans.map((own) => [...own]);
  for (const [first, ...others] of groups) {
    joined[first!] = joined[first!]!.map((span) => {
      const later = others.flatMap((item) => joined[item]!.filter(({ label }) => label === span.label));
      for (const item of others) joined[item] = joined[item]!.filter((other) => !later.includes(other));
      const surfaces = [span, ...later].flatMap(({ surface }) => surface ?? []);
      return {
        ...span,
        fragments: [span, ...later].flatMap(({ fragments }) => fragments),
        ...(surfaces.length > later.length ? { surface: surfaces.join(' ') } : {}),
      };
    });
  }
  return joined.flat();
}

/**
 * Turns a file's spans into annotations of a note. Offsets are understood as most of the claimed words ask; a span
 * that lies outside the note or is empty is left out with an error, words that lie elsewhere are a warning.
 */
export function placeSpans(
  text: string,
  spans: readonly RawSpan[],
  problems: ProblemList,
  line?: number,
): Annotation[] {
  const reading = chooseReading(text, spans);
  if (reading.name) problems.warn(`offsets count ${reading.name}: the words of more spans fit so`, line);
  return spans.flatMap((span) => placeSpan(text, span, reading, problems, span.line ?? line));
}

/** One span under a reading of the file's offsets; none and an error where it has no place in the note. */
export function placeSpan(
  text: string,
  span: RawSpan,
  reading: OffsetReading,
  problems: ProblemList,
  line?: number,
): Annotation[] {
  const place = span.fragments.map(([start, end]) => `${start}-${end}`).join(';');
  const wrong = whatIsWrong(span, reading.length);
  if (wrong) {
    problems.error(`span ${place} ${wrong}: left out`, line);
    return [];
  }
  const placed = span.fragments.map(([start, end]) => ({
    start: reading.toUtf16(start),
    end: reading.toUtf16(end),
  }));
  const fragments = placed.filter(({ start, end }) => start < end).sort((a, b) => a.start - b.start);
  if (fragments.length === 0) {
    problems.error(`span ${place} holds no character: left out`, line);
    return [];
  }
  if (fragments.some(({ start }, i) => i > 0 && start < fragments[i - 1]!.end)) {
    problems.error(`fragments of span ${place} overlap: left out`, line);
    return [];
  }
  if (span.surface !== undefined && !fits(text, span, reading))
    problems.warn(`span ${place} does not hold the words that the file gives for it`, line);
  return [{ label: span.label, fragments, ...(span.id === undefined ? {} : { id: span.id }) }];
}

function whatIsWrong({ label, fragments }: RawSpan, length: number): string | undefined {
  if (label.trim() === '') return 'has no label';
  if (fragments.length === 0) return 'has no offsets';
  const numbers = fragments.flat();
  if (!numbers.every(Number.isSafeInteger)) return 'has offsets that are no whole numbers';
  if (numbers.some((offset) => offset < 0 || offset > length))
    return `lies outside its note of ${length} characters`;
  if (fragments.some(([start, end]) => start >= end)) return 'is empty';
  return undefined;
}
