import type { Problem } from '../corpus/document';

/** Annotated notes: a folder of standoff files with all that lies below it, or a file that holds notes. */
export interface FoundCorpus {
  /** Absolute. */
  readonly path: string;
  readonly notes: number;
  /** Notes that have annotations. */
  readonly annotated: number;
  readonly entities: number;
  /** UTF-16 units. */
  readonly characters: number;
  readonly labels: readonly string[];
  /** Of all notes with their annotations, as plans name their corpus. */
  readonly sha256: string;
  /** `file` is absolute. */
  readonly problems: readonly Problem[];
}

/** A folder that training can begin with, or whose model can be evaluated. */
export interface FoundEncoder {
  /** Absolute. */
  readonly path: string;
  readonly name: string;
  /** `bert` or `modernbert`. */
  readonly family: string;
  readonly layers: number;
  readonly hiddenSize: number;
  /** Outputs of its head for tokens; empty where it has none. */
  readonly labels: readonly string[];
  /** Whether it says which notes it has learnt from, so that it can be scored on others. */
  readonly hasSplit: boolean;
}
