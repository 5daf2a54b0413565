import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import type { PlannedRun } from '../../core/experiments/plan';
import type { PlanSummary, RunSummary } from '../../core/experiments/planSummary';
import { RUN_FILES, runRecord } from '../../core/experiments/runFiles';
import { modelPath, planPath, readPlan, runPath } from '../experiments/planFolder';

const rate = z.object({ f1: z.number() });
const figures = z.object({ micro: rate, macro: rate });

/** Of metrics.json, what is shown. */
const shownMetrics = z.object({
  views: z.object({
    'honest token': z.object({ 'shared threshold': figures }).optional(),
    text: z.object({ words: figures }),
  }),
});

/** Runs that are read at once. */
const AT_ONCE = 32;

/** What the files of a finished run say, and where its weights are as long as the plan keeps them. */
interface Finished {
  /** When the record was written. */
  readonly changed: number;
  readonly summary: RunSummary;
  readonly model?: string;
}

/** Summaries of plans; a finished run is read once, however often it is asked for. */
export class PlanReader {
  private readonly finished = new Map<string, Finished>();

  /** The plans in some folders, each a folder with a plan.json; those last made first. */
  async read(folders: readonly string[]): Promise<PlanSummary[]> {
    const found: { plan: PlanSummary; changed: number }[] = [];
    for (const folder of folders) {
      const names = await readdir(folder, { withFileTypes: true }).catch(() => []);
      for (const { name } of names.filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))) {
        const place = path.join(folder, name);
        const changed = await changedAt(planPath(place));
        if (changed !== undefined) found.push({ plan: await this.readPlan(place), changed });
      }
    }
    return found.sort((a, b) => b.changed - a.changed).map(({ plan }) => plan);
  }

  private async readPlan(folder: string): Promise<PlanSummary> {
    const plan = await readPlan(folder).catch(({ message }: Error) => message);
    if (typeof plan === 'string') return unreadable(folder, plan);
    const begun = new Set(await readdir(path.join(folder, 'runs')).catch((): string[] => []));
    const runs: RunSummary[] = [];
    for (let i = 0; i < plan.runs.length; i += AT_ONCE)
      runs.push(
        ...(await Promise.all(
          plan.runs.slice(i, i + AT_ONCE).map((run) => this.readRun(folder, run, begun)),
        )),
      );
    return {
      folder,
      name: plan.name,
      corpus: path.resolve(folder, plan.corpus.path),
      corpusSha256: plan.corpus.sha256,
      training: plan.training,
      runs,
      ...(plan.languageModels && {
        endpoints: [...new Set(plan.languageModels.map(({ endpoint }) => endpoint))],
      }),
    };
  }

  private async readRun(plan: string, run: PlannedRun, begun: ReadonlySet<string>): Promise<RunSummary> {
    if (!begun.has(run.id)) return { run, state: 'waiting' };
    const folder = runPath(plan, run.id);
    const changed = await changedAt(path.join(folder, RUN_FILES.record));
    if (changed === undefined) return { run, state: 'begun' };
    let known = this.finished.get(folder);
    if (known?.changed !== changed) {
      known = { changed, ...(await finishedRun(plan, run)) };
      this.finished.set(folder, known);
    }
    // Weights go when a better run is finished, and its record does not tell.
    const { summary, model } = known;
    const kept = model !== undefined && (await changedAt(path.join(model, 'config.json'))) !== undefined;
    return { ...summary, run, ...(kept ? { model } : {}) };
  }
}

async function finishedRun(plan: string, run: PlannedRun): Promise<Omit<Finished, 'changed'>> {
  const folder = runPath(plan, run.id);
  try {
    const record = runRecord.parse(await json(path.join(folder, RUN_FILES.record)));
    // A run whose training is another's has that one's weights.
    const model = modelPath(plan, record.sameAs ?? run.id);
    const metrics = shownMetrics.parse(await json(path.join(folder, RUN_FILES.metrics)));
    const { 'honest token': tokens, text } = metrics.views;
    const { micro, macro } = tokens?.['shared threshold'] ?? text.words;
    const f1 = { microF1: micro.f1, macroF1: macro.f1 };
    const { cost, history } = record;
    return { summary: { run, state: 'finished', ...f1, cost, epochs: history.length }, model };
  } catch (error) {
    return { summary: { run, state: 'damaged', problem: inWords(error) } };
  }
}

function unreadable(folder: string, problem: string): PlanSummary {
  const training = { preset: 'default' } as const;
  return { folder, name: path.basename(folder), corpus: '', corpusSha256: '', training, runs: [], problem };
}

/** @throws Error naming the file */
async function json(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    throw new Error(`${path.basename(file)}: ${(error as Error).message}`, { cause: error });
  }
}

function inWords(error: unknown): string {
  return error instanceof z.ZodError ? z.prettifyError(error) : (error as Error).message;
}

async function changedAt(file: string): Promise<number | undefined> {
  return (await stat(file).catch(() => undefined))?.mtimeMs;
}
