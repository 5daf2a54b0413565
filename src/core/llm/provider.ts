/** What a language model is asked about one note. */
export interface ChatRequest {
  readonly system: string;
  readonly user: string;
  /** JSON schema of the answer (`answerSchema`). */
  readonly schema: Readonly<Record<string, unknown>>;
}

/** Tokens as the provider counts them, which is what it charges for. */
export interface TokenUsage {
  /** Of the prompt, those that were cached among them. */
  readonly input: number;
  /** Of the input, those that the provider had kept from an earlier request. */
  readonly cachedInput: number;
  /** Of the answer, those of reasoning among them. */
  readonly output: number;
  /** Of the output, those that were thought and not said. */
  readonly reasoning: number;
}

export const NO_USAGE: TokenUsage = { input: 0, cachedInput: 0, output: 0, reasoning: 0 };

export function addUsage(a: TokenUsage, b: TokenUsage): TokenUsage {
  return {
    input: a.input + b.input,
    cachedInput: a.cachedInput + b.cachedInput,
    output: a.output + b.output,
    reasoning: a.reasoning + b.reasoning,
  };
}

/** How an answer ended: whole, cut at a limit of tokens, or not given at all. */
export type AnswerEnd = 'whole' | 'cut' | 'refused';

export interface ChatAnswer {
  readonly content: string;
  readonly ended: AnswerEnd;
  readonly usage: TokenUsage;
}

/** The port behind which every language model stands. */
export interface ChatProvider {
  /** Asks once, without trying again. @throws ChatError; whatever the signal's reason is where it is aborted */
  ask(request: ChatRequest, signal: AbortSignal): Promise<ChatAnswer>;
}

/** Why there was no answer. Messages name hosts, codes and numbers, and never quote what was sent or received. */
export class ChatError extends Error {
  constructor(
    message: string,
    /** `again`: the same request may be answered later. `never`: nor will others be until something is mended. */
    readonly chance: 'again' | 'never',
    /** Milliseconds that the provider asks to wait, where it does. */
    readonly retryAfter?: number,
  ) {
    super(message);
    this.name = 'ChatError';
  }
}
