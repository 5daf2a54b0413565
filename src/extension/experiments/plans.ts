import * as vscode from 'vscode';
import type { PlanState, RunnerEvent } from '../../core/experiments/planState';
import { planState } from '../../core/experiments/planState';
import type { PlanSummary } from '../../core/experiments/planSummary';
import type { RunnerFile } from '../../protocol/planRunner';
import { readPlans } from '../../protocol/survey';
import { throttled } from '../throttled';
import { experimentFolders } from './folders';
import { PlanPulse } from './planPulse';
import type { AttachedRunner, RunnerProgram } from './runnerClient';
import { attachRunner, startRunner } from './runnerClient';
import type { Survey } from './survey';
import { readRunner, watchPlans } from './watchPlans';

/** A plan that a process carries out, as this window hears of it. */
export interface RunningPlan {
  readonly folder: string;
  readonly pid: number;
  readonly state: PlanState;
  /** Milliseconds of the process's clock now. */
  now(): number;
}

interface Attached {
  readonly runner: AttachedRunner;
  readonly clock: number;
  state: PlanState;
}

/** Finished runs may come many times a second; the list asks for all of them each time. */
const REFRESH_MS = 1000;

/**
 * The plans of this workspace: what lies in their folders, read by the survey when somebody looks, and what their
 * processes tell. Those belong to no window; this one comes and goes.
 */
export class Plans implements vscode.Disposable {
  private readonly attached = new Map<string, Attached>();
  private readonly dead = new Map<string, RunnerFile>();
  private readonly looking = new Map<string, Promise<void>>();
  private summaries: readonly PlanSummary[] | undefined;
  private readings = 0;
  private shownReading = 0;
  private readonly changed = new vscode.EventEmitter<string | undefined>();
  private readonly results = new vscode.EventEmitter<string>();
  private readonly began = new vscode.EventEmitter<RunningPlan>();
  private readonly ended = new vscode.EventEmitter<{ folder: string; state: PlanState }>();
  private readonly died = new vscode.EventEmitter<{ folder: string; runner: RunnerFile }>();
  private watcher: vscode.Disposable | undefined;
  private wanted = false;
  private readonly pulse = new PlanPulse(
    experimentFolders,
    () => this.summaries ?? [],
    () => this.stale(),
  );
  private readonly reread = throttled(() => void this.refresh().catch(() => undefined), REFRESH_MS);

  /** A plan's state changed (its folder), or the list of plans did (undefined). */
  readonly onChange = this.changed.event;
  /** Finished runs of a plan (its folder) came, changed or went. */
  readonly onResults = this.results.event;
  /** This window hears of a plan that is carried out: it was started, or found. */
  readonly onBegin = this.began.event;
  readonly onEnd = this.ended.event;
  /** A process was ended from outside, and its plan is not done. */
  readonly onDeath = this.died.event;

  constructor(
    private readonly program: RunnerProgram,
    private readonly survey: Survey,
  ) {}

  /** Finds what is carried out or was interrupted, without reading any run; from then on watches. */
  async look(): Promise<void> {
    this.watcher?.dispose();
    this.watcher = watchPlans(
      (folder) => void this.lookAt(folder),
      () => this.stale(),
    );
    for (const folder of experimentFolders()) {
      const entries = await Promise.resolve(vscode.workspace.fs.readDirectory(folder)).catch(() => []);
      for (const [name, type] of entries)
        if (type & vscode.FileType.Directory) await this.lookAt(vscode.Uri.joinPath(folder, name).fsPath);
    }
  }

  /** The plans, those last made first; read when first asked for. */
  async list(): Promise<readonly PlanSummary[]> {
    this.wanted = true;
    return this.summaries ?? this.refresh();
  }

  /** Somebody sees what comes of the plans, until disposed. */
  see(): vscode.Disposable {
    void this.list().catch(() => undefined);
    return this.pulse.see();
  }

  /** Reads the list again, where somebody has seen it. */
  stale(): void {
    if (this.wanted) this.reread();
  }

