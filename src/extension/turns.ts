import { setImmediate as nextTurn } from 'node:timers/promises';

/** Long work on the extension host's thread, a part a turn: between two of them everybody else has theirs. */
export class Turns {
  private readonly taken: number[] = [];

  /** Milliseconds that each part took. */
  get milliseconds(): readonly number[] {
    return this.taken;
  }

  /** Does a part at once. Resolves to its result when the next may follow; what it started and did not await runs on. */
  async take<T>(part: () => T | Promise<T>): Promise<T> {
    const started = performance.now();
    const begun = part();
    const result = begun instanceof Promise ? await begun : begun;
    this.taken.push(performance.now() - started);
    await nextTurn();
    return result;
  }
}
