/**
 * The column with the fewest notes left, in constant time: columns hang in doubly linked lists by how many notes they
 * have left, and move down as notes are given away. A column with none is gone.
 */
export class RarestFirst {
  private readonly heads: Int32Array;
  private readonly next: Int32Array;
  private readonly previous: Int32Array;
  /** Which list a column hangs in; 0 is none. */
  private readonly level: Int32Array;
  private lowest = 1;

  /** `left[column]` notes; shared with the caller, who calls `changed` after lowering one. Later columns win ties. */
  constructor(
    private readonly left: Int32Array,
    columns: Iterable<number>,
  ) {
    const most = left.reduce((a, b) => Math.max(a, b), 0);
    this.heads = new Int32Array(most + 2).fill(-1);
    this.next = new Int32Array(left.length).fill(-1);
    this.previous = new Int32Array(left.length).fill(-1);
    this.level = new Int32Array(left.length);
    for (const column of columns) this.hang(column);
  }

  /** -1 when no column has notes left. */
  rarest(): number {
    while (this.lowest < this.heads.length && this.heads[this.lowest] === -1) this.lowest++;
    return this.heads[this.lowest] ?? -1;
  }

  /** Columns that were never given or are gone stay out. */
  changed(column: number): void {
    if (this.level[column] === 0) return;
    this.unhang(column);
    this.hang(column);
  }

  private hang(column: number): void {
    const level = this.left[column]!;
    this.level[column] = level;
    if (level === 0) return;
    const head = this.heads[level]!;
    this.next[column] = head;
    this.previous[column] = -1;
    if (head >= 0) this.previous[head] = column;
    this.heads[level] = column;
    if (level < this.lowest) this.lowest = level;
  }

  private unhang(column: number): void {
    const [before, after] = [this.previous[column]!, this.next[column]!];
    if (before >= 0) this.next[before] = after;
    else this.heads[this.level[column]!] = after;
    if (after >= 0) this.previous[after] = before;
  }
}
