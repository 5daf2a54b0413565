import type { Resampling } from './bootstrap';
import { assertPaired, ROUNDING, wholeSum } from './bootstrap';
import type { Metric } from './metric';
import type { NoteCounts } from './noteCounts';
import { addRow } from './noteCounts';

/**
 * Approximate randomisation (Noreen 1989; Yeh 2000 for F1): if the two systems did not differ, each note's outputs
 * could as well change owner. p is the share of such exchanges with a difference at least as large, the observed one
 * counted in, two-sided.
 * @returns `difference` is b − a
 * @throws RangeError when the two are not of the same notes in the same order
 */
export function approximateRandomisation(
  a: NoteCounts,
  b: NoteCounts,
  metric: Metric,
  { rounds, rng }: Omit<Resampling, 'level'>,
): { readonly difference: number; readonly p: number } {
  assertPaired(a, b);
  const [wholeA, wholeB] = [wholeSum(a), wholeSum(b)];
  const difference = metric(wholeB) - metric(wholeA);
  let asLarge = 0;
  for (let round = 0; round < rounds; round++) {
    const exchangedA = new Float64Array(wholeA.length);
    for (let note = 0; note < a.notes.length; note++) addRow(exchangedA, rng() < 0.5 ? a : b, note);
    // Whatever one of them has not, the other has.
    const exchangedB = wholeA.map((count, i) => count + wholeB[i]! - exchangedA[i]!);
    const exchanged = metric(exchangedB) - metric(exchangedA);
    if (Math.abs(exchanged) >= Math.abs(difference) - ROUNDING) asLarge++;
  }
  return { difference, p: (asLarge + 1) / (rounds + 1) };
}

/**
 * Holm's step-down correction (1979) of a family of p-values, in their own order: reject those at or below the level,
 * and the chance of any false rejection stays below it.
 */
export function holm(ps: readonly number[]): number[] {
  const order = [...ps.keys()].sort((a, b) => ps[a]! - ps[b]!);
  const adjusted = new Array<number>(ps.length);
  let highest = 0;
  order.forEach((index, rank) => {
    highest = Math.max(highest, Math.min(1, ps[index]! * (ps.length - rank)));
    adjusted[index] = highest;
  });
  return adjusted;
}
