import { setTimeout as sleep } from 'node:timers/promises';
import { HubError } from '../../core/library/hubError';

/** Answers that another try may change. */
const PASSING = [408, 429, 500, 502, 503, 504];
/** A hub that asks for more patience than this is not waited for, in milliseconds. */
const LONGEST_WAIT = 60_000;

/** Milliseconds to wait before asking again: what the answer asks for, else twice as long each time; undefined: do not. */
export function waitBeforeRetry(
  answer: Response | HubError,
  attempt: number,
  firstWaitMs: number,
): number | undefined {
  const doubled = firstWaitMs * 2 ** (attempt - 1);
  if (answer instanceof HubError) return answer.problem === 'cut' ? doubled : undefined;
  if (!PASSING.includes(answer.status)) return undefined;
  const asked = retryAfter(answer.headers.get('Retry-After')) ?? doubled;
  return asked > LONGEST_WAIT ? undefined : asked;
}

/** Seconds or a date, in milliseconds from now. */
function retryAfter(value: string | null): number | undefined {
  if (value === null) return undefined;
  const milliseconds = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - Date.now();
  return Number.isFinite(milliseconds) ? Math.max(0, milliseconds) : undefined;
}

/** Waits, or throws the signal's reason. */
export async function pause(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  await sleep(milliseconds, undefined, signal && { signal }).catch(() => signal?.throwIfAborted());
}
