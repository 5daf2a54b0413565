import { settingsOf } from '../../../src/core/llm/languageModel';
import { STUDY_TEMPLATE } from '../../../src/core/llm/prompt';
import type { LlmServer } from './llmServer';

export const MODELS = { openai: 'gpt-5-mini', gemini: 'gemini-2.5-flash' } as const;
/** Of a model that the server answers for. */
export const settings = (server: LlmServer, api: 'openai' | 'gemini', model: string = MODELS[api]) =>
  settingsOf(
    { model, effort: api === 'openai' ? 'low' : undefined },
    { endpoint: server.url(api), shots: 1, template: STUDY_TEMPLATE, grounding: 'in-order' },
  );
