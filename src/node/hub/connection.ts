import { fetch as undiciFetch } from 'undici';
import { HubError } from '../../core/library/hubError';
import type { WayOptions } from './agent';
import { agentOf } from './agent';
import { pause, waitBeforeRetry } from './retry';

/** The hub that is asked where no other is named. */
export const HUB = 'https://huggingface.co';

export interface HubOptions extends WayOptions {
  /** A mirror's address; `HF_ENDPOINT`, else the hub's own. */
  readonly endpoint?: string | undefined;
  /** Goes to the endpoint alone, never to where it redirects; `HF_TOKEN` where none is given. */
  readonly token?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds before the second try, doubled for each further one. */
  readonly firstWaitMs?: number | undefined;
  /** Milliseconds that nothing may come for; then the connection counts as cut. */
  readonly silenceMs?: number | undefined;
}

/** A hub, and how to reach it; `close` lets go of its connections. */
export interface HubConnection {
  readonly endpoint: string;
  readonly host: string;
  readonly hasToken: boolean;
  readonly signal: AbortSignal | undefined;
  readonly firstWaitMs: number;
  /** Fetches by the proxy with the token, tries again where that helps; throws HubError where no answer comes. */
  readonly fetch: typeof fetch;
  close(): Promise<void>;
}

const SILENCE_MS = 30_000;
const FIRST_WAIT_MS = 500;
const TRIES = 5;

/** @throws HubError where the address is none, or a token would travel unencrypted */
export function connectToHub(options: HubOptions): HubConnection {
  const { signal, firstWaitMs = FIRST_WAIT_MS, silenceMs = SILENCE_MS } = options;
  const url = endpointUrl(options.endpoint || process.env['HF_ENDPOINT'] || HUB);
  const token = options.token || process.env['HF_TOKEN'] || undefined;
  if (token !== undefined) refuseInClear(url);
  const agent = agentOf(options, silenceMs, url.host);
  const once = (input: Parameters<typeof fetch>[0], init: RequestInit = {}): Promise<Response> => {
    const headers = new Headers(init.headers);
    // What is resumed and verified are the bytes themselves.
    headers.set('Accept-Encoding', 'identity');
    if (token !== undefined && new URL(String(input)).origin === url.origin)
      headers.set('Authorization', `Bearer ${token}`);
    const request = { ...init, headers, dispatcher: agent, signal: signal ?? null };
    // The package's own fetch knows its agents; both packages mean the same by a request and a response.
    return undiciFetch(String(input), request as never) as unknown as Promise<Response>;
  };
  return {
    endpoint: url.href.replace(/\/$/, ''),
    host: url.host,
    hasToken: token !== undefined,
    signal,
    firstWaitMs,
    fetch: (input, init) => withRetries(() => once(input, init), url.host, { signal, firstWaitMs }),
    close: () => agent.destroy(),
  };
}

function endpointUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url && /^https?:$/.test(url.protocol)) return url;
  throw new HubError(
    'unusable',
    `${text}: no address of a hub or mirror, which begins with https:// (HF_ENDPOINT or --endpoint)`,
    { subject: text, reason: 'https://' },
  );
}

function refuseInClear({ protocol, hostname, host }: URL): void {
  if (protocol === 'https:' || /^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname)) return;
  throw new HubError(
    'token',
    `${host}: the token would travel unencrypted: give the address with https://, or take the token away`,
    { subject: host, reason: 'http' },
  );
}

interface Patience {
  readonly signal: AbortSignal | undefined;
  readonly firstWaitMs: number;
}

async function withRetries(
  ask: () => Promise<Response>,
  host: string,
  { signal, firstWaitMs }: Patience,
): Promise<Response> {
  for (let attempt = 1; ; attempt++) {
    const answer = await ask().catch((error: unknown) => noAnswer(error, host, signal));
    const wait = waitBeforeRetry(answer, attempt, firstWaitMs);
    if (wait === undefined || attempt === TRIES) {
      if (answer instanceof HubError) throw answer;
      return answer;
    }
    if (!(answer instanceof HubError)) await answer.body?.cancel();
    await pause(wait, signal);
  }
}

/** Codes of what more tries do not change soon, and what they mean. */
const UNREACHABLE = ['ENOTFOUND', 'EAI_AGAIN', 'ECONNREFUSED', 'ENETUNREACH', 'EHOSTUNREACH', 'ENETDOWN'];

/** Codes of certificates that are not trusted, which more tries do not change. */
const UNTRUSTED = /CERT|UNABLE_TO_(GET|VERIFY)/;

/** @throws the signal's reason where that is why */
function noAnswer(error: unknown, host: string, signal: AbortSignal | undefined): HubError {
  signal?.throwIfAborted();
  const code = codeOf(error);
  const parts = { subject: host, reason: code };
  // The status of the proxy's refusal is in the words alone.
  const [, status] = /Proxy response \((\d+)\)/i.exec(innermost(error).message) ?? [];
  if (status) {
    const message = `the proxy lets nothing through to ${host} (${status}): check HTTPS_PROXY, and the name and password in it`;
    return new HubError('proxy', message, { subject: host, reason: status }, { cause: error });
  }
  if (UNTRUSTED.test(code)) return untrusted(error, host, code);
  if (!UNREACHABLE.includes(code))
    return new HubError('cut', `${host}: the connection was cut (${code})`, parts, { cause: error });
  const advice =
    'check the network and the proxy (HTTPS_PROXY), or name a mirror (HF_ENDPOINT); ' +
    'an encoder’s folder can be added without a network';
  return new HubError('offline', `${host} cannot be reached (${code}): ${advice}`, parts, { cause: error });
}

function untrusted(error: unknown, host: string, code: string): HubError {
  const message =
    `${host}: the certificate that was shown is not trusted (${code}): where a proxy of your network shows its own, ` +
    'give the file of its issuer’s certificate in NODE_EXTRA_CA_CERTS';
  return new HubError('certificate', message, { subject: host, reason: code }, { cause: error });
}

/** The code of the innermost error: what happened to the socket. */
export function codeOf(error: unknown): string {
  const { code, message } = innermost(error);
  return code ?? message ?? String(error);
}

function innermost(error: unknown): NodeJS.ErrnoException {
  const { cause, errors } = error as { readonly cause?: unknown; readonly errors?: readonly unknown[] };
  if (errors?.length) return innermost(errors[0]);
  return cause instanceof Error ? innermost(cause) : (error as NodeJS.ErrnoException);
}
