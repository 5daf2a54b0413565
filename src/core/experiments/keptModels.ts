import type { PlanFile } from './plan';
import type { RunRecord } from './runFiles';

/**
 * The runs whose weights stay: none, all, or the one with the best micro F1 on its validation notes (the first in the
 * plan of equals), never the test notes', which would make its figures too good.
 * @param records of the runs that are finished
 */
export function keptModels(
  { keepModels, runs }: Pick<PlanFile, 'keepModels' | 'runs'>,
  records: ReadonlyMap<string, Pick<RunRecord, 'history' | 'bestEpoch' | 'sameAs'>>,
): Set<string> {
  // A run that repeats another has no weights of its own.
  const trained = runs.filter(
    ({ kind, id }) => kind === 'train' && records.has(id) && records.get(id)!.sameAs === undefined,
  );
  if (keepModels === 'none') return new Set();
  if (keepModels === 'all') return new Set(trained.map(({ id }) => id));
  const ranked = trained
    .map(({ id }) => ({ id, score: validationF1(records.get(id)!) }))
    .sort((a, b) => b.score - a.score);
  return new Set(ranked.slice(0, 1).map(({ id }) => id));
}

function validationF1({ history, bestEpoch }: Pick<RunRecord, 'history' | 'bestEpoch'>): number {
  return history.find(({ epoch }) => epoch === bestEpoch)?.validation?.microF1 ?? -1;
}
