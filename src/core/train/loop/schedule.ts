/**
 * The share of the learning rate at a point of the run: a straight rise over the warm-up, a straight fall to 0
 * afterwards, as transformers' `get_linear_schedule_with_warmup`.
 * @param progress of the run, from 0 at the first step to 1 after the last
 */
export function linearSchedule(progress: number, warmUp: number): number {
  if (progress < warmUp) return progress / warmUp;
  return warmUp === 1 ? 1 : Math.max(0, (1 - progress) / (1 - warmUp));
}
