/** The merges of a byte-pair encoding by rank: the ids of what is joined, and of what it becomes. */
export interface Merges {
  readonly lefts: Int32Array;
  readonly rights: Int32Array;
  readonly results: Int32Array;
}

/**
 * Finds the rank of a pair of ids. Half a million merges take 11 MB in typed arrays and are there in tens of
 * milliseconds, where a map by pairs of strings takes more than a second and ten times the memory.
 */
export class MergeTable {
  /** Open addressing with linear probing: rank + 1, or 0 where nothing stands. */
  private readonly slots: Int32Array;
  private readonly shift: number;

  constructor(private readonly merges: Merges) {
    const bits = Math.max(4, Math.ceil(Math.log2(merges.lefts.length * 1.5 + 1)));
    this.shift = 32 - bits;
    this.slots = new Int32Array(2 ** bits);
    merges.lefts.forEach((left, rank) => {
      // Of equal merges the last counts, as in the reference.
      this.slots[this.slotOf(left, merges.rights[rank]!)] = rank + 1;
    });
  }

  /** The rank of joining two ids, the lowest first to be done; -1 where they are not joined. */
  rank(left: number, right: number): number {
    return this.slots[this.slotOf(left, right)]! - 1;
  }

  /** The id that the merge of a rank makes. */
  result(rank: number): number {
    return this.merges.results[rank]!;
  }

  /** The slot of a pair, or the free one where it belongs. */
  private slotOf(left: number, right: number): number {
    const { slots, shift, merges } = this;
    const mask = slots.length - 1;
    // Odd multipliers near the golden ratio spread neighbouring ids over the upper bits.
    let slot = Math.imul(Math.imul(left, 0x9e3779b1) ^ right, 0x85ebca6b) >>> shift;
    for (let found = slots[slot]!; found !== 0; found = slots[slot]!) {
      if (merges.lefts[found - 1] === left && merges.rights[found - 1] === right) break;
      slot = (slot + 1) & mask;
    }
    return slot;
  }
}
