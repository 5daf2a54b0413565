import { existsSync } from 'node:fs';
import { shareOf } from '../../core/experiments/planRuns';
import type { PlanEvent, PlanProgress } from '../../core/experiments/planEvents';
import { createPlan } from '../../node/experiments/createPlan';
import { isCorrected } from '../../node/experiments/planCorpus';
import { planPath, readPlan, resolveIn } from '../../node/experiments/planFolder';
import { planProgress, runPlan } from '../../node/experiments/runPlan';
import { writeReportFiles } from '../../node/report/writeReports';
import { onSignals } from '../../node/ownProcess';
import { printProblems } from '../problems';
import { countOf } from '../table';
import type { PlanOptions } from './planOptions';
import { ofPlans, requestOf } from './planOptions';
import { askingOf, checkPlannedConsent } from './languageModelOptions';
import { PlanView } from './planView';
import { runInProcess } from '../../node/experiments/runProcess';
import { printLanguageModels } from './languageModelsTable';
import { dispatch } from '../slurm/dispatch';
import { planWork } from '../slurm/planWork';
import { checkSlurmOptions } from '../slurm/slurmOptions';
import { printStatus } from './status';
import { printStrategies } from './strategiesTable';

/** The exit code of a program that a signal stopped. */
const INTERRUPTED = 130;

/**
 * `anamnese compare` with a plan: makes or extends it, carries out what is left of it, and says what came of it.
 * @param said flags of the command line, such as --seeds
 */
export async function comparePlan(
  given: string | undefined,
  options: PlanOptions,
  said: readonly string[],
): Promise<void> {
  try {
    checkSlurmOptions(options);
    const folder = await planFolder(given, options, said);
    if (options.status) return await printStatus(folder, options.json === true);
    await tellCorrected(folder);
    if (options.planOnly) return await printPlanned(folder, options);
    if (options.slurm) return await onCluster(folder, options);
    await carryOut(folder, options);
  } catch (error) {
    if (options.json) printJson({ type: 'failed', message: (error as Error).message });
    throw error;
  }
}

/** The folder of the plan that is asked for, which is made or extended where a corpus is named. */
async function planFolder(
  given: string | undefined,
  options: PlanOptions,
  said: readonly string[],
): Promise<string> {
  const { out } = options;
  if (given === undefined && out === undefined)
    throw new Error('a corpus with --out, the folder of a plan, or --baseline is needed');
  const isPlan = given !== undefined && out === undefined && existsSync(planPath(given));
  if (given === undefined || isPlan) return asItStands((given ?? out)!, said);
  if (out === undefined) throw new Error(`${given}: is no folder of a plan; for a corpus, --out is needed`);
  const { problems } = await createPlan(out, await requestOf(given, options));
  printProblems(problems);
  return out;
}

/** @throws Error where the command line says what only a plan that is made or extended would hear of */
function asItStands(folder: string, said: readonly string[]): string {
  const unheard = said.filter((flag) => ofPlans.includes(flag));
  if (unheard.length === 0) return folder;
  const flags = unheard.join(', ');
  throw new Error(
    existsSync(planPath(folder))
      ? `${folder}: ${flags}: to go on with a plan changes nothing of it; to extend it, name its corpus, and ${folder} with --out`
      : `${folder}: is no folder of a plan; for a new one with ${flags}, a corpus is needed`,
  );
}

/** A correction is learnt by no run of a plan that was made before it. */
async function tellCorrected(folder: string): Promise<void> {
  const plan = await readPlan(folder);
  const { left } = await planProgress(folder);
  if (left.length === 0 || !(await isCorrected(folder, plan))) return;
  const corpus = resolveIn(folder, plan.corpus.path);
  console.error(
    `anamnese: ${corpus}: corrected since ${planPath(folder)} was made: its runs learn the notes as they were; a new plan (another --out) picks the corrections up`,
  );
}

async function printPlanned(folder: string, { json }: PlanOptions): Promise<void> {
  const { total, left } = await planProgress(folder);
  if (json) return printJson({ type: 'planned', total, left });
  process.stdout.write(`${planPath(folder)}: ${countOf(total, 'run')}, ${left.length} left\n`);
}

async function carryOut(folder: string, options: PlanOptions): Promise<void> {
  const { device, threads, plan, memory, json, only: named, part, lockPatience } = options;
  const asking = askingOf(options);
  const only = part ? shareOf(await readPlan(folder), part.part, part.of) : named;
  await checkPlannedConsent(folder, only, asking.agreed);
  const view = new PlanView(process.stderr, () => performance.now(), only);
  const abort = new AbortController();
  const forget = onSignals(() => abort.abort());
  const onEvent = (event: PlanEvent): void => {
    if (event.type === 'runFailed') process.exitCode = 1;
    if (json) printJson(event);
    else view.show(event);
  };
  let progress: PlanProgress;
  try {
    progress = await runPlan(folder, {
      device,
      threads,
      plan,
      memory,
      asking,
      only,
      patience: lockPatience === undefined ? undefined : 1000 * lockPatience,
      signal: abort.signal,
      onEvent,
      carryOut: runInProcess,
    });
  } finally {
    forget();
    view.end();
  }
  if (abort.signal.aborted) return stopped(progress, json === true);
  await conclude(folder, progress, options);
}

/** Shares the runs out to a cluster, and concludes where it was waited for them. */
async function onCluster(folder: string, options: PlanOptions): Promise<void> {
  const outcome = await dispatch(await planWork(folder, options), options);
  if (outcome === 'ended') await conclude(folder, await planProgress(folder), options);
}

function stopped(progress: PlanProgress, json: boolean): void {
  process.exitCode = INTERRUPTED;
  if (json) printJson({ type: 'stopped', progress });
  const { finished, total } = progress;
  console.error(
    `anamnese: stopped with ${finished} of ${countOf(total, 'run')} finished; the same command goes on`,
  );
}

/** The report and tables, and what came of the plan. */
async function conclude(folder: string, progress: PlanProgress, options: PlanOptions): Promise<void> {
  const { finished, failed, total } = progress;
  const { files, problems } =
    options.report === false ? { files: [], problems: [] } : await writeReportFiles(folder);
  for (const problem of problems) console.error(`anamnese: ${problem}`);
  if (options.json) return;
  if (finished > 0 && files.length > 0) await printStrategies(folder, options);
  await printLanguageModels(folder);
  process.stdout.write(
    files
      .slice(0, 1)
      .map((report) => `${report}\n`)
      .join(''),
  );
  const left = total - finished - failed;
  const others = left === 0 ? '' : `, ${left} left for others or another time`;
  const lost = failed === 0 ? '' : `, ${failed} failed`;
  process.stdout.write(`${folder}: ${finished} of ${countOf(total, 'run')} finished${lost}${others}\n`);
}

function printJson(event: unknown): void {
  process.stdout.write(`${JSON.stringify(event)}\n`);
}
