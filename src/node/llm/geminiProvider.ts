// The build for where there is no Node has all that a key needs, and none of the ways to sign in to Google's cloud.
import type { GenerateContentResponse } from '@google/genai/web';
import { ApiError, GoogleGenAI } from '@google/genai/web';
import type { LanguageModelSettings } from '../../core/llm/languageModel';
import { hostOf } from '../../core/hosts';
import type { ChatAnswer, ChatProvider } from '../../core/llm/provider';
import { ChatError } from '../../core/llm/provider';
import { chatErrorOf, connectionCode, retryAfterOf } from './errors';
import type { ProviderOptions } from './openProvider';

/** Ends of an answer that are about this note alone. */
const REFUSALS = new Set(['SAFETY', 'RECITATION', 'BLOCKLIST', 'PROHIBITED_CONTENT', 'SPII', 'LANGUAGE']);

/** Gemini's `generateContent`, at Google's server or another that speaks it. */
export function geminiProvider(
  { model, endpoint }: LanguageModelSettings,
  { key, timeout }: ProviderOptions,
): ChatProvider {
  const host = hostOf(endpoint);
  return {
    async ask({ system, user, schema }, signal) {
      let asksToWait: number | undefined;
      const client = new GoogleGenAI({
        vertexai: false,
        apiKey: key ?? 'none',
        httpOptions: {
          baseUrl: endpoint,
          timeout,
          fetch: async (url: string | URL | Request, init?: RequestInit) => {
            // Another host was not agreed to.
            const response = await fetch(url, { ...init, redirect: 'error' });
            // The client keeps no headers of an error.
            if (!response.ok) asksToWait = retryAfterOf(response.headers, Date.now());
            return response;
          },
        },
      });
      try {
        const response = await client.models.generateContent({
          model,
          contents: [{ role: 'user', parts: [{ text: user }] }],
          config: {
            systemInstruction: system,
            responseMimeType: 'application/json',
            responseJsonSchema: schema,
            abortSignal: signal,
          },
        });
        return answerOf(response, host);
      } catch (error) {
        signal.throwIfAborted();
        if (error instanceof ChatError) throw error;
        throw failure(error, host, asksToWait);
      }
    },
  };
}

/** @throws ChatError where the server's answer has no candidate and says not why */
function answerOf(response: GenerateContentResponse, host: string): ChatAnswer {
  const { candidates, promptFeedback, usageMetadata: used } = response;
  const candidate = candidates?.[0];
  const blocked = promptFeedback?.blockReason !== undefined;
  if (!candidate && !blocked) throw new ChatError(`${host}: an answer without a candidate`, 'again');
  const reason = candidate?.finishReason ?? '';
  const thoughts = used?.thoughtsTokenCount ?? 0;
  const input = used?.promptTokenCount ?? 0;
  const said = (candidate?.content?.parts ?? []).filter(({ thought }) => thought !== true);
  return {
    content: said.map(({ text }) => text ?? '').join(''),
    ended: blocked || REFUSALS.has(reason) ? 'refused' : reason === 'MAX_TOKENS' ? 'cut' : 'whole',
    usage: {
      input,
      cachedInput: Math.min(input, used?.cachedContentTokenCount ?? 0),
      output: (used?.candidatesTokenCount ?? 0) + thoughts,
      reasoning: thoughts,
    },
  };
}

function failure(error: unknown, host: string, header: number | undefined): ChatError {
  if (!(error instanceof ApiError)) return chatErrorOf({ host, code: connectionCode(error) });
  const { code, delay } = detailsOf(error.message);
  return chatErrorOf({ host, status: error.status, code, retryAfter: header ?? delay });
}

/** Gemini says how long to wait, and why, in the body: `google.rpc.RetryInfo`, `{"retryDelay": "17s"}`. */
function detailsOf(body: string): { code?: string | undefined; delay?: number | undefined } {
  try {
    const { error } = JSON.parse(body) as {
      error?: { status?: string; details?: { retryDelay?: string }[] };
    };
    const given = error?.details?.find((one) => typeof one.retryDelay === 'string')?.retryDelay;
    const seconds = given === undefined ? NaN : Number.parseFloat(given);
    return { code: error?.status, delay: seconds >= 0 ? seconds * 1000 : undefined };
  } catch {
    return {};
  }
}
