import type { Rng } from '../ports';
import { randomBelow } from '../random';
import type { Metric } from './metric';
import type { NoteCounts } from './noteCounts';
import { addRow, rowWidth } from './noteCounts';

export interface Resampling {
  /** How often notes are drawn anew. */
  readonly rounds: number;
  readonly rng: Rng;
  /** Of the confidence intervals, 0.95 by default. */
  readonly level?: number;
}

export interface Interval {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/**
 * Percentile bootstrap intervals (Efron & Tibshirani 1993, chapter 13) of several metrics at once. Notes, or whatever
 * the rows are (`mergeNotes` makes them groups), are drawn with replacement.
 */
export function bootstrapIntervals<Name extends string>(
  table: NoteCounts,
  metrics: Readonly<Record<Name, Metric>>,
  { rounds, rng, level }: Resampling,
): Record<Name, Interval> {
  const names = Object.keys(metrics) as Name[];
  const values = names.map(() => new Float64Array(rounds));
  for (let round = 0; round < rounds; round++) {
    const sum = drawnSum(table, drawTimes(table.notes.length, rng));
    names.forEach((name, i) => (values[i]![round] = metrics[name](sum)));
  }
  const whole = wholeSum(table);
  const intervals = names.map((name, i) => {
    const value = metrics[name](whole);
    return [name, { value, ...percentiles(values[i]!, level) }];
  });
  return Object.fromEntries(intervals) as Record<Name, Interval>;
}

/** A difference between two systems, `b − a`. */
export interface Difference extends Interval {
  /** Two-sided. */
  readonly p: number;
}

/**
 * Paired bootstrap over notes: both systems are scored on the same draws. The interval is by percentiles; p is the
 * share of draws whose difference lies as far from the observed one as that lies from 0 (Berg-Kirkpatrick, Burkett &
 * Klein 2012), the observed sample counted in (Davison & Hinkley 1997), so that it is never 0.
 * @throws RangeError when the two are not of the same notes in the same order
 */
export function pairedBootstrap(
  a: NoteCounts,
  b: NoteCounts,
  metric: Metric,
  { rounds, rng, level }: Resampling,
): Difference {
  assertPaired(a, b);
  const value = metric(wholeSum(b)) - metric(wholeSum(a));
  const differences = new Float64Array(rounds);
  for (let round = 0; round < rounds; round++) {
    const times = drawTimes(a.notes.length, rng);
    differences[round] = metric(drawnSum(b, times)) - metric(drawnSum(a, times));
  }
  return { value, ...percentiles(differences, level), p: shiftedP(differences, value) };
}

/** Two-sided p of a bootstrap distribution, shifted so that no difference is its centre. */
export function shiftedP(differences: Float64Array, observed: number): number {
  const far = differences.reduce(
    (count, one) => count + Number(Math.abs(one - observed) >= Math.abs(observed) - ROUNDING),
    0,
  );
  return (far + 1) / (differences.length + 1);
}

/** Sums of the same rates in another order may differ by this much and still be equal. */
export const ROUNDING = 1e-12;

/** How often each of `count` rows is drawn when as many are drawn with replacement. */
export function drawTimes(count: number, rng: Rng): Uint32Array {
  const times = new Uint32Array(count);
  for (let i = 0; i < count; i++) times[randomBelow(count, rng)]!++;
  return times;
}

export function drawnSum(table: NoteCounts, times: Uint32Array): Float64Array {
  const sum = new Float64Array(rowWidth(table));
  for (let note = 0; note < times.length; note++) if (times[note]! > 0) addRow(sum, table, note, times[note]);
  return sum;
}

export function wholeSum(table: NoteCounts): Float64Array {
  return drawnSum(table, new Uint32Array(table.notes.length).fill(1));
}

/** The middle `level` of a bootstrap distribution, by linear interpolation between order statistics. */
export function percentiles(values: Float64Array, level = 0.95): { low: number; high: number } {
  const sorted = values.slice().sort();
  const at = (share: number): number => {
    const place = share * (sorted.length - 1);
    const [below, above] = [sorted[Math.floor(place)] ?? NaN, sorted[Math.ceil(place)] ?? NaN];
    return below + (above - below) * (place - Math.floor(place));
  };
  return { low: at((1 - level) / 2), high: at((1 + level) / 2) };
}

/** @throws RangeError when the tables are not of the same labels and notes in the same order */
export function assertPaired(a: NoteCounts, b: NoteCounts): void {
  const equal = (left: readonly string[], right: readonly string[]): boolean =>
    left.length === right.length && left.every((one, i) => one === right[i]);
  if (!equal(a.labels, b.labels)) throw new RangeError('the two systems were scored on different labels');
  if (!equal(a.notes, b.notes)) throw new RangeError('the two systems were scored on different notes');
}
