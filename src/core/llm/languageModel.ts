import { z } from 'zod';
import { parseEditorEndpoint } from './editorModels';
import type { LanguageModelApi, NamedModel } from './modelNames';
import { apiOf, ASKED_BY, EFFORTS, GROUNDINGS, PROVIDER_ENDPOINTS } from './modelNames';

/** The words of a prompt, see `parseTemplate`. */
export const promptTemplate = z.object({ system: z.string(), example: z.string(), user: z.string() });
export type PromptTemplate = z.infer<typeof promptTemplate>;

/** What decides on a language model's answers but for the notes: part of a plan. */
export const languageModelSettings = z.object({
  /** As the provider calls it. */
  model: z.string().min(1),
  api: z.enum(ASKED_BY),
  /** Base URL of the server, or a model of VS Code (`editorEndpoint`); always said: it decides who reads the notes. */
  endpoint: z.string(),
  effort: z.enum(EFFORTS).optional(),
  /** Examples in the prompt, from the training part. */
  shots: z.int().nonnegative(),
  template: promptTemplate,
  grounding: z.enum(GROUNDINGS),
});
export type LanguageModelSettings = z.infer<typeof languageModelSettings>;

/**
 * Settings as asked for, checked against each other.
 * @throws RangeError with what a person can do about it
 */
export function settingsOf(
  { model, effort }: NamedModel,
  asked: Pick<LanguageModelSettings, 'shots' | 'template' | 'grounding'> & {
    readonly api?: LanguageModelApi | undefined;
    readonly endpoint?: string | undefined;
  },
): LanguageModelSettings {
  const { shots, template, grounding } = asked;
  if (asked.endpoint !== undefined && parseEditorEndpoint(asked.endpoint))
    return { model, api: 'vscode', endpoint: asked.endpoint, shots, template, grounding };
  const api = asked.api ?? apiOf(model);
  if (api === 'gemini' && effort !== undefined)
    throw new RangeError(`${model}: efforts are OpenAI's: Gemini models take none`);
  const known = asked.endpoint !== undefined || asked.api !== undefined || /^(gpt-|o\d|gemini-)/.test(model);
  if (!known)
    throw new RangeError(
      `${model}: neither OpenAI nor Google has a model of that name: say the endpoint that does`,
    );
  const endpoint = checkedEndpoint(asked.endpoint ?? PROVIDER_ENDPOINTS[api]);
  return { model, api, endpoint, ...(effort && { effort }), shots, template, grounding };
}

/** @throws RangeError where it is no URL of a web server, or holds a password that would be kept in the plan */
function checkedEndpoint(given: string): string {
  const url = URL.canParse(given) ? new URL(given) : undefined;
  if (!url || !['http:', 'https:'].includes(url.protocol))
    throw new RangeError(`${given}: an endpoint is a URL such as http://localhost:11434/v1`);
  if (url.username !== '' || url.password !== '' || url.search !== '')
    throw new RangeError(
      `${url.host}: an endpoint is a URL without user, password or query: give keys apart`,
    );
  return given.replace(/\/+$/, '');
}
