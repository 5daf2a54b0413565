import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import type { CorpusDocument } from '../../core/corpus/document';
import { READABLE } from '../../core/corpus/formats';
import type { PlanFile } from '../../core/experiments/plan';
import { planFile } from '../../core/experiments/plan';
import { RUN_FILES } from '../../core/experiments/runFiles';
import { readCorpusFolder } from '../corpusFolder';
import type { ReadRun } from './readRun';
import { readJson, readRun } from './readRun';

/** A plan with its finished runs, in the plan's order. */
export interface ReadPlan {
  readonly plan: PlanFile;
  readonly runs: readonly ReadRun[];
  /** The notes as they are annotated now; none where the corpus is not at hand. */
  readonly documents: readonly CorpusDocument[];
  /** Runs that were left out and why, fit for a person. */
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
  const place = corpusPath(folder, plan);
  try {
    const format = READABLE.find((name) => name === plan.corpus.from);
    return (await readCorpusFolder(place, { format })).documents;
  } catch (error) {
    problems.push(`${(error as Error).message}: mistakes are not listed, since what is right is not known`);
    return [];
  }
}
