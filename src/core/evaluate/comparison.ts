import { pairedBootstrap, wholeSum } from './bootstrap';
import type { Interval, Resampling } from './bootstrap';
import type { CountTables } from './evaluation';
import { macro, micro } from './metric';
import type { Metric } from './metric';
import { alignLabels, mergeNotes } from './noteCounts';
import type { NoteCounts } from './noteCounts';
import { approximateRandomisation, holm } from './randomisation';
import { multiBootstrap, spread } from './repeatedRuns';
import type { Spread } from './repeatedRuns';

/** One metric of one view, of a baseline and a system. */
export interface Comparison {
  /** The view's table and the metric. */
  readonly name: string;
  readonly baseline: Spread;
  readonly system: Spread;
  /** System − baseline, with its bootstrap interval. */
  readonly difference: Interval;
  /** Which test p is of. */
  readonly test: string;
  readonly p: number;
  /** By Holm's correction, over all comparisons made together. */
  readonly adjustedP: number;
}

const METRICS: Readonly<Record<string, Metric>> = { 'micro F1': micro('f1'), 'macro F1': macro('f1') };

/**
 * Compares one run, or the runs of several seeds, of a baseline and of a system on the same notes, in every table
 * that all have. One run each is tested by approximate randomisation, several by the multi-bootstrap over seeds and
 * notes, seeds paired where both have as many.
 * Labels are those of all runs; where a run has none of a label, its F1 is 0 in the macro average.
 * @throws RangeError when notes differ
 */
export function compareRuns(
  baseline: readonly CountTables[],
  system: readonly CountTables[],
  groupOf: (note: string) => string,
  resampling: Resampling,
): Comparison[] {
  const runs = [...baseline, ...system];
  const names = Object.keys(runs[0] ?? {}).filter((name) => runs.every((tables) => name in tables));
  const compared = names.flatMap((name) => {
    const tables = alignLabels(runs.map((run) => mergeNotes(run[name]!, groupOf)));
    const [a, b] = [tables.slice(0, baseline.length), tables.slice(baseline.length)];
    return Object.entries(METRICS).map(([metricName, metric]) => {
      const values = (tables: readonly NoteCounts[]): number[] => tables.map((one) => metric(wholeSum(one)));
      const tested = test(a, b, metric, resampling);
      return {
        name: `${name}: ${metricName}`,
        baseline: spread(values(a)),
        system: spread(values(b)),
        ...tested,
      };
    });
  });
  const adjusted = holm(compared.map(({ p }) => p));
  return compared.map((one, i) => ({ ...one, adjustedP: adjusted[i]! }));
}

function test(
  a: readonly NoteCounts[],
  b: readonly NoteCounts[],
  metric: Metric,
  resampling: Resampling,
): Pick<Comparison, 'difference' | 'test' | 'p'> {
  if (a.length === 1 && b.length === 1) {
    const { p } = approximateRandomisation(a[0]!, b[0]!, metric, resampling);
    const { value, low, high } = pairedBootstrap(a[0]!, b[0]!, metric, resampling);
    return { difference: { value, low, high }, test: 'approximate randomisation over notes', p };
  }
  const pairing = a.length === b.length ? 'paired' : 'unpaired';
  const { p, ...difference } = multiBootstrap(a, b, metric, resampling, pairing);
  return { difference, test: `multi-bootstrap over ${pairing} seeds and notes`, p };
}
