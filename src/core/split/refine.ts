import type { Rng } from '../ports';
import { randomBelow } from '../random';
import type { LabelTable } from './labelTable';
import { PartCosts } from './partCosts';
import { wholeSizes } from './sizes';

/** Steps of work for small tables, and more for each occurrence: time stays linear. */
const LEAST_STEPS = 6e5;
const STEPS_PER_OCCURRENCE = 1;
const SAMPLE = 48;

/**
 * Ends a stratification: moves units until every part has its whole size (within one unit where units are groups),
 * then exchanges units of equal size between parts while that lowers the label deviation of `PartCosts`. Iterative
 * stratification alone bounds neither: it lets sizes drift by some notes and never goes back on a choice.
 * Returns new parts, `[units]`, and their cost.
 */
export function refineParts(
  table: LabelTable,
  ratio: readonly number[],
  parts: Int32Array,
  rng: Rng,
): { readonly parts: Int32Array; readonly cost: number } {
  const refined = parts.slice();
  const notes = table.sizes.reduce((sum, size) => sum + size, 0);
  const costs = new PartCosts(table, wholeSizes(notes, ratio), refined);
  fillUp(table, costs, refined, rng);
  exchange(table, costs, refined, rng);
  return { parts: refined, cost: costs.total() };
}

/** While a part is too large and another too small, the unit leaves that costs least among a sample of those that help. */
function fillUp(table: LabelTable, costs: PartCosts, parts: Int32Array, rng: Rng): void {
  const members: number[][] = [...costs.excess].map(() => []);
  for (const [unit, part] of parts.entries()) members[part]!.push(unit);
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

function exchange(table: LabelTable, costs: PartCosts, parts: Int32Array, rng: Rng): void {
  const peers = peersBySize(table.sizes);
  const movable = peers.flat();
  if (movable.length === 0) return;
  const peersOf = new Map(peers.map((units) => [table.sizes[units[0]!]!, units]));
  let steps = LEAST_STEPS + STEPS_PER_OCCURRENCE * table.ids.length;
  // After so many failures in a row every pair of a small table has most likely been tried.
  const patience = 3 * movable.length ** 2;
  for (let failures = 0; steps > 0 && failures < patience; failures++) {
    const a = movable[randomBelow(movable.length, rng)]!;
    const candidates = peersOf.get(table.sizes[a]!)!;
    const b = candidates[randomBelow(candidates.length, rng)]!;
    steps -= 4;
    if (parts[a] === parts[b]) continue;
    steps -= table.starts[a + 1]! - table.starts[a]! + table.starts[b + 1]! - table.starts[b]!;
    if (costs.swapDelta(a, b, parts[a]!, parts[b]!) > -1e-12) continue;
    costs.swap(a, b, parts[a]!, parts[b]!);
    [parts[a], parts[b]] = [parts[b]!, parts[a]!];
    failures = 0;
  }
}

/** Units that share their size with another: only those can be exchanged without changing a part's size. */
function peersBySize(sizes: Int32Array): number[][] {
  const bySize = new Map<number, number[]>();
  for (const [unit, size] of sizes.entries()) {
    const peers = bySize.get(size);
    if (peers) peers.push(unit);
    else bySize.set(size, [unit]);
  }
  return [...bySize.values()].filter((units) => units.length > 1);
}
