/** Spreads something evenly over time, so that no minute has more of it than is allowed. Times are milliseconds. */
export class Allowance {
  private due = -Infinity;

  /** @param perMinute Infinity where there is no limit */
  constructor(private readonly perMinute: number) {}

  /** Takes some of it, as soon as what was taken before is allowed. @returns how long to wait from `now` on */
  take(amount: number, now: number): number {
    const start = Math.max(this.due, now);
    this.due = start + this.timeOf(amount);
    return start - now;
  }

  /** Corrects what was taken: `more` than was thought, or less where it is negative. */
  correct(more: number): void {
    this.due += this.timeOf(more);
  }

  private timeOf(amount: number): number {
    return (amount * 60_000) / this.perMinute;
  }
}
