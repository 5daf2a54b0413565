import type { Annotation, CorpusDocument, Problem } from './document';
import type { CodePoint } from '../text/offsets';
import { offsetMap } from '../text/offsets';

/** A file to be written; its bytes are the text's UTF-8. */
export interface WrittenFile {
  readonly name: string;
  readonly text: string;
}

/** What a writer makes of documents; a problem says what the format could not hold. */
export interface WriteResult {
  readonly files: readonly WrittenFile[];
  readonly problems: readonly Problem[];
}

/** A span in code points, as the formats count. */
export interface CodePointSpan {
  readonly start: CodePoint;
  readonly end: CodePoint;
  readonly label: string;
  readonly text: string;
  readonly id?: string;
  /** Which annotation of the document this is one of several fragments of. */
  readonly whole?: number;
}

/** Collects what a format cannot hold: one problem a kind and document. */
export class Losses {
  readonly problems: Problem[] = [];

  add(document: CorpusDocument, message: string): void {
    this.problems.push({ file: document.id, severity: 'warning', message });
  }
}

/** The spans of a document for a format that knows only contiguous ones: of a discontinuous annotation one a fragment. */
export function contiguous(document: CorpusDocument): CodePointSpan[] {
  const { toCodePoint } = offsetMap(document.text);
  return document.annotations.flatMap(({ label, fragments, id }: Annotation, whole) =>
    fragments.map(({ start, end }) => ({
      start: toCodePoint(start),
      end: toCodePoint(end),
      label,
      text: document.text.slice(start, end),
      ...(id === undefined ? {} : { id }),
      ...(fragments.length > 1 ? { whole } : {}),
    })),
  );
}

/**
 * Which items of a written list are fragments of one annotation, by their places in it. The formats have no word for
 * it; other tools keep it as metadata or pass it over, and see the fragments as spans of their own.
 */
export function discontinuous(items: readonly (readonly CodePointSpan[])[]): {
  readonly discontinuous?: readonly (readonly number[])[];
} {
  const wholes = new Map<number, number[]>();
  for (const [place, [span]] of items.entries()) {
    if (span?.whole !== undefined) wholes.set(span.whole, [...(wholes.get(span.whole) ?? []), place]);
  }
  return wholes.size === 0 ? {} : { discontinuous: [...wholes.values()] };
}

/** Reports what the format that a document came from holds besides, when it is not this one. */
export function restOf<T>(document: CorpusDocument, format: string, losses: Losses): T | undefined {
  const rest = document.rest as { format?: unknown; content?: T } | undefined;
  if (rest === undefined) return undefined;
  if (rest.format === format) return rest.content;
  losses.add(document, `what ${String(rest.format)} holds besides text and spans is left out`);
  return undefined;
}

/** Reports that a format has no place for annotators or groups. */
export function loseProvenance(document: CorpusDocument, losses: Losses): void {
  if (document.annotator !== undefined) losses.add(document, 'the annotator’s name is left out');
  if (document.group !== undefined) losses.add(document, 'the group is left out');
}

/** Lone halves of surrogate pairs have no UTF-8: they become U+FFFD, which is reported. */
export function wellFormed(document: CorpusDocument, losses: Losses): string {
  if (!/\p{Surrogate}/u.test(document.text)) return document.text;
  losses.add(document, 'half surrogate pairs are written as U+FFFD');
  return document.text.replace(/\p{Surrogate}/gu, '\ufffd');
}
