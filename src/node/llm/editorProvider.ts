import { hostOf } from '../../core/hosts';
import type { AskEditor } from '../../core/llm/editorModels';
import type { LanguageModelSettings } from '../../core/llm/languageModel';
import type { ChatProvider } from '../../core/llm/provider';
import { ChatError } from '../../core/llm/provider';

/**
 * A language model of VS Code, which a window asks on behalf of this process.
 * @param timeout milliseconds that an answer may take
 */
export function editorProvider(
  { model, endpoint }: LanguageModelSettings,
  askEditor: AskEditor,
  timeout: number,
): ChatProvider {
  const host = hostOf(endpoint);
  return {
    async ask(request, signal) {
      const either = AbortSignal.any([signal, AbortSignal.timeout(timeout)]);
      const told = await until(either, askEditor({ endpoint, model, ...request }, either)).catch(() => {
        signal.throwIfAborted();
        throw new ChatError(`${host}: ${either.aborted ? 'no answer in time' : 'VS Code is gone'}`, 'again');
      });
      if (told.type === 'failed') throw new ChatError(told.message, told.chance);
      return told.answer;
    },
  };
}

/** A window that hangs answers no wish to stop either. */
async function until<T>(signal: AbortSignal, answer: Promise<T>): Promise<T> {
  answer.catch(() => undefined);
  let stop = (): void => undefined;
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason as Error);
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop);
  });
  aborted.catch(() => undefined);
  try {
    return await Promise.race([answer, aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
