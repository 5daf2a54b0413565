import type { LanguageModelSettings } from '../../core/llm/languageModel';
import { hostOf, isLoopback, isNamedHost } from '../../core/hosts';

/** What a person must have agreed to before a note is sent. @throws Error naming the host and the option that agrees */
export function checkConsent({ model, endpoint }: LanguageModelSettings, agreed: readonly string[]): void {
  const host = hostOf(endpoint);
  if (isLoopback(endpoint) || agreed.some((named) => isNamedHost(endpoint, named))) return;
  const how = endpoint.startsWith('http:') ? ', without encryption' : '';
  throw new Error(
    `${model}: would send the words of notes to ${host}${how}: nothing is sent unless you agree, with --send-notes-to ${host}`,
  );
}
