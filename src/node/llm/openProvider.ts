import type { LanguageModelSettings } from '../../core/llm/languageModel';
import { hostOf } from '../../core/hosts';
import { PROVIDER_ENDPOINTS } from '../../core/llm/modelNames';
import type { ChatProvider } from '../../core/llm/provider';

/** How a provider is reached. */
export interface ProviderOptions {
  /** Undefined where the server asks for none. */
  readonly key: string | undefined;
  /** Milliseconds that an answer may take. */
  readonly timeout: number;
}

/** Names of the variables that hold keys: the providers' own go to the providers' own servers, and nowhere else. */
export const KEY_VARIABLES = { openai: 'OPENAI_API_KEY', gemini: 'GEMINI_API_KEY' } as const;
export const OTHER_KEY = 'ANAMNESE_LLM_KEY';

/**
 * Opens the provider of a model, with the key that the environment has for its server.
 * @throws Error saying which variable is needed
 */
export async function openProvider(
  settings: LanguageModelSettings,
  environment: Readonly<Record<string, string | undefined>>,
  timeout: number,
): Promise<ChatProvider> {
  const options = { key: keyFor(settings, environment), timeout };
  // Their clients are large, and only wanted now.
  if (settings.api === 'gemini') return (await import('./geminiProvider')).geminiProvider(settings, options);
  return (await import('./openaiProvider')).openaiProvider(settings, options);
}

function keyFor(
  { api, endpoint, model }: LanguageModelSettings,
  environment: Readonly<Record<string, string | undefined>>,
): string | undefined {
  const isProviders = hostOf(endpoint) === hostOf(PROVIDER_ENDPOINTS[api]);
  const variable = isProviders ? KEY_VARIABLES[api] : OTHER_KEY;
  const key = environment[variable];
  if (key !== undefined && key !== '') return key;
  if (!isProviders) return undefined;
  throw new Error(`${model}: ${hostOf(endpoint)} asks for a key: put it into the environment as ${variable}`);
}
