/** The longest that a thread could not do anything else. */
export interface LongestBlock {
  /** By the clock: on a busy machine, time that other programs took counts too. */
  readonly wallMs: number;
  /** Processor time of the thread itself between two turns; undefined where Node cannot say (before 23.9). */
  readonly cpuMs: number | undefined;
}

const INTERVAL_MS = 2;

/** Processor time of this thread so far; NaN where Node cannot say (before 23.9). */
export const threadCpuMs = (): number => {
  const { threadCpuUsage } = process as { threadCpuUsage?: () => NodeJS.CpuUsage };
  const used = threadCpuUsage?.();
  return used ? (used.user + used.system) / 1000 : NaN;
};

/** Watches this thread by a timer of two milliseconds until asked for the longest delay. */
export function watchLoop(): () => LongestBlock {
  let [wallMs, cpuMs] = [0, 0];
  let [lastWall, lastCpu] = [performance.now(), threadCpuMs()];
  const timer = setInterval(() => {
    const [wall, cpu] = [performance.now(), threadCpuMs()];
    wallMs = Math.max(wallMs, wall - lastWall - INTERVAL_MS);
    cpuMs = Math.max(cpuMs, cpu - lastCpu);
    [lastWall, lastCpu] = [wall, cpu];
  }, INTERVAL_MS);
  return () => {
    clearInterval(timer);
    return { wallMs, cpuMs: Number.isNaN(cpuMs) ? undefined : cpuMs };
  };
}
