import type { PlanEvent, PlanProgress } from '../../core/experiments/planEvents';
import type { RunEvent } from '../../core/train/loop/runEvents';
import type { ProgressStream } from '../training/progress';
import { duration, Progress } from '../training/progress';

/** How much of a run is left to score once it is trained: little, whatever the encoder. */
const TRAINED = 0.97;

/** A plan's progress, as one line that is redrawn on a terminal, and as lines elsewhere; each names its run. */
export class PlanView {
  private run = '';
  private progress: PlanProgress = { finished: 0, failed: 0, total: 0 };
  private inner: Progress | undefined;
  /** Whether the present run has trained since it was begun or taken up. */
  private trains = false;
  private readonly told = new Set<string>();
  private readonly estimate: TimeLeft;

  constructor(
    private readonly stream: ProgressStream,
    private readonly now: () => number,
    only?: readonly string[],
  ) {
    this.estimate = new TimeLeft(now, only?.length);
  }

  show(event: PlanEvent): void {
    if ('progress' in event) this.progress = event.progress;
    switch (event.type) {
      case 'plan':
        this.estimate.begin(event.progress);
        return this.line(`${event.progress.finished} of ${event.progress.total} runs are finished`);
      case 'runStarted':
        this.run = event.id;
        this.trains = false;
        this.inner = new Progress(this.stream, this.now, (text) => this.framed(text));
        return;
      case 'run':
        return this.showRun(event.event);
      case 'scoring':
        return this.showScoring(event.done, event.of);
      case 'runFinished':
        this.estimate.next();
        return this.line(`${event.id}: finished (${this.count()})${this.timeLeft()}`);
      case 'runFailed':
        this.estimate.next();
        return this.line(`anamnese: ${event.id}: ${event.message}`);
    }
  }

  /** Leaves the terminal with an empty line to write on. */
  end(): void {
    this.inner?.end();
  }

  private showRun(event: RunEvent): void {
    if (event.type === 'step') {
      this.trains = true;
      this.estimate.reach(TRAINED * event.progress);
    }
    // Every run reads the same corpus: its problems are told once.
    if (event.type === 'problem' && !this.isNew(JSON.stringify(event.problem))) return;
    this.inner?.show(event);
  }

  private showScoring(done: number, of: number): void {
    this.estimate.reach(this.trains ? TRAINED + (1 - TRAINED) * (done / of) : done / of);
    this.inner?.brief(() => `scores note ${done} of ${of}`);
  }

  private isNew(text: string): boolean {
    const size = this.told.size;
    return this.told.add(text).size > size;
  }

  private framed(text: string): string {
    if (text.startsWith('anamnese: ')) return text;
    return `${this.run} (${this.count()})  ${text}${this.timeLeft()}`;
  }

  private count(): string {
    const { finished, failed, total } = this.progress;
    return `${finished + failed}/${total}`;
  }

  private timeLeft(): string {
    const left = this.estimate.left();
    return left === undefined ? '' : `  ${duration(left)} left of the plan`;
  }

  private line(text: string): void {
    this.end();
    this.stream.write(`${text}\n`);
  }
}

/** Time left of a plan, taking every run for as long as those so far. */
class TimeLeft {
  private startedAt = 0;
  private todo = 0;
  /** Runs ended since, and how far the present one is. */
  private ended = 0;
  private reached = 0;
  /** How far the first run was when it was taken up. */
  private startedWith: number | undefined;

  constructor(
    private readonly now: () => number,
    private readonly asked: number | undefined,
  ) {}

  begin({ finished, total }: PlanProgress): void {
    this.startedAt = this.now();
    this.todo = Math.min(this.asked ?? Infinity, total - finished);
  }

  reach(share: number): void {
    this.startedWith ??= share;
    this.reached = share;
  }

  next(): void {
    this.ended++;
    this.reached = 0;
  }

  /** Milliseconds; undefined while there is nothing to tell it from. */
  left(): number | undefined {
    const done = this.ended + this.reached - (this.startedWith ?? 0);
    const rest = this.todo - this.ended - this.reached;
    if (done <= 0 || rest <= 0) return undefined;
    return ((this.now() - this.startedAt) / done) * rest;
  }
}
