import OpenAI, { APIConnectionTimeoutError, APIError } from 'openai';
import type { ChatCompletion } from 'openai/resources/chat/completions';
import type { LanguageModelSettings } from '../../core/llm/languageModel';
import { hostOf } from '../../core/hosts';
import type { ChatAnswer, ChatProvider } from '../../core/llm/provider';
import { ChatError, NO_USAGE } from '../../core/llm/provider';
import { chatErrorOf, connectionCode, retryAfterOf } from './errors';
import type { ProviderOptions } from './openProvider';

/** Answers with status 400 that are about this note alone. */
const REFUSALS = new Set(['content_filter', 'content_policy_violation', 'invalid_prompt']);

/** Chat completions of OpenAI, and of every server that speaks them (Ollama, vLLM, llama.cpp). */
export function openaiProvider(
  { model, endpoint, effort }: LanguageModelSettings,
  { key, timeout }: ProviderOptions,
): ChatProvider {
  const client = new OpenAI({
    // A server on this machine needs none, but the client does.
    apiKey: key ?? 'none',
    baseURL: endpoint,
    organization: null,
    project: null,
    timeout,
    maxRetries: 0,
    // Its log has the notes in it, whatever OPENAI_LOG says.
    logLevel: 'off',
    // Another host was not agreed to.
    fetchOptions: { redirect: 'error' },
  });
  return {
    async ask({ system, user, schema }, signal) {
      try {
        const completion = await client.chat.completions.create(
          {
            model,
            messages: [
              { role: 'system', content: system },
              { role: 'user', content: user },
            ],
            response_format: { type: 'json_schema', json_schema: { name: 'entities', strict: true, schema } },
            ...(effort && { reasoning_effort: effort }),
          },
          { signal },
        );
        return answerOf(completion, hostOf(endpoint));
      } catch (error) {
        signal.throwIfAborted();
        return failed(error, hostOf(endpoint));
      }
    },
  };
}

/** @throws ChatError where the server's answer has no choice */
function answerOf({ choices, usage }: ChatCompletion, host: string): ChatAnswer {
  const choice = Array.isArray(choices) ? choices[0] : undefined;
  if (!choice?.message) throw new ChatError(`${host}: an answer without a choice`, 'again');
  const { content, refusal } = choice.message;
  const refused = choice.finish_reason === 'content_filter' || (refusal ?? '') !== '';
  const input = usage?.prompt_tokens ?? 0;
  return {
    content: content ?? '',
    ended: refused ? 'refused' : choice.finish_reason === 'length' ? 'cut' : 'whole',
    usage: {
      input,
      cachedInput: Math.min(input, usage?.prompt_tokens_details?.cached_tokens ?? 0),
      output: usage?.completion_tokens ?? 0,
      reasoning: usage?.completion_tokens_details?.reasoning_tokens ?? 0,
    },
  };
}

/** The answer that a refusal is. @throws ChatError */
function failed(error: unknown, host: string): ChatAnswer {
  if (error instanceof ChatError) throw error;
  if (error instanceof APIConnectionTimeoutError) throw chatErrorOf({ host, code: 'timeout' });
  if (!(error instanceof APIError) || error.status === undefined)
    // A body that is cut off or no JSON is the connection's or a proxy's doing.
    throw chatErrorOf({ host, code: connectionCode(error) });
  const { status, headers } = error as { status: number; headers?: Headers };
  const code = error.code ?? undefined;
  if (status === 400 && code !== undefined && REFUSALS.has(code))
    return { content: '', ended: 'refused', usage: NO_USAGE };
  throw chatErrorOf({ host, status, code, retryAfter: retryAfterOf(headers, Date.now()) });
}
