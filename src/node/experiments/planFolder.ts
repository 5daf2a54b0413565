import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { z } from 'zod';
import type { PlanFile } from '../../core/experiments/plan';
import { planFile } from '../../core/experiments/plan';
import type { RunRecord } from '../../core/experiments/runFiles';
import { RUN_FILES, runRecord } from '../../core/experiments/runFiles';
import { writeWholeFile } from '../wholeFile';

const PLAN = 'plan.json';
/** Below a run's folder: the encoder folder that it trains, with its checkpoints. */
export const MODEL = 'model';

export const planPath = (folder: string): string => path.join(folder, PLAN);
export const runPath = (folder: string, id: string): string => path.join(folder, 'runs', id);
export const modelPath = (folder: string, id: string): string => path.join(runPath(folder, id), MODEL);

/** Where a path of the plan lies: those that are relative are so to the plan's folder. */
export function resolveIn(folder: string, given: string): string {
  return path.resolve(folder, given);
}

/** A path as a plan names it, with `/` so that every system can follow it; absolute on another disk. */
export function pathFrom(folder: string, target: string): string {
  const relative = path.relative(path.resolve(folder), path.resolve(target));
  return path.isAbsolute(relative) ? relative : relative.split(path.sep).join('/');
}

/** @throws Error where the folder holds no plan, or naming the place in it that is wrong */
export async function readPlan(folder: string): Promise<PlanFile> {
  const plan = await readParsed(planPath(folder), planFile);
  if (!plan) throw new Error(`${folder}: holds no plan (${PLAN})`);
  return plan;
}

/** The plan that a folder holds, undefined where it holds none. @throws Error as `readPlan` */
export function planIn(folder: string): Promise<PlanFile | undefined> {
  return readParsed(planPath(folder), planFile);
}

export async function writePlan(folder: string, plan: PlanFile): Promise<void> {
  await writeWholeFile(planPath(folder), JSON.stringify(planFile.parse(plan), null, 1) + '\n');
}

/** Says that a run is finished, when all else of it is written. */
export async function writeRecord(folder: string, record: RunRecord): Promise<void> {
  const file = path.join(runPath(folder, record.id), RUN_FILES.record);
  await writeWholeFile(file, JSON.stringify(record, null, 1) + '\n');
}

/**
 * The record of a run that is finished, undefined where it is not.
 * @throws Error naming the file where it is damaged, or of another run than the plan's
 */
export async function readRecord(folder: string, plan: PlanFile, id: string): Promise<RunRecord | undefined> {
  const file = path.join(runPath(folder, id), RUN_FILES.record);
  const record = await readParsed(file, runRecord).catch((error: Error) => {
    throw new Error(`${error.message}; delete this run's folder, and it is run again`, { cause: error });
  });
  if (record) checkRecord(file, record, plan, id);
  return record;
}

/** The records of all runs that are finished. @throws Error as `readRecord` */
export async function readRecords(folder: string, plan: PlanFile): Promise<Map<string, RunRecord>> {
  const records = new Map<string, RunRecord>();
  for (const { id } of plan.runs) {
    const record = await readRecord(folder, plan, id);
    if (record) records.set(id, record);
  }
  return records;
}

/** A folder that was copied to the wrong place must not pass for a result. */
function checkRecord(file: string, record: RunRecord, plan: PlanFile, id: string): void {
  const run = plan.runs.find((one) => one.id === id)!;
  const encoder = [...plan.encoders, ...(plan.languageModels ?? [])].find(({ name }) => name === run.encoder);
  const wrong = [
    ...(record.id === id ? [] : [`the run ${record.id}`]),
    ...(record.corpus.sha256 === plan.corpus.sha256 ? [] : ['another state of the corpus']),
    ...(record.encoder.sha256 === encoder?.sha256
      ? []
      : [run.kind === 'prompt' ? 'other settings of its language model' : 'another encoder']),
  ];
  if (wrong.length === 0) return;
  throw new Error(
    `${file}: is of ${wrong.join(' and ')}, not of this plan's ${id}: take its folder out of the plan's`,
  );
}

/** @throws Error naming the file and the place in it that is wrong */
async function readParsed<Schema extends z.ZodType>(
  file: string,
  schema: Schema,
): Promise<z.infer<Schema> | undefined> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
    throw new Error(`${file}: cannot be read (${error.code ?? error.message})`);
  });
  if (text === undefined) return undefined;
  const parsed = schema.safeParse(json(file, text));
  if (parsed.success) return parsed.data;
  const { path: place, message } = parsed.error.issues[0]!;
  throw new Error(`${file}: ${place.map((step) => `/${String(step)}`).join('') || '/'}: ${message}`);
}

function json(file: string, text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new Error(`${file}: damaged: not JSON`);
  }
}
