import { ChatError } from '../../core/llm/provider';

/** Answers of a server that may be others a moment later. */
const PASSING = new Set([408, 409, 425, 429]);

/** What is known of a request that failed; nothing of what a server writes in words, which may quote the note. */
export interface Failure {
  readonly host: string;
  readonly status?: number | undefined;
  /** Of the server or of the connection: one word. */
  readonly code?: string | undefined;
  readonly retryAfter?: number | undefined;
}

/** What a failure means for the requests that follow, in words for a person. */
export function chatErrorOf({ host, status, code, retryAfter }: Failure): ChatError {
  const named = code !== undefined && /^[\w.:-]{1,64}$/.test(code) ? ` (${code})` : '';
  if (status === undefined) return new ChatError(`${host}: the connection failed${named}`, 'again');
  const passing = status >= 500 || PASSING.has(status);
  // Money that has run out comes back no sooner for waiting.
  const chance = passing && code !== 'insufficient_quota' ? 'again' : 'never';
  return new ChatError(`${host}: answers ${status}${named}${adviceOn(status, code)}`, chance, retryAfter);
}

function adviceOn(status: number, code: string | undefined): string {
  if (code === 'insufficient_quota') return ': the account has no credit left';
  if (status === 401 || status === 403)
    return ': the key is missing, wrong, or not allowed to use this model';
  if (status === 404) return ': no such model or endpoint there; providers switch old models off';
  if (status === 400)
    return ': the server does not take this request (does the model know structured output?)';
  if (status === 413) return ': the note and its examples are too long for the server';
  return '';
}

/** Milliseconds that a `Retry-After` header asks for, whether it says seconds or a date. */
export function retryAfterOf(headers: Headers | undefined, now: number): number | undefined {
  const milliseconds = Number(headers?.get('retry-after-ms') ?? NaN);
  if (milliseconds >= 0) return milliseconds;
  const given = headers?.get('retry-after');
  if (given === undefined || given === null) return undefined;
  const seconds = Number(given);
  const wait = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(given) - now;
  return Number.isFinite(wait) ? Math.max(0, wait) : undefined;
}

/** The code of a connection's error, which lies in what caused it. */
export function connectionCode(error: unknown): string | undefined {
  for (let one = error; one instanceof Error; one = one.cause) {
    const { code } = one as NodeJS.ErrnoException;
    if (typeof code === 'string') return code;
  }
  return undefined;
}
