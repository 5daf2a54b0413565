import * as vscode from 'vscode';
import { hostOf } from '../../core/hosts';
import type { EditorAnswer, EditorQuestion, WindowAnswer } from '../../core/llm/editorModels';
import { editorEndpoint, parseEditorEndpoint } from '../../core/llm/editorModels';
import type { ChatAnswer } from '../../core/llm/provider';
import { NO_USAGE } from '../../core/llm/provider';
import type { ChosenModel } from './chooseModels';
import type { Consent } from './consent';

/** As VS Code and the connection to a plan's process have it alike. */
export interface Cancellation {
  readonly isCancellationRequested: boolean;
  onCancellationRequested(listener: () => void): { dispose(): void };
}

/** The language models that VS Code's other extensions offer now. */
export async function editorModels(): Promise<ChosenModel[]> {
  const offered = await Promise.resolve(vscode.lm.selectChatModels()).catch(() => []);
  return offered.map((model) => ({ name: model.id, endpoint: editorEndpoint(model) }));
}

/** Whether there is a model at an endpoint of VS Code; of servers nothing is known beforehand. */
export async function isOffered(endpoint: string): Promise<boolean> {
  const model = parseEditorEndpoint(endpoint);
  return !model || (await vscode.lm.selectChatModels(model)).length > 0;
}

export function howToGetOne(): string {
  return vscode.l10n.t(
    'Sign in to GitHub Copilot, or install another extension that offers language models.',
  );
}

/**
 * Asks a language model of VS Code's once, where somebody agreed to that in this workspace. Failures are told without
 * what the model's extension says of them, which may quote the note.
 * Consent that is taken back meanwhile holds for a question that has not left yet, and ends one that has.
 */
export async function askEditorModel(
  question: EditorQuestion,
  consent: Pick<Consent, 'agreed' | 'onRevoke'>,
  token: Cancellation,
): Promise<WindowAnswer> {
  const host = hostOf(question.endpoint);
  const declined = (): WindowAnswer => ({
    type: 'declined',
    message: vscode.l10n.t('{0}: nobody agreed to send it notes of this workspace', host),
  });
  if (!consent.agreed.includes(host)) return declined();
  const own = new vscode.CancellationTokenSource();
  // One that was cancelled before it came tells nobody.
  if (token.isCancellationRequested) own.cancel();
  const cancel = (): void => own.cancel();
  const listening = [token.onCancellationRequested(cancel), consent.onRevoke(cancel)];
  try {
    const selector = { ...parseEditorEndpoint(question.endpoint), id: question.model };
    const [model] = await vscode.lm.selectChatModels(selector);
    // Extensions may take a while to offer theirs, after a reload or a sign-in.
    if (!model) return failed('again', vscode.l10n.t('{0}: VS Code has no such language model now', host));
    if (!consent.agreed.includes(host)) return declined();
    return { type: 'answer', answer: await answerOf(model, question, own.token) };
  } catch (error) {
    return failureOf(error, host);
  } finally {
    for (const one of listening) one.dispose();
    own.dispose();
  }
}

async function answerOf(
  model: vscode.LanguageModelChat,
  { system, user, schema }: EditorQuestion,
  token: vscode.CancellationToken,
): Promise<ChatAnswer> {
  // There is neither a system's message nor structured output in this API.
  const instruction = `${system}\n\nAnswer with JSON alone, by this JSON schema:\n${JSON.stringify(schema)}`;
  const messages = [instruction, user].map((text) => vscode.LanguageModelChatMessage.User(text));
  const justification = vscode.l10n.t('To find the entities of the notes that you compare models on.');
  const response = await model.sendRequest(messages, { justification }, token);
  let content = '';
  for await (const part of response.text) content += part;
  const count = (text: string | vscode.LanguageModelChatMessage): Promise<number> =>
    // An answer that is there is worth more than its count.
    Promise.resolve(model.countTokens(text)).catch(() => 0);
  const [first, second, output] = await Promise.all([...messages, content].map(count));
  const usage = { input: first! + second!, cachedInput: 0, output: output!, reasoning: 0 };
  return { content, ended: 'whole', usage };
}

/** What extensions say where they refuse one question and would answer others. */
const REFUSAL = /off_topic|content[_ -]?filter|filtered/i;

function failureOf(error: unknown, host: string): EditorAnswer {
  const { NoPermissions, NotFound, Blocked } = vscode.LanguageModelError;
  const code = error instanceof vscode.LanguageModelError ? error.code : '';
  const causes = error instanceof Error ? [error.message, String(error.cause ?? '')] : [];
  if (causes.some((text) => REFUSAL.test(text)))
    return { type: 'answer', answer: { content: '', ended: 'refused', usage: NO_USAGE } };
  if (code === NoPermissions.name)
    return failed('never', vscode.l10n.t('{0}: Anamnese was not allowed to use this language model', host));
  if (code === NotFound.name)
    return failed('again', vscode.l10n.t('{0}: VS Code has no such language model now', host));
  if (code === Blocked.name)
    return failed('again', vscode.l10n.t('{0}: VS Code’s quota for this language model is used up', host));
  return failed('again', vscode.l10n.t('{0}: VS Code’s language model failed', host));
}

function failed(chance: 'again' | 'never', message: string): EditorAnswer {
  return { type: 'failed', message, chance };
}
