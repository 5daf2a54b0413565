import { setMaxListeners } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { Allowance } from '../../core/llm/allowance';
import type { LanguageModelSettings } from '../../core/llm/languageModel';
import type { ChatAnswer, ChatProvider, ChatRequest } from '../../core/llm/provider';
import { ChatError } from '../../core/llm/provider';
import { sha256 } from '../sha256';
import type { Journal, JournalEntry } from './journal';

/** How fast, and how stubbornly, questions are asked. */
export interface AskingOptions {
  /** Requests under way at once. */
  readonly concurrency: number;
  readonly requestsPerMinute?: number | undefined;
  /** Of prompts and answers together. */
  readonly tokensPerMinute?: number | undefined;
  /** Times that a question is asked before the run gives up. */
  readonly attempts?: number | undefined;
  /** Milliseconds before the second time; each wait after that is twice as long, up to a minute. */
  readonly firstWait?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** After each answer; `done` counts those that were there before. */
  onAnswer?(done: number, of: number): void;
  /** At the end, however it ends: how many requests were sent, and how many characters in all of them. */
  onSent?(requests: number, characters: number): void;
}

export interface KeyedRequest {
  readonly key: string;
  readonly request: ChatRequest;
}

const ATTEMPTS = 8;
const FIRST_WAIT = 500;
const LONGEST_WAIT = 60_000;
/** A provider that asks for more patience is asked again by a person. */
const PATIENCE = 10 * 60_000;
/** Characters a token of Portuguese prose, roughly: what a request will take is only known from its answer. */
const CHARACTERS_A_TOKEN = 3;

/** What makes two requests the same: an answer to one is an answer to the other. */
export function requestKey(
  { api, endpoint, model, effort }: LanguageModelSettings,
  { system, user, schema }: ChatRequest,
): string {
  return sha256(JSON.stringify([api, endpoint, model, effort ?? null, system, user, schema]));
}

/**
 * Asks every question that the journal has no answer to, once, and keeps each answer before the next question takes its
 * place. Where one cannot be answered, no more are asked, but answers that are under way are waited for: they are paid.
 * @throws Error where a question is left, saying why; the signal's reason where it is aborted
 */
export async function askAll(
  questions: readonly KeyedRequest[],
  provider: ChatProvider,
  journal: Journal,
  options: AskingOptions,
): Promise<void> {
  const once = [...new Map(questions.map((one) => [one.key, one])).values()];
  const left = once.filter(({ key }) => !journal.get(key));
  const asking = new Asking(provider, journal, options, once.length - left.length, once.length);
  const workers = Math.max(1, Math.min(options.concurrency, left.length));
  await Promise.all(Array.from({ length: workers }, () => asking.work(left)));
  options.onSent?.(asking.sent.requests, asking.sent.characters);
  options.signal?.throwIfAborted();
  if (asking.failure !== undefined) throw asking.failure;
}

class Asking {
  failure: Error | undefined;
  readonly sent = { requests: 0, characters: 0 };
  private next = 0;
  /** Nobody asks before, once the provider has asked for patience. */
  private notBefore = -Infinity;
  private readonly requests: Allowance;
  private readonly tokens: Allowance;
  /** Aborted where asking has no more sense: whoever waits to try again stops. */
  private readonly stop = new AbortController();
  private readonly signal: AbortSignal;

  constructor(
    private readonly provider: ChatProvider,
    private readonly journal: Journal,
    private readonly options: AskingOptions,
    private done: number,
    private readonly of: number,
  ) {
    this.requests = new Allowance(options.requestsPerMinute ?? Infinity);
    this.tokens = new Allowance(options.tokensPerMinute ?? Infinity);
    this.signal = options.signal ?? new AbortController().signal;
    // Each request under way listens.
    setMaxListeners(0, this.signal, this.stop.signal);
  }

  /** Takes one question after the other from those that all workers share. */
  async work(left: readonly KeyedRequest[]): Promise<void> {
    for (let i = this.next++; i < left.length && this.goesOn; i = this.next++) {
      try {
        const entry = await this.answer(left[i]!);
        await this.journal.add(entry);
        this.done++;
        this.options.onAnswer?.(this.done, this.of);
      } catch (error) {
        if (this.goesOn) this.failure = this.withRest(error as Error);
        this.stop.abort();
      }
    }
  }

  private get goesOn(): boolean {
    return this.failure === undefined && !this.signal.aborted;
  }

  private withRest(error: Error): Error {
    const answered = `${this.done} of ${this.of} notes are answered and kept; the same command goes on`;
    return new Error(`${error.message}; ${answered}`, { cause: error });
  }

  private async answer({ key, request }: KeyedRequest): Promise<JournalEntry> {
    const { attempts = ATTEMPTS } = this.options;
    for (let attempt = 1; ; attempt++) {
      await this.waitForTurn(request);
      const began = performance.now();
      try {
        const { content, ended, usage } = await this.ask(request);
        const seconds = Math.round(performance.now() - began) / 1000;
        return { key, content, ended, usage, seconds, attempts: attempt };
      } catch (error) {
        if (!(error instanceof ChatError) || error.chance === 'never') throw error;
        if (attempt >= attempts) throw new ChatError(`${error.message}, ${attempt} times over`, 'never');
        await this.waitAfter(error, attempt);
      }
    }
  }

  private async ask(request: ChatRequest): Promise<ChatAnswer> {
    this.sent.requests++;
    this.sent.characters += request.system.length + request.user.length;
    const answer = await this.provider.ask(request, this.signal);
    const { input, output } = answer.usage;
    this.tokens.correct(input + output - estimate(request));
    return answer;
  }

  private async waitForTurn(request: ChatRequest): Promise<void> {
    const now = performance.now();
    const allowed = Math.max(this.requests.take(1, now), this.tokens.take(estimate(request), now));
    await this.pause(allowed);
    // Others may have been told to wait meanwhile.
    for (let rest = this.rest; rest > 0; rest = this.rest) await this.pause(rest);
  }

  private get rest(): number {
    return this.notBefore - performance.now();
  }

  /** Backs off: as long as the provider asks, for all questions, or else twice as long each time, for this one. */
  private async waitAfter({ message, retryAfter }: ChatError, attempt: number): Promise<void> {
    if (retryAfter !== undefined && retryAfter > PATIENCE)
      throw new ChatError(
        `${message}, and asks to wait for ${Math.ceil(retryAfter / 60_000)} minutes`,
        'never',
      );
    if (retryAfter !== undefined) {
      this.notBefore = Math.max(this.notBefore, performance.now() + retryAfter);
      return;
    }
    const wait = Math.min(LONGEST_WAIT, (this.options.firstWait ?? FIRST_WAIT) * 2 ** (attempt - 1));
    // Requests that failed together must not come back together.
    await this.pause(wait * (0.5 + Math.random() / 2));
  }

  private async pause(milliseconds: number): Promise<void> {
    if (milliseconds > 0)
      await delay(milliseconds, undefined, { signal: AbortSignal.any([this.signal, this.stop.signal]) });
  }
}

function estimate({ system, user }: ChatRequest): number {
  return Math.ceil((system.length + user.length) / CHARACTERS_A_TOKEN);
}
