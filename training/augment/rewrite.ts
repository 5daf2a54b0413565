import type { GoldSpan, MarkedNote } from '../../src/core/corpus/inlineMarkup';
import type { Edit } from '../../src/core/text/edit';
import { compareSpans } from '../../src/core/text/entity';

/**
 * Applies edits to a note, all in the coordinates of its present text, and moves its spans.
 *
 * A span goes on covering what it covered: what is replaced inside it makes it longer or shorter, words that are
 * exchanged as a whole leave it around the new ones, what is inserted at its edges stays outside. An edit that would
 * break that is left out: one that cuts through an edge of a span or swallows a smaller span, one that puts a blank or
 * nothing at an edge, and one that overlaps an edit before it.
 */
export function rewrite(note: MarkedNote, edits: readonly Edit[]): MarkedNote {
  const kept = harmless(note.spans, edits);
  if (kept.length === 0) return note;
  const spans = note.spans.map((span) => moved(span, kept));
  return { text: textAfter(note.text, kept), spans: sortedSpans(spans) };
}

/** Spans in reading order, each once. */
export function sortedSpans(spans: readonly GoldSpan[]): GoldSpan[] {
  const sorted = [...spans].sort(compareSpans);
  return sorted.filter((span, i) => i === 0 || compareSpans(span, sorted[i - 1]!) !== 0);
}

/** The edits that can be applied together, in order of their places. */
function harmless(spans: readonly GoldSpan[], edits: readonly Edit[]): Edit[] {
  const kept: Edit[] = [];
  let end = 0;
  for (const edit of [...edits].sort((a, b) => a.start - b.start || a.end - b.end)) {
    if (edit.start < end || spans.some((span) => harms(edit, span))) continue;
    kept.push(edit);
    end = edit.end;
  }
  return kept;
}

function harms({ start, end, text }: Edit, span: GoldSpan): boolean {
  if (end <= span.start || span.end <= start) return false;
  if (start < span.start || span.end < end) return true;
  return (start === span.start && !/^\S/.test(text)) || (end === span.end && !/\S$/.test(text));
}

function moved(span: GoldSpan, edits: readonly Edit[]): GoldSpan {
  let [start, end] = [span.start, span.end];
  for (const edit of edits) {
    const grown = edit.text.length - (edit.end - edit.start);
    if (edit.end <= span.start) start += grown;
    // What is inserted at the end stays outside.
    if (edit.end <= span.end && edit.start < span.end) end += grown;
  }
  return { ...span, start, end };
}

function textAfter(text: string, edits: readonly Edit[]): string {
  const pieces: string[] = [];
  let at = 0;
  for (const edit of edits) {
    pieces.push(text.slice(at, edit.start), edit.text);
    at = edit.end;
  }
  return pieces.join('') + text.slice(at);
}
