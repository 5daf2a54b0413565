import { bar } from './render';
import type { ProgressStream } from './training/progress';
import { duration, LINES_APART, Progress } from './training/progress';

/** Progress over notes: a bar that a terminal redraws; elsewhere lines, none of what is soon over. */
export class NoteProgress {
  private readonly line: Progress;
  private readonly startedAt: number;

  /** @param verb what is done with a note, such as `predicts` */
  constructor(
    private readonly verb: string,
    private readonly stream: ProgressStream = process.stderr,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.line = new Progress(stream, now);
    this.startedAt = now();
  }

  /** @param done notes so far, a part of one as a fraction */
  show(done: number, of: number): void {
    if (!this.stream.isTTY && this.now() - this.startedAt < LINES_APART) return;
    this.line.brief(() => this.text(done, of));
  }

  /** Leaves the terminal with an empty line to write on. */
  end(): void {
    this.line.end();
  }

  private text(done: number, of: number): string {
    const milliseconds = Math.max(1, this.now() - this.startedAt);
    // Fractions are added up: what is whole may come out a trifle less.
    const whole = Math.floor(done + 1e-6);
    return [
      ...(this.stream.isTTY ? [bar(done / of)] : []),
      `${this.verb} note ${Math.min(of, whole + 1)} of ${of}`,
      `${((1000 * done) / milliseconds).toPrecision(3)} notes/s`,
      ...(done > 0 ? [`${duration((milliseconds / done) * Math.max(0, of - done))} left`] : []),
    ].join('  ');
  }
}
