import { pairedBootstrap, wholeSum } from './bootstrap';
import type { Interval, Resampling } from './bootstrap';
import type { CountTables } from './evaluation';
import { macro, micro, ofLabel } from './metric';
import type { Metric, RateName } from './metric';
import { alignLabels, mergeNotes } from './noteCounts';
import type { NoteCounts } from './noteCounts';
import { approximateRandomisation, holm } from './randomisation';
import { correctedResampledT, correctedWelchT, multiBootstrap, spread } from './repeatedRuns';
import type { Spread } from './repeatedRuns';

/** One metric of one view, of a baseline and a system. */
export interface Comparison {
  readonly system: string;
  /** The view's table and the metric. */
  readonly name: string;
  readonly baselineRuns: Spread;
  readonly systemRuns: Spread;
  /** System − baseline, with its 95 % interval. */
  readonly difference: Interval;
  /** Which test p is of. */
  readonly test: string;
  readonly p: number;
  /** By Holm's correction, over all comparisons made together. */
  readonly adjustedP: number;
}

/** One run of a system, or one a seed or split. */
export interface SystemRuns {
  readonly name: string;
  readonly runs: readonly CountTables[];
}

/** What can be compared: a rate of all labels pooled, its mean over labels, or the F1 of every label. */
export const COMPARED_METRICS = [
  'micro F1',
  'macro F1',
  'micro precision',
  'macro precision',
  'micro recall',
  'macro recall',
  'F1 per label',
] as const;
export type ComparedMetric = (typeof COMPARED_METRICS)[number];

export interface ComparisonOptions extends Resampling {
  readonly metrics: readonly ComparedMetric[];
  /** Whether a table is compared, by its name. */
  readonly wanted: (table: string) => boolean;
  readonly groupOf: (note: string) => string;
  /** Size of the test part over that of the training part, for runs on several splits. */
  readonly testToTrain: number;
}

/**
 * Compares systems with a baseline in every table that all of them have, one family for Holm's correction. One run each
 * is tested by approximate randomisation over notes. Several runs on the same notes (seeds) are tested by the
 * multi-bootstrap over seeds and notes, seeds paired where both have as many. Runs on different notes (splits), as many
 * of each, in the same order, are tested by the corrected resampled t-test; where no split is common, by Welch's with the
 * same correction.
 * Labels are those of all runs; where a run has none of a label, its F1 is 0 in the macro average.
 * @throws RangeError when notes do not allow any of that
 */
export function compareSystems(
  baseline: SystemRuns,
  systems: readonly SystemRuns[],
  options: ComparisonOptions,
): Comparison[] {
  const compared = systems.flatMap((system) => comparePair(baseline, system, options));
  const adjusted = holm(compared.map(({ p }) => p));
  return compared.map((one, i) => ({ ...one, adjustedP: adjusted[i]! }));
}

function comparePair(
  baseline: SystemRuns,
  system: SystemRuns,
  options: ComparisonOptions,
): Omit<Comparison, 'adjustedP'>[] {
  const runs = [...baseline.runs, ...system.runs];
  const shared = Object.keys(runs[0] ?? {}).filter((name) => runs.every((tables) => name in tables));
  return shared.filter(options.wanted).flatMap((name) => {
    const tables = alignLabels(runs.map((run) => mergeNotes(run[name]!, options.groupOf)));
    const [a, b] = [tables.slice(0, baseline.runs.length), tables.slice(baseline.runs.length)];
    return metricsOf(tables[0]!.labels, options.metrics).map(([metricName, metric]) => {
      const values = (own: readonly NoteCounts[]): number[] => own.map((one) => metric(wholeSum(one)));
      return {
        system: system.name,
        name: `${name}: ${metricName}`,
        baselineRuns: spread(values(a)),
        systemRuns: spread(values(b)),
        ...test(a, b, metric, options),
      };
    });
  });
}

/** Metrics by name; averages over a single label are left out, since they are all the same. */
function metricsOf(labels: readonly string[], wanted: readonly ComparedMetric[]): [string, Metric][] {
  return wanted.flatMap((name): [string, Metric][] => {
    const [average, rate] = name.split(' ') as [string, string];
    if (name === 'F1 per label')
      return labels.map((label, i): [string, Metric] => [`F1 of ${label}`, ofLabel(i, 'f1')]);
    const figure = rate.toLowerCase() as RateName;
    if (average === 'micro') return [[name, micro(figure)]];
    return labels.length > 1 ? [[name, macro(figure)]] : [];
  });
}

type Tested = Pick<Comparison, 'difference' | 'test' | 'p'>;

function test(
  a: readonly NoteCounts[],
  b: readonly NoteCounts[],
  metric: Metric,
  options: ComparisonOptions,
): Tested {
  const [first] = a;
  if (![...a, ...b].every(({ notes }) => sameNotes(notes, first!.notes)))
    return testSplits(a, b, metric, options);
  if (a.length === 1 && b.length === 1) {
    const { p } = approximateRandomisation(a[0]!, b[0]!, metric, options);
    const { value, low, high } = pairedBootstrap(a[0]!, b[0]!, metric, options);
    return { difference: { value, low, high }, test: 'approximate randomisation over notes', p };
  }
  const pairing = a.length === b.length ? 'paired' : 'unpaired';
  const { p, ...difference } = multiBootstrap(a, b, metric, options, pairing);
  return { difference, test: `multi-bootstrap over ${pairing} seeds and notes`, p };
}

function testSplits(
  a: readonly NoteCounts[],
  b: readonly NoteCounts[],
  metric: Metric,
  { testToTrain, level }: ComparisonOptions,
): Tested {
  const paired = a.length === b.length && a.every(({ notes }, i) => sameNotes(notes, b[i]!.notes));
  const common = a.some(({ notes }) => b.some((other) => sameNotes(notes, other.notes)));
  const [ofA, ofB] = [a, b].map((runs) => runs.map((one) => metric(wholeSum(one)))) as [number[], number[]];
  if (!paired && !common && a.length > 1 && b.length > 1) {
    const { value, low, high, p } = correctedWelchT(ofA, ofB, testToTrain, level)!;
    return { difference: { value, low, high }, test: unpairedTest(a.length, b.length), p };
  }
  if (!paired || a.length < 2)
    throw new RangeError(
      'scored on different notes: runs on several splits are compared split by split, as many of each, in the same order',
    );
  const differences = ofA.map((value, i) => ofB[i]! - value);
  const { mean, low, high, p } = correctedResampledT(differences, testToTrain, level)!;
  return {
    difference: { value: mean, low, high },
    test: `corrected resampled t-test over ${a.length} splits`,
    p,
  };
}

/** Names the test of systems that were run on so many splits each, none in common. */
export function unpairedTest(baseline: number, system: number): string {
  return `Welch’s t-test with Nadeau and Bengio’s correction, ${baseline} and ${system} different splits`;
}

function sameNotes(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((note, i) => note === b[i]);
}
