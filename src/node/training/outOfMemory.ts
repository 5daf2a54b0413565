import { TrainingError } from '../../core/train/trainingError';

/**
 * What to do where memory ran out, or the system ended the process for it.
 * @param plan that ran, as far as it is known: no other is advised after the one that takes least
 */
export function outOfMemoryAdvice(plan: string | undefined): string {
  const smaller = 'a smaller --batch or --batch-tokens with a larger --accumulate (the result is the same)';
  const shorter = 'a smaller --max-length';
  if (plan === 'layer-by-layer') return `memory ran out: give ${smaller}, or ${shorter}`;
  return `memory ran out: give ${smaller}, ${shorter}, or --plan layer-by-layer`;
}

/**
 * The same work, where advice takes the place of what the runtime says when memory runs out.
 * @param plan asked for when it has, since the work chooses it
 */
export async function advised<T>(work: Promise<T>, plan: () => string | undefined): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw isOutOfMemory(error) ? new TrainingError('memory', outOfMemoryAdvice(plan())) : error;
  }
}

export function isOutOfMemory(error: unknown): boolean {
  if (!(error instanceof Error) || error instanceof TrainingError) return false;
  return /out of memory|bad_alloc|failed to allocate|allocation failed|\boom\b/i.test(error.message);
}
