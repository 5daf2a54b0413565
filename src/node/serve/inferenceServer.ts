import type { InferBody } from '../../core/serve/inferMessage';

/** Milliseconds that an answer may take: the first one of a server may wait for its model. */
const PATIENCE = 120_000;
/** Milliseconds before each new try where a server is busy or starts. */
const PAUSES: readonly number[] = [250, 1000, 3000, 9000];
/** Too many requests; a gateway whose server is not there yet. */
const BUSY: readonly number[] = [429, 502, 503, 504];
/** Characters of a server's own words that are repeated. */
const WORDS = 300;

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Uint8Array;
}

/** A server of the open inference protocol, reached over HTTP. */
export class InferenceServer {
  /** @param token sent as a bearer token, where the server asks for one */
  constructor(
    private readonly url: URL,
    private readonly token?: string | undefined,
  ) {}

  /** Undefined where the server knows no such address, or answers with no JSON. @throws Error as `post` */
  async find(place: string): Promise<unknown> {
    const answer = await this.ask(place, { method: 'GET' });
    return answer.status === 404 ? undefined : json(this.checked(place, answer));
  }

  /** @throws Error naming the address, and the reason that the server or the network gives */
  async post(place: string, { body, headers }: InferBody): Promise<Answer> {
    return this.checked(place, await this.ask(place, { method: 'POST', body, headers: { ...headers } }));
  }

  where(place: string): string {
    const base = this.url.href.endsWith('/') ? this.url.href : `${this.url.href}/`;
    return new URL(place, base).href;
  }

  /** Asks again where the server is busy or the connection broke: the same question has the same answer. */
  private async ask(place: string, init: RequestInit): Promise<Answer> {
    for (const pause of PAUSES) {
      const answer = await this.askOnce(place, init).catch((error: unknown) => {
        if (error instanceof Hopeless) throw error;
        return undefined;
      });
      if (answer && !BUSY.includes(answer.status)) return answer;
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
    return await this.askOnce(place, init);
  }

  private async askOnce(place: string, init: RequestInit): Promise<Answer> {
    const where = this.where(place);
    const authorization = this.token && { Authorization: `Bearer ${this.token}` };
    // Numbers hardly get smaller by packing them, and later.
    const headers = { 'Accept-Encoding': 'identity', ...init.headers, ...authorization };
    // A redirection could lead to a host that nobody allowed.
    const all: RequestInit = { ...init, headers, redirect: 'error', signal: AbortSignal.timeout(PATIENCE) };
    try {
      const response = await fetch(where, all);
      const body = new Uint8Array(await response.arrayBuffer());
      return { status: response.status, headers: response.headers, body };
    } catch (error) {
      const reason = reasonOf(error as Error);
      const Kind = HOPELESS.test(reason) ? Hopeless : Error;
      throw new Kind(`${where}: cannot be reached (${reason})`, { cause: error });
    }
  }

  private checked(place: string, answer: Answer): Answer {
    if (answer.status >= 200 && answer.status < 300) return answer;
    const said = (json(answer) ?? {}) as { readonly error?: unknown };
    const words = typeof said.error === 'string' ? said.error.slice(0, WORDS) : '';
    throw new Error(`${this.where(place)}: ${answer.status} ${words}`.trimEnd());
  }
}

/** Nobody listens there, whatever the patience. */
class Hopeless extends Error {}
const HOPELESS = /ECONNREFUSED|ENOTFOUND|redirect|TimeoutError|CERT|certificate/i;

/** What a failed request says of itself: the system's code where it has one. */
function reasonOf({ name, message, cause }: Error): string {
  const { code, message: below } = (cause ?? {}) as { readonly code?: string; readonly message?: string };
  return code ?? below ?? (name === 'TimeoutError' ? name : message);
}

function json({ body }: Answer): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(body)) as unknown;
  } catch {
    return undefined;
  }
}
