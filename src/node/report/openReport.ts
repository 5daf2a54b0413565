import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { version } from '../../../package.json';
import type { PackedReport } from '../../core/report/container';
import { fromBytes, toBytes } from '../../core/report/container';
import type { PlanFile } from '../../core/experiments/plan';
import { planFile } from '../../core/experiments/plan';
import { RUN_FILES } from '../../core/experiments/runFiles';
import { corpusFileNames } from '../corpusFolder';
import { snapshotPath } from '../experiments/corpusSnapshot';
import { writeWholeFile } from '../wholeFile';
import { buildReport, withTexts } from './buildReport';
import { placedNotes } from './placedNotes';
import { corpusOf, corpusPath, finishedRuns, readPlan } from './readPlan';
import { readJson } from './readRun';

/** Where a report is kept beside its plan, so that the next look need not read every run again. No word of a note is in it. */
const CACHE = '.report.cache';
const KEY_BYTES = 32;
/** Counts what is kept otherwise than before for the same files. */
const CACHE_VERSION = 2;

/**
 * The report of a plan's folder, taken from where it was kept if no run and no note has changed since.
 * @throws Error where the folder has no readable plan
 */
export async function openReport(folder: string, texts: boolean): Promise<PackedReport> {
  const plan = await readJson(path.join(folder, 'plan.json'), planFile);
  const key = await keyOf(folder, plan);
  const kept = await keptReport(path.join(folder, CACHE), key);
  if (kept) return texts ? withTexts(kept, await corpusOf(folder, plan, [])) : kept;
  const read = await readPlan(folder);
  const report = await buildReport(read, await placedNotes(folder, read));
  // A folder that cannot be written to is read again each time.
  await writeWholeFile(path.join(folder, CACHE), Buffer.concat([key, toBytes(report)])).catch(
    () => undefined,
  );
  return texts ? withTexts(report, read.documents) : report;
}

async function keptReport(file: string, key: Buffer): Promise<PackedReport | undefined> {
  const bytes = await readFile(file).catch(() => undefined);
  if (!bytes?.subarray(0, KEY_BYTES).equals(key)) return undefined;
  try {
    return fromBytes(new Uint8Array(bytes.subarray(KEY_BYTES)));
  } catch {
    return undefined;
  }
}

/** Changes with the version, the plan, the finished runs and the files of their notes. */
async function keyOf(folder: string, plan: PlanFile): Promise<Buffer> {
  const runs = await finishedRuns(folder, plan);
  const runFiles = runs.map((run) => path.join(folder, 'runs', run, RUN_FILES.record));
  const files = [path.join(folder, 'plan.json'), ...runFiles, ...(await noteFiles(folder, plan))];
  const stamps = await Promise.all(files.map(stampOf));
  return createHash('sha256')
    .update(JSON.stringify([version, CACHE_VERSION, files, stamps]))
    .digest();
}

/** What `corpusOf` reads. */
async function noteFiles(folder: string, plan: PlanFile): Promise<string[]> {
  const kept = snapshotPath(folder);
  if (await stampOf(kept)) return [kept];
  const corpus = corpusPath(folder, plan);
  const isFile = (await stat(corpus).catch(() => undefined))?.isFile() ?? false;
  const names = await corpusFileNames(corpus);
  return names.map((name) => path.join(isFile ? path.dirname(corpus) : corpus, name));
}

function stampOf(file: string): Promise<readonly [number, number] | undefined> {
  return stat(file).then(
    ({ mtimeMs, size }) => [mtimeMs, size] as const,
    () => undefined,
  );
}
