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
}

/** Collects what a format cannot hold: one problem a kind and document. */
export class Losses {
  readonly problems: Problem[] = [];

  add(document: CorpusDocument, message: string): void {
    this.problems.push({ file: document.id, severity: 'warning', message });
  }
}

/**
 * The spans of a document for a format that knows only contiguous ones: a discontinuous annotation becomes one span
 * a fragment, which is reported.
 */
export function contiguous(document: CorpusDocument, losses: Losses): CodePointSpan[] {
  const { toCodePoint } = offsetMap(document.text);
  const torn = document.annotations.filter(({ fragments }) => fragments.length > 1).length;
  if (torn > 0) losses.add(document, `${torn} discontinuous annotations are written as their fragments`);
  return document.annotations.flatMap(({ label, fragments, id }: Annotation) =>
    fragments.map(({ start, end }) => ({
      start: toCodePoint(start),
      end: toCodePoint(end),
      label,
      text: document.text.slice(start, end),
      ...(id === undefined || fragments.length > 1 ? {} : { id }),
    })),
  );
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
