import { LeastFirst } from './leastFirst';
import type { MergeTable } from './mergeTable';

/**
 * Joins neighbouring symbols by rank, of equal ranks the leftmost first, until no two can be joined. `ids` are changed
 * in place (-1 joins nothing); the answer says, for each symbol that is left, where the next begins, and 0 for the others.
 */
export function mergeSymbols(ids: Int32Array, merges: MergeTable): Int32Array {
  const { length } = ids;
  const next = Int32Array.from(ids, (_, i) => i + 1);
  const previous = Int32Array.from(ids, (_, i) => i - 1);
  const waiting = new LeastFirst();
  const offer = (at: number): void => {
    const rank = at < 0 || next[at]! >= length ? -1 : merges.rank(ids[at]!, ids[next[at]!]!);
    // A rank and a place in one number, ordered by rank.
    if (rank >= 0) waiting.push(rank * length + at);
  };
  for (let at = 0; at < length - 1; at++) offer(at);
  for (let least = waiting.pop(); least !== undefined; least = waiting.pop()) {
    const at = least % length;
    const rank = (least - at) / length;
    const right = next[at]!;
    // What was offered may have been joined otherwise since.
    if (right === 0 || right >= length || merges.rank(ids[at]!, ids[right]!) !== rank) continue;
    ids[at] = merges.result(rank);
    const after = next[right]!;
    [next[at], next[right]] = [after, 0];
    if (after < length) previous[after] = at;
    offer(previous[at]!);
    offer(at);
  }
  return next;
}