  /** Reads the plans. @throws Error with a message for the person where the process that reads them ended */
  async refresh(): Promise<readonly PlanSummary[]> {
    const reading = ++this.readings;
    const folders = experimentFolders().map(({ fsPath }) => fsPath);
    const read = await this.survey.ask(readPlans, { folders });
    // One that began later may have been answered already, and knows more.
    if (this.summaries && reading < this.shownReading) return this.summaries;
    this.shownReading = reading;
    const other = changedResults(this.summaries ?? read, read);
    this.summaries = read;
    this.changed.fire(undefined);
    for (const folder of other) this.results.fire(folder);
    return read;
  }

  running(folder: string): RunningPlan | undefined {
    const attached = this.attached.get(folder);
    return attached && this.shown(folder, attached);
  }

  runningFolders(): string[] {
    return [...this.attached.keys()];
  }

  /** Whether the plan's process was ended from outside. */
  isInterrupted(folder: string): boolean {
    return this.dead.has(folder);
  }

  /** Carries a plan out, or on. @throws Error with a message for the person */
  async start(folder: string): Promise<void> {
    if (this.attached.has(folder)) return;
    const started = await startRunner(this.program, folder);
    if (started.type === 'failed') throw new Error(started.message);
    await this.lookAt(folder);
  }

  async stop(folder: string): Promise<void> {
    await this.attached.get(folder)?.runner.stop();
  }

  /** Reads the plan's runner.json and attaches to the process that it speaks of; one look at a time. */
  lookAt(folder: string): Promise<void> {
    const before = this.looking.get(folder) ?? Promise.resolve();
    const now = before.then(() => this.lookOnce(folder));
    this.looking.set(folder, now);
    return now;
  }

  dispose(): void {
    for (const { runner } of this.attached.values()) runner.dispose();
    this.attached.clear();
    this.reread.dispose();
    this.pulse.dispose();
    this.watcher?.dispose();
    vscode.Disposable.from(this.changed, this.results, this.began, this.ended, this.died).dispose();
  }

  private async lookOnce(folder: string): Promise<void> {
    if (this.attached.has(folder)) return;
    const runner = await readRunner(folder);
    if (!runner) {
      if (this.dead.delete(folder)) this.changed.fire(folder);
      return;
    }
    const { ask } = this.program;
    const listener = {
      ...(ask && { ask }),
      event: (event: RunnerEvent, at: number) => this.hear(folder, event, at),
      closed: () => this.lost(folder, runner),
    };
    const attached = await attachRunner(runner, listener);
    if (attached) this.attach(folder, attached);
    else this.isDead(folder, runner);
  }

  private attach(folder: string, runner: AttachedRunner): void {
    const { state, now } = runner.first;
    const attached = { runner, state, clock: now - performance.now() };
    this.dead.delete(folder);
    this.attached.set(folder, attached);
    this.began.fire(this.shown(folder, attached));
    this.changed.fire(undefined);
  }

  private shown(folder: string, attached: Attached): RunningPlan {
    const { runner, state, clock } = attached;
    return { folder, pid: runner.pid, state, now: () => performance.now() + clock };
  }

  private hear(folder: string, event: RunnerEvent, at: number): void {
    const attached = this.attached.get(folder);
    if (!attached) return;
    attached.state = planState(attached.state, event, at);
    if (event.type === 'runFinished' || event.type === 'runFailed') this.stale();
    this.changed.fire(folder);
    if (event.type === 'ended') this.letGo(folder, attached);
  }

  private letGo(folder: string, attached: Attached): void {
    this.attached.delete(folder);
    attached.runner.dispose();
    this.ended.fire({ folder, state: attached.state });
    this.stale();
    this.changed.fire(undefined);
  }

  /** The process went without a word. */
  private lost(folder: string, runner: RunnerFile): void {
    if (!this.attached.delete(folder)) return;
    this.isDead(folder, runner);
  }

  private isDead(folder: string, runner: RunnerFile): void {
    this.dead.set(folder, runner);
    this.died.fire({ folder, runner });
    this.stale();
    this.changed.fire(undefined);
  }
}

/** The folders of plans that are read otherwise than before. */
function changedResults(before: readonly PlanSummary[], now: readonly PlanSummary[]): string[] {
  const known = new Map(before.map((plan) => [plan.folder, JSON.stringify(plan)]));
  return now.filter((plan) => known.get(plan.folder) !== JSON.stringify(plan)).map(({ folder }) => folder);
}
