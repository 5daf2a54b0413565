import { existsSync } from 'node:fs';
import type { CorpusDocument, ReadResult } from '../../core/corpus/document';
import type { FormatName } from '../../core/corpus/formats';
import type { PlanFile } from '../../core/experiments/plan';
import { readCorpusFolder, readGathered } from '../corpusFolder';
import { sha256 } from '../sha256';
import { notesHash } from '../training/trainingNotes';
import { readSnapshot, SNAPSHOT, snapshotPath } from './corpusSnapshot';
import { planPath, resolveIn } from './planFolder';

/**
 * The corpus of a plan as it was when the plan was made: from the plan's folder, or, of a plan that keeps none there,
 * from where the corpus lies, if it is still the same.
 * @throws Error where it is gone, damaged or has changed
 */
export async function readPlanCorpus(folder: string, plan: PlanFile): Promise<ReadResult> {
  const kept = await keptCorpus(folder, plan);
  if (kept) return kept;
  const read = await readLiveCorpus(folder, plan);
  if (corpusHash(read.documents) === plan.corpus.sha256) return read;
  throw new Error(
    `${resolveIn(folder, plan.corpus.path)}: the corpus has changed since ${planPath(folder)} was made, and no ${SNAPSHOT} in the plan's folder has the notes as they were: make a new plan in another folder, or bring the notes back`,
  );
}

/** What the plan's folder keeps of the corpus; undefined where it keeps nothing. @throws Error where that is damaged */
export async function keptCorpus(folder: string, { corpus }: PlanFile): Promise<ReadResult | undefined> {
  const kept = await readSnapshot(folder);
  if (!kept) return undefined;
  const read = readGathered(kept, corpus.from as FormatName | undefined);
  if (corpusHash(read.documents) === corpus.sha256) return read;
  throw new Error(
    `${snapshotPath(folder)}: is not the corpus that ${planPath(folder)} was made of: damaged, of another plan, or read otherwise by this version; make a new plan in another folder`,
  );
}

/** The corpus as it is now. @throws Error where it is gone */
export function readLiveCorpus(folder: string, { corpus }: PlanFile): Promise<ReadResult> {
  return readCorpusFolder(resolveIn(folder, corpus.path), {
    format: corpus.from as FormatName | undefined,
  });
}

/** Whether a plan keeps its notes, and they were corrected since it was made; false where they are not at hand now. */
export async function isCorrected(folder: string, plan: PlanFile): Promise<boolean> {
  if (!existsSync(snapshotPath(folder))) return false;
  const live = await readLiveCorpus(folder, plan).catch(() => undefined);
  return live !== undefined && corpusHash(live.documents) !== plan.corpus.sha256;
}

/** SHA-256 of notes with their annotations and groups: equal where runs are comparable. */
export function corpusHash(documents: readonly CorpusDocument[]): string {
  return sha256(notesHash(documents) + JSON.stringify(documents.map(({ group }) => group ?? null)));
}
