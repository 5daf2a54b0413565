import type { Difference, Interval, Resampling } from './bootstrap';
import { assertPaired, drawnSum, drawTimes, percentiles, shiftedP, wholeSum } from './bootstrap';
import type { Metric } from './metric';
import type { NoteCounts } from './noteCounts';
import { studentQuantile, studentTwoSided } from './studentT';

/** Mean and standard deviation (n − 1; undefined of a single run). */
export interface Spread {
  readonly runs: number;
  readonly mean: number;
  readonly deviation: number | undefined;
}

export function spread(values: readonly number[]): Spread {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const deviation = values.length > 1 ? Math.sqrt(squares / (values.length - 1)) : undefined;
  return { runs: values.length, mean, deviation };
}

/**
 * The corrected resampled t-test (Nadeau & Bengio 2003) for runs on repeated random splits, whose training parts
 * overlap, so that an ordinary t-test would be far too sure: the variance grows by test size / training size.
 * @param differences one a split, of the two systems on its test part
 * @param testToTrain size of the test part over that of the training part; 1/3 for 60/20/20
 * @returns the mean with its interval, and two-sided p; 1 where all differences are 0; undefined of fewer than two splits
 */
export function correctedResampledT(
  differences: readonly number[],
  testToTrain: number,
  level = 0.95,
):
  | (Spread & { readonly t: number; readonly low: number; readonly high: number; readonly p: number })
  | undefined {
  const { runs, mean, deviation } = spread(differences);
  if (deviation === undefined) return undefined;
  const error = Math.sqrt((1 / runs + testToTrain) * deviation ** 2);
  const t = error > 0 ? mean / error : mean === 0 ? 0 : Math.sign(mean) * Infinity;
  const reach = error * studentQuantile(level, runs - 1);
  const p = studentTwoSided(t, runs - 1);
  return { runs, mean, deviation, t, low: mean - reach, high: mean + reach, p };
}

/** A difference of means with its interval, and the chance of one as large where there is none. */
export interface MeanDifference extends Interval {
  /** Two-sided. */
  readonly p: number;
  /** Of freedom, of Student's t. */
  readonly degrees: number;
}

/**
 * Welch's t-test (1947) with the variance of Nadeau & Bengio (2003), for two systems that were each run on repeated
 * random splits of one corpus, but on different ones (a random and a stratified split cannot be the same). Each mean's
 * variance is (1/n + test/train) s², since splits of one corpus overlap; degrees of freedom after Welch–Satterthwaite.
 * That both come from the same notes makes their means move together, which is left out: it errs on the safe side.
 * @param a figures of the baseline's runs, `b` of the system's; at least two each
 * @returns b − a
 */
export function correctedWelchT(
  a: readonly number[],
  b: readonly number[],
  testToTrain: number,
  level = 0.95,
): MeanDifference | undefined {
  const [baseline, system] = [spread(a), spread(b)];
  if (baseline.deviation === undefined || system.deviation === undefined) return undefined;
  const variances = [baseline, system].map(
    ({ runs, deviation }) => (1 / runs + testToTrain) * deviation! ** 2,
  );
  const variance = variances[0]! + variances[1]!;
  const shares = [a, b].map(({ length }, i) => (variances[i]! / variance) ** 2 / (length - 1));
  const degrees = variance > 0 ? 1 / (shares[0]! + shares[1]!) : Math.min(a.length, b.length) - 1;
  const value = system.mean - baseline.mean;
  const error = Math.sqrt(variance);
  const t = error > 0 ? value / error : value === 0 ? 0 : Math.sign(value) * Infinity;
  const reach = error * studentQuantile(level, degrees);
  return { value, low: value - reach, high: value + reach, p: studentTwoSided(t, degrees), degrees };
}

/** How the runs of two systems belong together: by seed (the same split or initialisation), or not at all. */
export type Pairing = 'paired' | 'unpaired';

/**
 * The multi-bootstrap (Sellam et al. 2022, "The MultiBERTs") for runs with several seeds on the same test notes: draws
 * seeds and notes anew, so that the interval and p hold for new seeds and new notes, and ten runs over the same notes
 * do not pass for ten times the notes. The figure is the mean over seeds of the metric, b − a.
 * @param a the counts of each seed's run; with `paired`, `b[i]` has the seed of `a[i]`
 * @throws RangeError when runs are of different notes or labels, or paired runs differ in number
 */
export function multiBootstrap(
  a: readonly NoteCounts[],
  b: readonly NoteCounts[],
  metric: Metric,
  { rounds, rng, level }: Resampling,
  pairing: Pairing = 'paired',
): Difference {
  for (const table of [...a, ...b]) assertPaired(a[0]!, table);
  if (pairing === 'paired' && a.length !== b.length) throw new RangeError('paired runs differ in number');
  const meanOver = (
    tables: readonly NoteCounts[],
    seeds: Uint32Array,
    sum: (table: NoteCounts) => Float64Array,
  ) =>
    tables.reduce((total, table, i) => total + (seeds[i]! > 0 ? seeds[i]! * metric(sum(table)) : 0), 0) /
    tables.length;
  const once = (tables: readonly NoteCounts[]): Uint32Array => new Uint32Array(tables.length).fill(1);
  const value = meanOver(b, once(b), wholeSum) - meanOver(a, once(a), wholeSum);
  const differences = new Float64Array(rounds);
  for (let round = 0; round < rounds; round++) {
    const notes = drawTimes(a[0]!.notes.length, rng);
    const seedsA = drawTimes(a.length, rng);
    const seedsB = pairing === 'paired' ? seedsA : drawTimes(b.length, rng);
    const sum = (table: NoteCounts): Float64Array => drawnSum(table, notes);
    differences[round] = meanOver(b, seedsB, sum) - meanOver(a, seedsA, sum);
  }
  return { value, ...percentiles(differences, level), p: shiftedP(differences, value) };
}
