import type { LearningTask } from '../../core/train/loop/learn';
import { learn } from '../../core/train/loop/learn';
import type { CheckpointEvent, FinishedEvent } from '../../core/train/loop/learningEvents';
import type { RunEvent } from '../../core/train/loop/runEvents';
import type { Job } from '../../core/train/settings/jobs';
import type { EngineStore } from './engineState';
import type { OpenOptions, RunFolder } from './runFolder';

export interface LoopHooks {
  /** Of what it returns it is waited for, so that what is told is known before the thread is blocked again. */
  onEvent(event: RunEvent): void | Promise<void>;
  readonly signal?: AbortSignal | undefined;
  /** Share of the time that saving may take, the ends of a run aside; 1 saves at every chance. */
  readonly savingShare?: number | undefined;
  /** Milliseconds to wait for another process that trains in the same folder, some 20 seconds by default. */
  readonly lockPatience?: number | undefined;
}

/** How a job's folder is opened, where the person is told what it waits for. */
export function openOptions({ resume }: Job, { onEvent, lockPatience }: LoopHooks): OpenOptions {
  const onWait = (message: string): void | Promise<void> => onEvent({ type: 'notice', message });
  return { mustResume: resume, patience: lockPatience, onWait };
}

/** The plan that a run is computed by where that is settled; undefined where it is to be chosen. */
export async function planFor(
  { plan }: Job,
  { checkpointPlan }: RunFolder,
  { onEvent }: LoopHooks,
): Promise<Job['plan']> {
  if (plan && checkpointPlan && plan !== checkpointPlan) {
    const before = `the run was computed by ${checkpointPlan} so far`;
    const message = `--plan ${plan}: ${before}: the last bits of its weights will differ from those of a run by one plan`;
    await onEvent({ type: 'notice', message });
  }
  return plan ?? checkpointPlan;
}

const SAVING_SHARE = 0.05;
/** Whoever asked for the stop waits: a checkpoint that takes longer, in milliseconds, is not begun. */
const PATIENCE = 400;

/**
 * Runs a task from where its folder stands, saving what the loop says can be saved.
 * @returns how it ended, with the state it ended in
 */
export async function runLoop<Example>(
  task: LearningTask<Example>,
  run: RunFolder,
  store: EngineStore,
  saveBest: (file: string) => Promise<void>,
  hooks: LoopHooks,
): Promise<FinishedEvent> {
  const saver = new Saver(run, store, saveBest, hooks);
  for await (const event of learn(withTurns(task), run.state, hooks.signal)) {
    if (event.type === 'finished') return event;
    if (event.type === 'checkpoint') await saver.save(event);
    else await hooks.onEvent(event);
    await turn();
  }
  throw new Error('the loop ended without saying how');
}

/** The task, where between two batches a stop can be heard of. */
function withTurns<Example>(task: LearningTask<Example>): LearningTask<Example> {
  const { engine } = task;
  const accumulate: typeof engine.accumulate = async (...batch) => {
    const loss = await engine.accumulate(...batch);
    await turn();
    return loss;
  };
  return { ...task, engine: { accumulate, update: (options) => engine.update(options) } };
}

/**
 * Runs of the encoder block the thread: between them, messages such as a stop have their turn, first to arrive, then to
 * be answered.
 */
async function turn(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
  await new Promise((resolve) => setImmediate(resolve));
}

class Saver {
  private savedAt = performance.now();
  /** Milliseconds that the last checkpoint took. */
  private took: number | undefined;

  constructor(
    private readonly run: RunFolder,
    private readonly store: EngineStore,
    private readonly saveBest: (file: string) => Promise<void>,
    private readonly hooks: LoopHooks,
  ) {}

  async save({ reason, best, state }: CheckpointEvent): Promise<void> {
    if (best) await this.run.saveBest(state.best!.epoch, this.saveBest);
    if (!this.isDue(reason, state.finished !== null)) return;
    const began = performance.now();
    await this.run.save(state, this.store);
    this.savedAt = performance.now();
    this.took = this.savedAt - began;
    await this.hooks.onEvent({ type: 'saved', epoch: state.epoch, step: state.step });
  }

  private isDue(reason: CheckpointEvent['reason'], finished: boolean): boolean {
    if (finished || this.took === undefined) return true;
    if (reason === 'stopped') return this.took < PATIENCE;
    const share = this.hooks.savingShare ?? SAVING_SHARE;
    return share >= 1 || this.took <= share * (performance.now() - this.savedAt);
  }
}
