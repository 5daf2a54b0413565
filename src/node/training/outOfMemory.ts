import { TrainingError } from '../../core/train/trainingError';

/** What to do where memory ran out, or the system ended the process for it. */
export const OUT_OF_MEMORY =
  'memory ran out: give a smaller --batch or --batch-tokens with a larger --accumulate (the result is the same), a ' +
  'smaller --max-length, or --plan layer-by-layer';

/** The same work, where advice takes the place of what the runtime says when memory runs out. */
export async function advised<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw isOutOfMemory(error) ? new TrainingError('memory', OUT_OF_MEMORY) : error;
  }
}

export function isOutOfMemory(error: unknown): boolean {
  if (!(error instanceof Error) || error instanceof TrainingError) return false;
  return /out of memory|bad_alloc|failed to allocate|allocation failed|\boom\b/i.test(error.message);
}
