import type { RunEvent, StartedEvent } from '../../core/train/loop/runEvents';
import type { EpochEvent, StepEvent } from '../../core/train/loop/learningEvents';
import { problemLine } from '../problems';

/** Where progress is shown. */
export interface ProgressStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/** Between two lines about steps where there is no terminal, and between two redraws where there is, in milliseconds. */
export const LINES_APART = 30_000;
const REDRAWS_APART = 100;

/** Progress as one line that is redrawn on a terminal, and as lines elsewhere. */
export class Progress {
  private startedAt = 0;
  /** Of the run when it was started or taken up. */
  private startedWith: number | undefined;
  private shownAt = -Infinity;
  private notes = 0;
  private lastF1: number | undefined;
  private drawn = false;

  constructor(
    private readonly stream: ProgressStream,
    private readonly now: () => number,
    /** What stands around every line, where the run is one of several. */
    private readonly frame: (text: string) => string = (text) => text,
  ) {}

  show(event: RunEvent): void {
    switch (event.type) {
      case 'started':
        this.startedAt = this.now();
        this.line(startedLine(event));
        break;
      case 'step':
        this.step(event);
        break;
      case 'epoch':
        this.lastF1 = event.validation?.microF1 ?? this.lastF1;
        this.line(`${epochLine(event)}  ${this.rate()}`);
        break;
      case 'notice':
        this.line(`anamnese: ${event.message}`);
        break;
      case 'problem':
        this.line(`anamnese: ${problemLine(event.problem)}`);
    }
  }

  /** Leaves the terminal with an empty line to write on. */
  end(): void {
    if (this.drawn) this.stream.write('\r\x1b[K');
    this.drawn = false;
  }

  private step(event: StepEvent): void {
    this.startedWith ??= event.progress - 1 / event.steps / event.epochs;
    this.notes += event.notes;
    this.brief(() => this.stepText(event));
  }

  /** A line about one of many small steps: redrawn on a terminal, elsewhere one now and then. */
  brief(text: () => string): void {
    const now = this.now();
    if (now - this.shownAt < (this.stream.isTTY ? REDRAWS_APART : LINES_APART)) return;
    this.shownAt = now;
    const line = this.frame(text());
    if (!this.stream.isTTY) return void this.stream.write(`${line}\n`);
    this.stream.write(`\r\x1b[K${line.slice(0, (this.stream.columns || 80) - 1)}`);
    this.drawn = true;
  }

  private stepText({ epoch, epochs, step, steps, loss, progress }: StepEvent): string {
    const f1 = this.lastF1 === undefined ? [] : [`F1 ${this.lastF1.toFixed(4)}`];
    const done = progress - this.startedWith!;
    const left = ((this.now() - this.startedAt) / done) * (1 - progress);
    return [
      `epoch ${epoch + 1}/${epochs}`,
      `step ${step + 1}/${steps}`,
      `loss ${loss.toPrecision(3)}`,
      ...f1,
      this.rate(),
      `${duration(left)} left`,
    ].join('  ');
  }

  private rate(): string {
    const seconds = Math.max(1e-3, (this.now() - this.startedAt) / 1000);
    return `${(this.notes / seconds).toPrecision(3)} notes/s`;
  }

  private line(text: string): void {
    this.end();
    this.stream.write(`${this.frame(text)}\n`);
  }
}

function startedLine(event: StartedEvent): string {
  const { encoder, notes, epochs, device, plan, assumedMemory, outputs, resumedAt } = event;
  const parts = `${notes.training} training, ${notes.validation} validation, ${notes.test} test notes`;
  const assumed = assumedMemory && `${(assumedMemory / 2 ** 30).toPrecision(2)} GB of memory assumed`;
  const how = [device, plan, assumed].filter(Boolean).join(', ');
  const what = outputs.length > 0 ? `, ${outputs.length} outputs` : '';
  const where = resumedAt ? `; goes on at epoch ${resumedAt.epoch + 1}, step ${resumedAt.step + 1}` : '';
  return `${encoder}: ${parts}${what}, ${epochs} epochs (${how})${where}`;
}

function epochLine({ epoch, epochs, loss, validation, best }: EpochEvent): string {
  const scores = validation
    ? [
        `validation F1 ${validation.microF1.toFixed(4)} micro, ${validation.macroF1.toFixed(4)} macro`,
        ...(best ? ['best'] : []),
      ]
    : [];
  return [`epoch ${epoch + 1}/${epochs}`, `loss ${loss.toPrecision(3)}`, ...scores].join('  ');
}

/** `45 s`, `12 min`, `3 h 20 min`. */
export function duration(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000);
  if (seconds < 90) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 90 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
