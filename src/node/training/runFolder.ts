import { existsSync } from 'node:fs';
import { readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import type { TrainingEngine } from '../../core/train/engine';
import type { LearningState } from '../../core/train/loop/learningEvents';
import { learningState } from '../../core/train/loop/learningEvents';
import { TrainingError } from '../../core/train/trainingError';
import type { Lock } from '../lock';
import { replaceFile, replaceFolder, writeDurably } from './durable';
import type { EngineStore } from './engineState';
import type { LockOptions } from './folderLock';
import { lockFolder } from './folderLock';

/** Everything that decides what a run computes: a run is only taken up with the same. */
export type RunSettings = Readonly<Record<string, unknown>>;

type PlanName = TrainingEngine['plan'];

const runFile = z.object({
  format: z.literal('anamnese-run'),
  version: z.literal(1),
  settings: z.record(z.string(), z.unknown()),
  /** How it is computed, which memory decides: a run that is taken up does it the same way, to the last bit. */
  plan: z.enum(['whole-graph', 'layer-by-layer']).optional(),
  /** What came of it; null while the run goes on. */
  result: z.record(z.string(), z.unknown()).nullable(),
});

/** The folder below `--out` that holds what a run needs to go on, and afterwards how it went. */
const INSIDE = 'training';
const RUN = 'run.json';
const STATE = 'state.json';
const TENSORS = 'state.safetensors';
const WEIGHTS = 'model.safetensors';

export interface OpenOptions extends LockOptions {
  /** Whether there has to be a run that can be taken up. */
  readonly mustResume?: boolean | undefined;
}

/**
 * A run's own folder, and this process's alone until it is closed. A checkpoint is there whole or not at all, and the one before it goes only afterwards, so that
 * neither a full disk nor the end of the process at any moment costs more than what was learnt since.
 */
export class RunFolder {
  private saved: LearningState | undefined;

  private constructor(
    readonly out: string,
    private readonly settings: RunSettings,
    /** Where the run stands; undefined before its first checkpoint. */
    readonly state: LearningState | undefined,
    /** Whether the folder held the run already. */
    readonly resumed: boolean,
    private planned: PlanName | undefined,
    private readonly lock: Lock,
  ) {
    this.saved = state;
  }

  /** The plan that it is computed by, once that is chosen. */
  get plan(): PlanName | undefined {
    return this.planned;
  }

  /** The plan that its checkpoints were computed by. */
  get checkpointPlan(): PlanName | undefined {
    return this.state && this.planned;
  }

  /** Notes the plan, so that the run is taken up with it whatever memory is at hand then. */
  async setPlan(plan: PlanName): Promise<void> {
    if (plan === this.planned) return;
    this.planned = plan;
    await this.writeRun(null);
  }

  get folder(): string {
    return path.join(this.out, INSIDE);
  }

  /**
   * Takes up the unfinished run that `out` holds, or begins one in an empty or new folder. It has to be closed.
   * @throws TrainingError where the folder holds something else, a finished run, or one of other settings, and where
   * another process trains in it
   */
  static async open(out: string, given: RunSettings, options: OpenOptions = {}): Promise<RunFolder> {
    // As it will be read back: without what is undefined.
    const settings = JSON.parse(JSON.stringify(given)) as RunSettings;
    const folder = path.join(out, INSIDE);
    // Nothing is made, not even a lock, where no run can be.
    if (!existsSync(path.join(folder, RUN))) {
      await checkEmpty(out);
      if (options.mustResume) throw nothingToResume(out);
    }
    const lock = await lockFolder(out, folder, options);
    try {
      return await RunFolder.openLocked(out, settings, lock, options);
    } catch (error) {
      await lock.release();
      throw error;
    }
  }

  private static async openLocked(
    out: string,
    settings: RunSettings,
    lock: Lock,
    { mustResume }: OpenOptions,
  ): Promise<RunFolder> {
    const folder = path.join(out, INSIDE);
    const file = path.join(folder, RUN);
    if (existsSync(file)) {
      const found = await readRun(file);
      // Its process may have ended before it had cleared up.
      if (found.result) await clearFinished(out);
      const state = found.result ? undefined : await latestState(folder);
      // A run that saved nothing, because it failed at once, say, stands in nobody's way.
      const begun = found.result !== null || state !== undefined;
      if (begun) checkRun(found, settings, out);
      if (begun || isDeepStrictEqual(found.settings, settings))
        return new RunFolder(out, settings, state, true, found.plan, lock);
    } else await checkEmpty(out);
    if (mustResume) throw nothingToResume(out);
    const run = new RunFolder(out, settings, undefined, false, undefined, lock);
    await run.writeRun(null);
    return run;
  }

  /** Leaves the folder to other processes. */
  async close(): Promise<void> {
    await this.lock.release();
  }

  /** Brings an engine to where the run stands. */
  async restore(engine: EngineStore): Promise<void> {
    if (!this.state) return;
    await engine.restore(path.join(this.folder, checkpointName(this.state), TENSORS), this.state.updates);
  }

  /** Saves a checkpoint; earlier ones, and weights that are no longer the best, go afterwards. */
  async save(state: LearningState, engine: EngineStore): Promise<void> {
    this.checkLock();
    const name = checkpointName(state);
    // Equal settings make equal states: one that is there already need not be written again.
    if (!existsSync(path.join(this.folder, name))) {
      await replaceFolder(this.folder, name, async (folder) => {
        await engine.save(path.join(folder, TENSORS));
        await writeDurably(path.join(folder, STATE), JSON.stringify(state, null, 1) + '\n');
      });
    }
    this.saved = state;
    await this.removeAllBut(namesOf(state));
  }

  /** Saves the weights of an epoch, the best so far. Those that the last checkpoint speaks of stay. */
  async saveBest(epoch: number, write: (file: string) => Promise<void>): Promise<void> {
    this.checkLock();
    await replaceFolder(this.folder, bestName(epoch), (folder) => write(path.join(folder, WEIGHTS)));
    await this.removeAllBut([...namesOf(this.saved), bestName(epoch)]);
  }

  /** The file with the best weights. */
  bestWeights({ best }: LearningState): string {
    if (!best) throw new Error('a run that has finished has best weights');
    return path.join(this.folder, bestName(best.epoch), WEIGHTS);
  }

  /** Ends the run; its checkpoints go, and what its result was made in. */
  async finish(result: Readonly<Record<string, unknown>>): Promise<void> {
    this.checkLock();
    await this.writeRun(result);
    await clearFinished(this.out);
  }

  private async writeRun(result: Readonly<Record<string, unknown>> | null): Promise<void> {
    const run: z.infer<typeof runFile> = {
      format: 'anamnese-run',
      version: 1,
      settings: this.settings,
      plan: this.planned,
      result,
    };
    await replaceFile(path.join(this.folder, RUN), JSON.stringify(run, null, 1) + '\n');
  }

  /** A machine that slept too long finds its folder another's. */
  private checkLock(): void {
    if (!this.lock.lost.aborted) return;
    throw new TrainingError('settings', `${this.out}: another process has taken this run up meanwhile`);
  }

  private async removeAllBut(kept: readonly string[]): Promise<void> {
    await removeMatching(this.folder, (name) => CHECKPOINT.test(name) && !kept.includes(name));
  }
}

const CHECKPOINT = /^\.?(checkpoint|best)-/;
/** What is left of a result that was made ready, and of a lock that another process was about to write. */
const REMAINS = /^\.?(checkpoint|best)-|^\.?result(\.partial)?$|^\.lock\.json\..+\.partial$/;

/** Removes the checkpoints of a finished run, and all else that nobody needs any more. */
export async function clearFinished(out: string): Promise<void> {
  await removeMatching(path.join(out, INSIDE), (name) => REMAINS.test(name));
}

async function removeMatching(folder: string, removed: (name: string) => boolean): Promise<void> {
  for (const name of await readdir(folder))
    if (removed(name)) await rm(path.join(folder, name), { recursive: true, force: true });
}

/** A run that has ended, as its `run.json` tells. */
export interface FinishedRun {
  readonly settings: RunSettings;
  readonly plan: PlanName | undefined;
  readonly result: Readonly<Record<string, unknown>>;
}

/** The finished run that a folder holds, undefined where it holds none. @throws TrainingError where it is damaged */
export async function finishedRun(out: string): Promise<FinishedRun | undefined> {
  const file = path.join(out, INSIDE, RUN);
  if (!existsSync(file)) return undefined;
  const { settings, plan, result } = await readRun(file);
  return result ? { settings, plan, result } : undefined;
}

/** In order of time when in order of name. */
function checkpointName({ epoch, step }: LearningState): string {
  const digits = (count: number): string => String(count).padStart(7, '0');
  return `checkpoint-${digits(epoch)}-${digits(step)}`;
}

/** What a checkpoint needs to be taken up. */
function namesOf(state: LearningState | undefined): string[] {
  if (!state) return [];
  return [checkpointName(state), ...(state.best ? [bestName(state.best.epoch)] : [])];
}

const bestName = (epoch: number): string => `best-${String(epoch + 1).padStart(7, '0')}`;

async function latestState(folder: string): Promise<LearningState | undefined> {
  const names = (await readdir(folder)).filter((name) => name.startsWith('checkpoint-')).sort();
  if (names.length === 0) return undefined;
  const file = path.join(folder, names.at(-1)!, STATE);
  return parse(learningState, file, await readFile(file, 'utf8'));
}

async function readRun(file: string): Promise<z.infer<typeof runFile>> {
  return parse(runFile, file, await readFile(file, 'utf8'));
}

function parse<T>(schema: z.ZodType<T>, file: string, text: string): T {
  try {
    return schema.parse(JSON.parse(text));
  } catch {
    throw new TrainingError(
      'settings',
      `${file}: damaged, or of another version: choose another folder for --out`,
    );
  }
}

function checkRun({ settings, result }: z.infer<typeof runFile>, wanted: RunSettings, out: string): void {
  if (result)
    throw new TrainingError('settings', `${out}: holds a finished run: choose another folder for --out`);
  const differ = Object.keys({ ...settings, ...wanted }).filter(
    (key) => !isDeepStrictEqual(settings[key], wanted[key]),
  );
  if (differ.length === 0) return;
  const shown = differ.map((key) => difference(key, settings[key], wanted[key])).join('; ');
  const advice = 'give the settings it was begun with, or choose another folder for --out';
  throw new TrainingError(
    'settings',
    `${out}: holds an unfinished run of other settings (${shown}): ${advice}`,
  );
}

const nothingToResume = (out: string): TrainingError =>
  new TrainingError('settings', `${out}: holds no run that could be taken up`);

/** Which part of a setting differs, with both values where they are short. */
function difference(key: string, before: unknown, now: unknown): string {
  if (isRecord(before) && isRecord(now)) {
    const inside = Object.keys({ ...before, ...now }).find(
      (name) => !isDeepStrictEqual(before[name], now[name]),
    )!;
    return difference(`${key}.${inside}`, before[inside], now[inside]);
  }
  const [a, b] = [JSON.stringify(before) ?? 'none', JSON.stringify(now) ?? 'none'];
  return a.length + b.length > 80 ? key : `${key} was ${a}, is ${b}`;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

async function checkEmpty(out: string): Promise<void> {
  const names = await readdir(out).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [] as string[];
    throw new TrainingError('settings', `${out}: cannot be used for --out (${error.code ?? error.message})`);
  });
  // A run that ended before it had written its first file leaves an empty folder.
  const inside = names.includes(INSIDE) ? await readdir(path.join(out, INSIDE)).catch(() => ['']) : [];
  const others = [
    ...names.filter((name) => name !== INSIDE),
    ...inside.filter((name) => !name.startsWith('.')),
  ];
  if (others.length === 0) return;
  throw new TrainingError(
    'settings',
    `${out}: is not empty and holds no run: choose another folder for --out`,
  );
}
