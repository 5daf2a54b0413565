import type { Rng } from '../ports';
import { randomBelow } from '../random';
import type { LabelTable } from './labelTable';
import { PartCosts } from './partCosts';
import { wholeSizes } from './sizes';

/** Units that are looked at for one that evens sizes out. */
const SAMPLE = 48;

/**
 * Ends a stratification: moves units until every part has its whole size (within one unit where units are groups),
 * then exchanges units of equal size between parts while that lowers the label deviation of `PartCosts`. Iterative
 * stratification alone bounds neither: it lets sizes drift by some notes and never goes back on a choice.
 * Returns new parts, `[units]`, and their cost.
 * @param steps how much work exchanges may be: looking at a pair of units takes 4 and one for each of their columns
 */
export function refineParts(
  table: LabelTable,
  ratio: readonly number[],
  parts: Int32Array,
  steps: number,
  rng: Rng,
): { readonly parts: Int32Array; readonly cost: number } {
  const refined = parts.slice();
  const notes = table.sizes.reduce((sum, size) => sum + size, 0);
  const costs = new PartCosts(table, wholeSizes(notes, ratio), refined);
  fillUp(table, costs, refined, rng);
  exchange(table, costs, refined, steps, rng);
  return { parts: refined, cost: costs.total() };
}

/** While a part is too large and another too small, the unit leaves that costs least among a sample of those that help. */
function fillUp(table: LabelTable, costs: PartCosts, parts: Int32Array, rng: Rng): void {
  if (costs.excess.every((excess) => excess === 0)) return;
  const members: number[][] = [...costs.excess].map(() => []);
  for (let unit = 0; unit < parts.length; unit++) members[parts[unit]!]!.push(unit);
  for (;;) {
    const moved = mostUneven(costs.excess).some(([from, to]) => {
      const at = cheapestMove(table, costs, members[from]!, from, to, rng);
      if (at < 0) return false;
      const unit = members[from]![at]!;
      members[from]![at] = members[from]!.at(-1)!;
      members[from]!.pop();
      members[to]!.push(unit);
      costs.move(unit, from, to);
      parts[unit] = to;
      return true;
    });
    if (!moved) return;
  }
}

/** Pairs of a part with too many notes and one with too few, the most uneven first. */
function mostUneven(excess: Int32Array): [number, number][] {
  const parts = [...excess.keys()];
  return parts
    .filter((from) => excess[from]! > 0)
    .flatMap((from) => parts.filter((to) => excess[to]! < 0).map((to): [number, number] => [from, to]))
    .sort(([a, b], [c, d]) => excess[c]! - excess[d]! - (excess[a]! - excess[b]!));
}

/** Place of the unit to move, -1 where every unit is so large that the sizes would be no better. */
function cheapestMove(
  table: LabelTable,
  costs: PartCosts,
  members: readonly number[],
  from: number,
  to: number,
  rng: Rng,
): number {
  const gap = costs.excess[from]! - costs.excess[to]!;
  let [best, bestCost, seen] = [-1, Infinity, 0];
  const start = randomBelow(members.length, rng);
  for (let i = 0; i < members.length && seen < SAMPLE; i++) {
    const at = (start + i) % members.length;
    if (table.sizes[members[at]!]! >= gap) continue;
    seen++;
    const cost = costs.moveDelta(members[at]!, from, to);
    if (cost < bestCost) [best, bestCost] = [at, cost];
  }
  return best;
}

function exchange(table: LabelTable, costs: PartCosts, parts: Int32Array, steps: number, rng: Rng): void {
  const { units, first, last } = peersBySize(table.sizes);
  if (units.length === 0) return;
  // After so many failures in a row every pair of a small table has most likely been tried.
  const patience = 3 * units.length ** 2;
  for (let failures = 0; steps > 0 && failures < patience; failures++) {
    const place = randomBelow(units.length, rng);
    const a = units[place]!;
    const b = units[first[place]! + randomBelow(last[place]! - first[place]!, rng)]!;
    const [partOfA, partOfB] = [parts[a]!, parts[b]!];
    steps -= 4;
    if (partOfA === partOfB) continue;
    steps -= table.starts[a + 1]! - table.starts[a]! + table.starts[b + 1]! - table.starts[b]!;
    if (costs.swapDelta(a, b, partOfA, partOfB) > -1e-12) continue;
    costs.swap(a, b, partOfA, partOfB);
    parts[a] = partOfB;
    parts[b] = partOfA;
    failures = 0;
  }
}

/** Units by size; a unit's peers, those of its size, stand from `first` to before `last` of its place. */
interface Peers {
  readonly units: Int32Array;
  readonly first: Int32Array;
  readonly last: Int32Array;
}

/** Units that share their size with another: only those can be exchanged without changing a part's size. */
function peersBySize(sizes: Int32Array): Peers {
  let largest = 0;
  for (let unit = 0; unit < sizes.length; unit++) largest = Math.max(largest, sizes[unit]!);
  const ends = new Int32Array(largest + 1);
  for (let unit = 0; unit < sizes.length; unit++) ends[sizes[unit]!]!++;
  let total = 0;
  for (let size = 0; size <= largest; size++) ends[size] = total += ends[size]! > 1 ? ends[size]! : 0;
  const peers: Peers = {
    units: new Int32Array(total),
    first: new Int32Array(total),
    last: new Int32Array(total),
  };
  const next = ends.slice();
  for (let unit = sizes.length - 1; unit >= 0; unit--) {
    const size = sizes[unit]!;
    const [from, to] = [size > 0 ? ends[size - 1]! : 0, ends[size]!];
    if (from === to) continue;
    const place = --next[size]!;
    peers.units[place] = unit;
    peers.first[place] = from;
    peers.last[place] = to;
  }
  return peers;
}
