import type { LanguageModelSettings } from '../../core/llm/languageModel';
import { hostOf } from '../../core/hosts';
import type { AskEditor } from '../../core/llm/editorModels';
import { onlyInEditor } from '../../core/llm/editorModels';
import type { LanguageModelApi } from '../../core/llm/modelNames';
import { PROVIDER_ENDPOINTS } from '../../core/llm/modelNames';
import type { ChatProvider } from '../../core/llm/provider';
import { editorProvider } from './editorProvider';

/** How a server is reached. */
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
 * @param askEditor asks the models of VS Code, where this process has a way to it
 * @throws Error saying which variable is needed, or that VS Code is
 */
export async function openProvider(
  settings: LanguageModelSettings,
  environment: Readonly<Record<string, string | undefined>>,
  timeout: number,
  askEditor?: AskEditor,
): Promise<ChatProvider> {
  const { api } = settings;
  if (api === 'vscode') {
    if (!askEditor) throw new Error(onlyInEditor(settings.model));
    return editorProvider(settings, askEditor, timeout);
  }
  const options = { key: keyFor(api, settings, environment), timeout };
  // Their clients are large, and only wanted now.
  if (api === 'gemini') return (await import('./geminiProvider')).geminiProvider(settings, options);
  return (await import('./openaiProvider')).openaiProvider(settings, options);
}

function keyFor(
  api: LanguageModelApi,
  { endpoint, model }: LanguageModelSettings,
  environment: Readonly<Record<string, string | undefined>>,
): string | undefined {
  const isProviders = hostOf(endpoint) === hostOf(PROVIDER_ENDPOINTS[api]);
  const variable = isProviders ? KEY_VARIABLES[api] : OTHER_KEY;
  const key = environment[variable];
  if (key !== undefined && key !== '') return key;
  if (!isProviders) return undefined;
  throw new Error(`${model}: ${hostOf(endpoint)} asks for a key: put it into the environment as ${variable}`);
}
