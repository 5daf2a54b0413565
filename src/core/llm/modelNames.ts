// Without the schema library: the editor loads this too.

/** Wire formats: OpenAI's chat completions, which many servers speak, and Gemini's `generateContent`. */
export const APIS = ['openai', 'gemini'] as const;
export type LanguageModelApi = (typeof APIS)[number];

/** Who asks a model: this program in a wire format, or VS Code, which passes on what extensions offer it. */
export const ASKED_BY = [...APIS, 'vscode'] as const;

/** How much a model of OpenAI's may think before it answers, least first. */
export const EFFORTS = ['minimal', 'low', 'medium', 'high'] as const;
export type Effort = (typeof EFFORTS)[number];

/**
 * How quotations get their places: in order of appearance, or, as the study's code does, each at the first match of its
 * words.
 */
export const GROUNDINGS = ['in-order', 'first-match'] as const;
export type Grounding = (typeof GROUNDINGS)[number];

/** Where the providers' own servers are. */
export const PROVIDER_ENDPOINTS: Readonly<Record<LanguageModelApi, string>> = {
  openai: 'https://api.openai.com/v1',
  gemini: 'https://generativelanguage.googleapis.com',
};

/** A model as a person names it: `gpt-5-mini@low`, `gemini-2.5-pro`. */
export interface NamedModel {
  readonly model: string;
  readonly effort: Effort | undefined;
}

/** @throws RangeError saying what is wrong with the name */
export function parseModelName(given: string): NamedModel {
  const at = given.lastIndexOf('@');
  const [model, effort] = at < 0 ? [given, undefined] : [given.slice(0, at), given.slice(at + 1)];
  if (model.trim() === '') throw new RangeError(`"${given}": a model is needed, such as gpt-5-mini@low`);
  if (effort === undefined) return { model, effort };
  const known = EFFORTS.find((one) => one === effort);
  if (!known) throw new RangeError(`"${given}": the effort is one of ${EFFORTS.join(', ')}`);
  return { model, effort: known };
}

/** Which wire format a model is asked in where nothing is said. */
export function apiOf(model: string): LanguageModelApi {
  return /^(models\/)?gemini-/.test(model) ? 'gemini' : 'openai';
}
