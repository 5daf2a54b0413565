/**
 * The size of a maximum matching of a bipartite graph: the most pairs in which nobody occurs twice. Augmenting paths
 * found breadth first (Berge 1957), from a greedy start; no recursion, so long chains are no danger.
 * @param neighbours of each left vertex, the right vertices it may be paired with, numbered from 0
 */
export function maximumMatching(neighbours: readonly (readonly number[])[], rights: number): number {
  const matching: Matching = {
    rightOf: new Int32Array(neighbours.length).fill(-1),
    leftOf: new Int32Array(rights).fill(-1),
  };
  let size = 0;
  neighbours.forEach((candidates, left) => {
    const free = candidates.find((right) => matching.leftOf[right] === -1);
    if (free === undefined) return;
    pair(matching, left, free);
    size++;
  });
  for (let left = 0; left < neighbours.length; left++) {
    if (matching.rightOf[left] === -1 && augment(matching, neighbours, left)) size++;
  }
  return size;
}

/** Partners by vertex, -1 for none. */
interface Matching {
  readonly rightOf: Int32Array;
  readonly leftOf: Int32Array;
}

function pair({ rightOf, leftOf }: Matching, left: number, right: number): void {
  rightOf[left] = right;
  leftOf[right] = left;
}

/** Finds a partner for `root` by having others change theirs, if that is possible. */
function augment(matching: Matching, neighbours: readonly (readonly number[])[], root: number): boolean {
  const reachedFrom = new Map<number, number>();
  const queue = [root];
  for (let head = 0; head < queue.length; head++) {
    const left = queue[head]!;
    for (const right of neighbours[left]!) {
      if (reachedFrom.has(right)) continue;
      reachedFrom.set(right, left);
      const partner = matching.leftOf[right]!;
      if (partner === -1) {
        flip(matching, reachedFrom, right);
        return true;
      }
      queue.push(partner);
    }
  }
  return false;
}

/** Pairs along the path that ends at `right`, from its end back to its root. */
function flip(matching: Matching, reachedFrom: ReadonlyMap<number, number>, right: number): void {
  for (let at = right; at !== -1;) {
    const left = reachedFrom.get(at)!;
    const before = matching.rightOf[left]!;
    pair(matching, left, at);
    at = before;
  }
}
