import { bootstrapIntervals } from '../../core/evaluate/bootstrap';
import { fromCountsFile } from '../../core/evaluate/countsFile';
import { macro, micro } from '../../core/evaluate/metric';
import { mergeNotes } from '../../core/evaluate/noteCounts';
import { seededRng } from '../../core/random';
import type { ReportView, RunIntervals } from '../../core/report/reportHeader';
import { VIEW_TABLES } from '../../core/report/reportHeader';
import type { ReadRun } from './readRun';

/** Draws of notes, as `anamnese evaluate` has them for F1. */
const ROUNDS = 2000;
const SEED = 1;

/** Of precision and recall, which metrics.json has no intervals of. */
const RATES = {
  'micro precision': micro('precision'),
  'micro recall': micro('recall'),
  'macro precision': macro('precision'),
  'macro recall': macro('recall'),
};

/** Intervals of one run in a view: F1's as its metrics have them, the others by the same bootstrap over its counts. */
export function intervalsOf({ metrics, counts }: ReadRun, view: ReportView): RunIntervals {
  const figures = {
    honest: metrics['honest token']?.['shared threshold'],
    paper: metrics['paper protocol']?.['shared threshold'],
    entities: metrics.text['entities strict'],
    characters: metrics.text.characters,
  }[view];
  const known = (['micro F1', 'macro F1'] as const).flatMap((name) => {
    const interval = figures?.f1Intervals[name];
    return interval ? [[name, interval] as const] : [];
  });
  const { tables, groups } = fromCountsFile(counts);
  const table = mergeNotes(tables[VIEW_TABLES[view]]!, (note) => groups.get(note) ?? note);
  const drawn = bootstrapIntervals(table, RATES, { rounds: ROUNDS, rng: seededRng(SEED) });
  const ends = [...known, ...Object.entries(drawn)].map(([name, { low, high }]) => [name, [low, high]]);
  return Object.fromEntries(ends) as RunIntervals;
}
