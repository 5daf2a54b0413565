import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import type { CorpusDocument } from '../../core/corpus/document';
import type { PlanFile } from '../../core/experiments/plan';
import { planFile } from '../../core/experiments/plan';
import { RUN_FILES } from '../../core/experiments/runFiles';
import { corpusHash, keptCorpus, readLiveCorpus } from '../experiments/planCorpus';
import type { ReadRun } from './readRun';
import { readJson, readRun } from './readRun';

/** A plan with its finished runs, in the plan's order. */
export interface ReadPlan {
  readonly plan: PlanFile;
  readonly runs: readonly ReadRun[];
  /** The notes as the runs had them, where the plan kept them, else as they are now; none where they are not at hand. */
  readonly documents: readonly CorpusDocument[];
  /** Runs that were left out and why, and what else has to be said, fit for a person. */
  readonly problems: readonly string[];
}

/** Runs read at once: parsing takes longer than reading. */
const TOGETHER = 8;

/** @throws Error where the folder has no readable plan */
export async function readPlan(folder: string): Promise<ReadPlan> {
  const plan = await readJson(path.join(folder, 'plan.json'), planFile);
  const problems: string[] = [];
  const runs: ReadRun[] = [];
  const finished = await finishedRuns(folder, plan);
  for (let i = 0; i < finished.length; i += TOGETHER) {
    const read = finished.slice(i, i + TOGETHER).map((id) =>
      readRun(path.join(folder, 'runs', id)).catch((error: Error) => {
        problems.push(`${error.message}: the run is left out`);
        return [];
      }),
    );
    runs.push(...(await Promise.all(read)).flat());
  }
  return { plan, runs, documents: await corpusOf(folder, plan, problems), problems };
}

/** Folders of the plan's runs with a record, the plan's order first, then by name those that were copied to it. */
export async function finishedRuns(folder: string, plan: PlanFile): Promise<string[]> {
  const there = await readdir(path.join(folder, 'runs'), { withFileTypes: true }).catch(() => []);
  const names = there
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
    .map(({ name }) => name);
  const planned = plan.runs.map(({ id }) => id);
  const others = names.filter((name) => !planned.includes(name)).sort();
  const ordered = [...planned.filter((id) => names.includes(id)), ...others];
  const finished = await Promise.all(
    ordered.map((name) =>
      stat(path.join(folder, 'runs', name, RUN_FILES.record)).then(
        () => [name],
        () => [],
      ),
    ),
  );
  return finished.flat();
}

/** Where the plan's corpus lies. */
export function corpusPath(folder: string, { corpus }: PlanFile): string {
  return path.resolve(folder, corpus.path);
}

/** The notes of the plan; none, and a problem, where they cannot be read. */
export async function corpusOf(
  folder: string,
  plan: PlanFile,
  problems: string[],
): Promise<readonly CorpusDocument[]> {
  try {
    const kept = await keptCorpus(folder, plan);
    if (kept) return kept.documents;
    const { documents } = await readLiveCorpus(folder, plan);
    if (corpusHash(documents) !== plan.corpus.sha256) problems.push(correctedSince(folder, plan));
    return documents;
  } catch (error) {
    problems.push(`${(error as Error).message}: mistakes are not listed, since what is right is not known`);
    return [];
  }
}

function correctedSince(folder: string, plan: PlanFile): string {
  return `${corpusPath(folder, plan)}: corrected since the runs: mistakes are of today's gold, figures and confusion of the gold that the runs had`;
}
