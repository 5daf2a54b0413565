import { rm } from 'node:fs/promises';
import { keptModels } from '../../core/experiments/keptModels';
import type { PlanFile } from '../../core/experiments/plan';
import type { RunRecord } from '../../core/experiments/runFiles';
import type { PlanEvent, PlanProgress } from '../../core/experiments/planEvents';
import type { RunOutcome, RunTask, RunTaskHooks } from './runTask';
import { isHeld } from '../lock';
import { readPlanCorpus } from './planCorpus';
import { modelPath, readPlan, readRecord, readRecords } from './planFolder';

export interface RunPlanOptions extends Omit<RunTask, 'folder' | 'id'> {
  readonly signal?: AbortSignal | undefined;
  readonly askEditor?: RunTaskHooks['askEditor'];
  /** Of what it returns it is waited for. */
  onEvent(event: PlanEvent): void | Promise<void>;
  /** Ids of the runs to carry out; by default all that are left. */
  readonly only?: readonly string[] | undefined;
  /** Milliseconds to wait, at the end, for runs that another process is at; by default a few seconds. */
  readonly patience?: number | undefined;
  /**
   * How a run is carried out: by another process that calls `carryOutRun`, where this one has to stay free, or by that
   * function itself, which blocks its thread while the encoder runs. (Not by default, or whoever hands runs to other
   * processes would load all that training needs.)
   */
  readonly carryOut: (task: RunTask, hooks: RunTaskHooks) => Promise<RunOutcome>;
}

/**
 * Carries out what is left of a plan, one run after the other, on the notes as they were when it was made. Runs that
 * are finished are never computed again, one that was interrupted goes on from its checkpoint, one that another process
 * is at is left to it, and one that fails does not keep the others from running; runs that are added meanwhile have
 * their turn.
 * @throws Error where the plan, a record or the corpus cannot be used
 */
export async function runPlan(folder: string, options: RunPlanOptions): Promise<PlanProgress> {
  const work = await PlanWork.open(folder, options);
  return await work.carryOut();
}

/** Whether a plan's runs are finished, as their folders tell. @throws Error where plan or a record is damaged */
export async function planProgress(
  folder: string,
): Promise<PlanProgress & { readonly left: readonly string[] }> {
  const plan = await readPlan(folder);
  const records = await readRecords(folder, plan);
  const left = plan.runs.filter(({ id }) => !records.has(id)).map(({ id }) => id);
  return { finished: records.size, failed: 0, total: plan.runs.length, left };
}

/** Milliseconds to wait for a run whose process is ending, and between two looks. */
const PATIENCE = 5000;
const LOOK = 250;

class PlanWork {
  private readonly failed = new Set<string>();
  private readonly held = new Set<string>();
  /** Of the runs known to be finished: records do not change. */
  private readonly records = new Map<string, RunRecord>();

  private constructor(
    private readonly folder: string,
    private readonly options: RunPlanOptions,
    private plan: PlanFile,
  ) {}

  static async open(folder: string, options: RunPlanOptions): Promise<PlanWork> {
    const plan = await readPlan(folder);
    const unknown = options.only?.filter((id) => !plan.runs.some((run) => run.id === id)) ?? [];
    if (unknown.length > 0) throw new Error(`${folder}: the plan has no run ${unknown.join(', ')}`);
    return new PlanWork(folder, options, plan);
  }

  async carryOut(): Promise<PlanProgress> {
    const { onEvent, signal } = this.options;
    await onEvent({ type: 'plan', progress: await this.progress() });
    await this.removeModels();
    if ((await this.next()) !== undefined) await readPlanCorpus(this.folder, this.plan);
    for (let id = await this.next(); id !== undefined && !signal?.aborted; id = await this.next())
      await this.carryOutOne(id);
    await this.tryHeld();
    const progress = await this.progress();
    if (!signal?.aborted) await onEvent({ type: 'finished', progress });
    return progress;
  }

  /** The first run that is neither finished nor was tried. */
  private async next(): Promise<string | undefined> {
    await this.look();
    const { only } = this.options;
    const isLeft = (id: string): boolean =>
      !this.records.has(id) && !this.failed.has(id) && !this.held.has(id) && (!only || only.includes(id));
    return this.plan.runs.find(({ id }) => isLeft(id))?.id;
  }

  /** What is there now: the plan may have grown, and others may have finished runs. */
  private async look(): Promise<void> {
    this.plan = await readPlan(this.folder);
    for (const { id } of this.plan.runs) {
      if (this.records.has(id)) continue;
      const record = await readRecord(this.folder, this.plan, id);
      if (record) this.records.set(id, record);
    }
  }

  private async carryOutOne(id: string): Promise<void> {
    const { onEvent } = this.options;
    if (await isHeld(this.folder, id)) return void this.held.add(id);
    await onEvent({ type: 'runStarted', id, progress: await this.progress() });
    try {
      const outcome = await this.work(id);
      if (outcome === 'held') this.held.add(id);
      if (outcome !== 'finished') return;
    } catch (error) {
      return await this.fail(id, error);
    }
    const progress = await this.progress();
    await this.removeModels();
    await onEvent({ type: 'runFinished', id, progress });
  }

  /** @throws Error where the plan's notes are not to be had, which would make every other run fail too */
  private async fail(id: string, error: unknown): Promise<void> {
    this.failed.add(id);
    const message = error instanceof Error ? error.message : String(error);
    await this.options.onEvent({ type: 'runFailed', id, message, progress: await this.progress() });
    await readPlanCorpus(this.folder, this.plan);
  }

  /** A process that is ended together with the one that started it may take a moment to end. */
  private async tryHeld(): Promise<void> {
    const until = Date.now() + (this.options.patience ?? PATIENCE);
    const waiting = [...this.held];
    while (waiting.length > 0 && Date.now() < until && !this.options.signal?.aborted) {
      const id = waiting.shift()!;
      await this.look();
      if (this.records.has(id)) continue;
      if (await isHeld(this.folder, id)) waiting.push(id);
      else await this.carryOutOne(id);
      await new Promise((resolve) => setTimeout(resolve, LOOK));
    }
  }

  private work(id: string): Promise<RunOutcome> {
    const { carryOut, onEvent, signal, askEditor, device, threads, plan, memory, asking } = this.options;
    return carryOut(
      { folder: this.folder, id, device, threads, plan, memory, asking },
      { onEvent, signal, askEditor },
    );
  }

  private async progress(): Promise<PlanProgress> {
    await this.look();
    return { finished: this.records.size, failed: this.failed.size, total: this.plan.runs.length };
  }

  /** Removes the weights of finished runs that the plan does not keep. */
  private async removeModels(): Promise<void> {
    const kept = keptModels(this.plan, this.records);
    for (const id of this.records.keys())
      if (!kept.has(id)) await rm(modelPath(this.folder, id), { recursive: true, force: true });
  }
}
