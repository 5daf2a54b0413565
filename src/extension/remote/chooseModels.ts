import * as vscode from 'vscode';
import { apiOf, parseModelName, PROVIDER_ENDPOINTS } from '../../core/llm/modelNames';
import { hostOf } from '../../core/hosts';
import { editorModels, howToGetOne } from './editorModels';
import type { Place } from '../experiments/pick';
import { pickMany } from '../experiments/pick';

/** A language model and who answers for it. */
export interface ChosenModel {
  /** `gpt-5-mini@low` */
  readonly name: string;
  /** Base URL; undefined is the provider's own. */
  readonly endpoint?: string;
}

/** The study's, and the effort that it left unfinished. */
const STUDY_MODELS = [
  'gpt-4.1',
  'gpt-5-nano@minimal',
  'gpt-5-mini@minimal',
  'gpt-5@minimal',
  'gpt-5@low',
  'gpt-5@medium',
  'gpt-5@high',
  'gemini-2.5-flash-lite',
  'gemini-2.5-flash',
  'gemini-2.5-pro',
];

export function endpointOf({ name, endpoint }: ChosenModel): string {
  return endpoint ?? PROVIDER_ENDPOINTS[apiOf(parseModelName(name).model)];
}

/** Which language models to ask: the study's, the person's own servers from the settings, or one by name and URL. */
export async function chooseModels(place: Place): Promise<readonly ChosenModel[] | 'back' | undefined> {
  const own = vscode.workspace.getConfiguration('anamnese').get<readonly ChosenModel[]>('remote.models', []);
  const usable = own.filter(
    ({ name, endpoint }) => typeof name === 'string' && isUrl(endpoint ?? 'http://x'),
  );
  const editors = await editorModels();
  const models: readonly ChosenModel[] = [...usable, ...editors, ...STUDY_MODELS.map((name) => ({ name }))];
  const items = models.map((model) => ({
    label: model.name,
    description: `${editors.includes(model) ? 'VS Code · ' : ''}${hostOf(endpointOf(model))}`,
    model,
  }));
  const none = {
    label: `$(info) ${vscode.l10n.t('VS Code’s own language models: none')}`,
    description: howToGetOne(),
    model: undefined,
  };
  const other = {
    label: `$(add) ${vscode.l10n.t('Another server…')}`,
    description: 'Ollama, vLLM, llama.cpp',
    model: undefined,
  };
  const placeholder = vscode.l10n.t('Which language models?');
  const answer = await pickMany<{ label: string; description: string; model: ChosenModel | undefined }>(
    { ...place, placeholder, items: [...items, ...(editors.length === 0 ? [none] : []), other] },
    () => false,
  );
  if (typeof answer !== 'object') return answer;
  const chosen = answer.picked.flatMap(({ model }) => model ?? []);
  if (!answer.picked.includes(other)) return chosen;
  const added = await askForServer(place.title);
  return added && [...chosen, added];
}

async function askForServer(title: string): Promise<ChosenModel | undefined> {
  const endpoint = await vscode.window.showInputBox({
    title,
    value: 'http://localhost:11434/v1',
    prompt: vscode.l10n.t('Address of a server that speaks OpenAI’s chat completions'),
    validateInput: (text) =>
      isUrl(text) ? undefined : vscode.l10n.t('An address such as {0}', 'http://localhost:11434/v1'),
    ignoreFocusOut: true,
  });
  if (endpoint === undefined) return undefined;
  const prompt = vscode.l10n.t('Name of the model on that server');
  const name = await vscode.window.showInputBox({ title, prompt, ignoreFocusOut: true });
  return name ? { name: name.trim(), endpoint } : undefined;
}

function isUrl(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
}
