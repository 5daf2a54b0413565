/** What some work took, and what it gave. */
export interface Timed<T> {
  readonly seconds: number;
  readonly cpuSeconds: number;
  /** Of the first run, before the code was warm. */
  readonly firstSeconds: number;
  readonly result: T;
}

/** The least wall and CPU time of some runs: what else the machine does only ever adds to a time. */
export function timed<T>(work: () => T, runs = 1): Timed<T> {
  const times = Array.from({ length: runs }, () => {
    const [begin, cpu] = [performance.now(), process.cpuUsage()];
    const result = work();
    const seconds = (performance.now() - begin) / 1000;
    const { user, system } = process.cpuUsage(cpu);
    return { seconds, cpuSeconds: (user + system) / 1e6, result };
  });
  return {
    seconds: Math.min(...times.map(({ seconds }) => seconds)),
    cpuSeconds: Math.min(...times.map(({ cpuSeconds }) => cpuSeconds)),
    firstSeconds: times[0]!.seconds,
    result: times.at(-1)!.result,
  };
}

/** The better of two measurements of the same work, as when a rival ran between them. */
export function better<T>(a: Timed<T>, b: Timed<T>): Timed<T> {
  return {
    ...b,
    seconds: Math.min(a.seconds, b.seconds),
    cpuSeconds: Math.min(a.cpuSeconds, b.cpuSeconds),
    firstSeconds: a.firstSeconds,
  };
}
