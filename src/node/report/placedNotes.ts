import path from 'node:path';
import type { CorpusDocument } from '../../core/corpus/document';
import { RUN_FILES } from '../../core/experiments/runFiles';
import type { PlacedNotes } from '../../core/report/placedNotes';
import { firstPlaces, SPLIT_PARTS } from '../../core/report/placedNotes';
import { noteKey } from '../../core/split/notes';
import { sha256 } from '../sha256';
import { readSplit } from '../training/trainingNotes';
import type { ReadPlan } from './readPlan';
import type { ReadRun } from './readRun';
import { splitName } from './splitName';

/** Where the runs' splits have the notes of the corpus. A split whose file is gone or damaged is not known. */
export async function placedNotes(
  folder: string,
  { runs, documents }: Pick<ReadPlan, 'runs' | 'documents'>,
): Promise<PlacedNotes> {
  const keys = documents.map(({ text }) => noteKey(text, sha256));
  const splits: Record<string, string> = {};
  for (const run of runs) {
    const name = splitName(run.record);
    if (name in splits) continue;
    const places = await partsOf(folder, run);
    if (places) splits[name] = keys.map((key) => places(key) ?? '-').join('');
  }
  return { notes: documents.map(noteOf), splits };
}

function noteOf({ id, annotations }: CorpusDocument): PlacedNotes['notes'][number] {
  const spans = annotations.map(({ label, fragments }) => {
    return { label, start: fragments[0]!.start, end: fragments.at(-1)!.end };
  });
  return { id, labels: firstPlaces(spans) };
}

/** The place in `SPLIT_PARTS` of a note by its key. */
async function partsOf(
  folder: string,
  { record: { id, split } }: ReadRun,
): Promise<((key: string) => number | undefined) | undefined> {
  if (split.method === 'all notes') return () => SPLIT_PARTS.indexOf('test');
  const file = await readSplit(path.join(folder, 'runs', id, RUN_FILES.split)).catch(() => undefined);
  if (!file) return undefined;
  const places = SPLIT_PARTS.flatMap((part, place) =>
    (file.parts[part] ?? []).map((key) => [key, place] as const),
  );
  const placeOf = new Map(places);
  return (key) => placeOf.get(key);
}
