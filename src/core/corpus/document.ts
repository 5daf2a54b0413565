import type { Span } from '../text/entity';

/** A span that a person or a tool marked; more than one fragment where it is discontinuous. Offsets are UTF-16. */
export interface Annotation {
  readonly label: string;
  /** In reading order, at least one, none overlapping. */
  readonly fragments: readonly Span[];
  /** The format's own name of it (`T1`), where it has one. */
  readonly id?: string;
}

/** A note with the annotations of one annotator. */
export interface CorpusDocument {
  /** Unique in its corpus: the file, with the record's place where a file holds several. */
  readonly id: string;
  /** The note's own text, line breaks as they are. */
  readonly text: string;
  readonly annotations: readonly Annotation[];
  readonly annotator?: string;
  /** Notes of one group (one patient, say) stay in one part of a split. Notes of the same text always do. */
  readonly group?: string;
  /** What the format holds besides (BRAT's relations, attributes and notes), written back as it was. */
  readonly rest?: unknown;
}

/**
 * Something a person should know about a corpus file, and where: `line` counts from 1. Information is no more than that:
 * there is nothing to mend.
 */
export interface Problem {
  readonly file: string;
  readonly line?: number;
  readonly severity: 'error' | 'warning' | 'information';
  readonly message: string;
}

/** What a reader makes of a file: every document it holds, and every problem it met. Never throws on bad input. */
export interface ReadResult {
  readonly documents: readonly CorpusDocument[];
  readonly problems: readonly Problem[];
}
