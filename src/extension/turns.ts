import { setImmediate as nextTurn } from 'node:timers/promises';

/** Long work on the extension host's thread, a part a turn: between two of them everybody else has theirs. */
export class Turns {
  private readonly taken: number[] = [];
  private isStopped = false;

  /** Milliseconds that each part took. */
  get milliseconds(): readonly number[] {
    return this.taken;
  }

  /** No part is begun from then on: what it would use is gone. */
  stop(): void {
    this.isStopped = true;
  }

  /**
   * Does a part at once. Resolves to its result when the next may follow; what it started and did not await runs on.
   * @throws Error once stopped
   */
  async take<T>(part: () => T | Promise<T>): Promise<T> {
    if (this.isStopped) throw new Error('Anamnese was deactivated while it was being activated.');
    const started = performance.now();
    const begun = part();
    const result = begun instanceof Promise ? await begun : begun;
    this.taken.push(performance.now() - started);
    await nextTurn();
    return result;
  }
}
