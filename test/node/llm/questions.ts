import type { LanguageModelSettings } from '../../../src/core/llm/languageModel';
import type { KeyedRequest } from '../../../src/node/llm/askAll';
import { requestKey } from '../../../src/node/llm/askAll';

/** Questions about notes that say their number, from 0. */
export function questions(model: LanguageModelSettings, count: number): KeyedRequest[] {
  return Array.from({ length: count }, (_, i) => {
    const user = `# Clinical note:\nnota ${i} com dor ${'torácica '.repeat(i % 9)}`;
    const request = { system: 'the system prompt', user, schema: { type: 'object' } };
    return { key: requestKey(model, request), request };
  });
}
