import { createHash } from 'node:crypto';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What the server makes of a note: an answer's content, or something that goes wrong. */
export type Reaction =
  | { readonly content: string; readonly refusal?: boolean }
  /** Seconds for a header, or for Gemini's own place in the body. */
  | { readonly status: number; readonly retryAfter?: number; readonly code?: string }
  /** The connection is cut: before anything is said, or in the middle of the answer. */
  | { readonly cut: 'before' | 'within' }
  /** A body that is no JSON, though it is said to be. */
  | { readonly body: string };

export interface ServedUsage {
  readonly input: number;
  readonly cachedInput: number;
  readonly output: number;
  readonly reasoning: number;
}

/** A request as the server understood it. */
export interface Asked {
  readonly api: 'openai' | 'gemini';
  readonly model: string;
  readonly system: string;
  readonly user: string;
  /** Of one and the same request, from 1. */
  readonly time: number;
  readonly authorization: string | undefined;
  readonly body: Record<string, unknown>;
}

/** A server on this machine that speaks OpenAI's chat completions and Gemini's generateContent, faults and all. */
export class LlmServer {
  /** Answers that went out whole, by the hash of their question. */
  readonly answered = new Map<string, ServedUsage[]>();
  /** Requests by the hash of their question, those that went wrong among them. */
  readonly requests = new Map<string, number>();
  readonly seen: Asked[] = [];
  most = 0;
  private underWay = 0;
  private readonly server: Server;

  constructor(
    private readonly react: (asked: Asked) => Reaction | Promise<Reaction>,
    private readonly keep = true,
  ) {
    this.server = createServer((request, response) => void this.serve(request, response));
    this.server.keepAliveTimeout = 60_000;
  }

  async listen(): Promise<this> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return this;
  }

  /** Base URL for a wire format. */
  url(api: 'openai' | 'gemini' = 'openai'): string {
    const { port } = this.server.address() as AddressInfo;
    return `http://127.0.0.1:${port}${api === 'openai' ? '/v1' : ''}`;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.most = Math.max(this.most, ++this.underWay);
    response.on('close', () => this.underWay--);
    const body = JSON.parse(await textOf(request)) as Record<string, unknown>;
    const asked = this.understood(request, body);
    if (!asked) return void response.writeHead(404).end();
    const hash = hashOf(asked);
    this.requests.set(hash, (this.requests.get(hash) ?? 0) + 1);
    const whole = { ...asked, time: this.requests.get(hash)! };
    if (this.keep) this.seen.push(whole);
    this.send(whole, await this.react(whole), response, hash);
  }

  private understood(
    { url = '', headers }: IncomingMessage,
    body: Record<string, unknown>,
  ): Omit<Asked, 'time'> | undefined {
    if (url === '/v1/chat/completions') {
      const { model, messages } = body as { model: string; messages: { role: string; content: string }[] };
      const said = (role: string): string => messages.find((one) => one.role === role)!.content;
      const [system, user] = [said('system'), said('user')];
      return { api: 'openai', model, system, user, authorization: headers.authorization, body };
    }
    const model = /^\/v1(?:beta)?\/models\/([^:/]+):generateContent$/.exec(url)?.[1];
    if (model === undefined) return undefined;
    const { contents, systemInstruction } = body as unknown as GeminiBody;
    const authorization = headers['x-goog-api-key'] as string | undefined;
    const [system, user] = [systemInstruction.parts[0]!.text, contents[0]!.parts[0]!.text];
    return { api: 'gemini', model, system, user, authorization, body };
  }

  private send(asked: Asked, reaction: Reaction, response: ServerResponse, hash: string): void {
    const json = { 'content-type': 'application/json' };
    if ('cut' in reaction) {
      if (reaction.cut === 'within')
        response.writeHead(200, { ...json, 'content-length': '900' }).write('{"choi');
      return void setTimeout(() => response.destroy(), 5);
    }
    if ('status' in reaction) {
      const { status, retryAfter, code } = reaction;
      const inHeader = retryAfter !== undefined && asked.api === 'openai';
      response.writeHead(status, { ...json, ...(inHeader && { 'retry-after': String(retryAfter) }) });
      return void response.end(JSON.stringify(errorBody(asked, { status, retryAfter, code })));
    }
    if ('body' in reaction) return void response.writeHead(200, json).end(reaction.body);
    const usage = usageOf(asked, reaction.content);
    response.writeHead(200, json).end(JSON.stringify(answerBody(asked, reaction, usage)), () => {
      this.answered.set(hash, [...(this.answered.get(hash) ?? []), usage]);
    });
  }
}

interface GeminiBody {
  readonly contents: readonly { readonly parts: readonly { readonly text: string }[] }[];
  readonly systemInstruction: { readonly parts: readonly { readonly text: string }[] };
}

/** As many tokens as there are characters by four, some of them cached and some thought, each differently. */
function usageOf({ system, user }: Asked, content: string): ServedUsage {
  const input = Math.ceil((system.length + user.length) / 4);
  const reasoning = user.length % 7;
  return { input, cachedInput: Math.floor(system.length / 8), output: content.length + reasoning, reasoning };
}

function answerBody(
  { api, model }: Asked,
  { content, refusal = false }: { readonly content: string; readonly refusal?: boolean },
  { input, cachedInput, output, reasoning }: ServedUsage,
): unknown {
  if (api === 'gemini')
    return {
      candidates: [
        {
          content: { role: 'model', parts: [{ text: 'let me think', thought: true }, { text: content }] },
          finishReason: refusal ? 'SAFETY' : 'STOP',
        },
      ],
      usageMetadata: {
        promptTokenCount: input,
        cachedContentTokenCount: cachedInput,
        candidatesTokenCount: output - reasoning,
        thoughtsTokenCount: reasoning,
        totalTokenCount: input + output,
      },
      modelVersion: model,
    };
  const message = refusal
    ? { role: 'assistant', content: null, refusal: 'no' }
    : { role: 'assistant', content, refusal: null };
  return {
    id: 'c',
    object: 'chat.completion',
    created: 0,
    model,
    choices: [{ index: 0, message, finish_reason: 'stop', logprobs: null }],
    usage: {
      prompt_tokens: input,
      completion_tokens: output,
      total_tokens: input + output,
      prompt_tokens_details: { cached_tokens: cachedInput },
      completion_tokens_details: { reasoning_tokens: reasoning },
    },
  };
}

/** A real server's error quotes what it was sent: so does this one, to see that nobody passes it on. */
function errorBody(
  { api, user }: Asked,
  {
    status,
    retryAfter,
    code,
  }: { status: number; retryAfter?: number | undefined; code?: string | undefined },
): unknown {
  const message = `cannot take "${user}"`;
  if (api === 'openai') return { error: { message, type: 'error', param: null, code: code ?? null } };
  const details =
    retryAfter === undefined
      ? []
      : [{ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: `${retryAfter}s` }];
  return { error: { code: status, message, status: code ?? 'UNAVAILABLE', details } };
}

export function hashOf({
  api,
  model,
  system,
  user,
}: Pick<Asked, 'api' | 'model' | 'system' | 'user'>): string {
  return createHash('sha256')
    .update(JSON.stringify([api, model, system, user]))
    .digest('hex');
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
