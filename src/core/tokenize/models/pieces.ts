/** The pieces a model cuts a word into: ids, and half-open ranges in UTF-16 units of the word. */
export interface Pieces {
  readonly ids: readonly number[];
  readonly starts: readonly number[];
  readonly ends: readonly number[];
}

/** Cuts one pre-token into pieces. */
export type PieceModel = (word: string) => Pieces;

/** Collects pieces from left to right. */
export class PieceList implements Pieces {
  readonly ids: number[] = [];
  readonly starts: number[] = [];
  readonly ends: number[] = [];

  /** Adds a piece of the units [start, end). */
  add(id: number, start: number, end: number): void {
    this.ids.push(id);
    this.starts.push(start);
    this.ends.push(end);
  }

  /** Adds several pieces that all stand for the same units: the bytes of what the vocabulary cannot spell. */
  addAll(ids: readonly number[], start: number, end: number): void {
    for (const id of ids) this.add(id, start, end);
  }
}
