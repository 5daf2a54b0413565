import type { ChatAnswer, ChatRequest } from './provider';

/** A language model that VS Code passes questions on to, as the extension that offers it describes it. */
export interface EditorModel {
  /** `copilot` */
  readonly vendor: string;
  /** `gpt-4o` */
  readonly family: string;
}

/** In the place of a server's address: who answers is not known by a host. */
const ENDPOINT = /^vscode-lm:\/\/([^/]+)\/([^/]+)$/;

export function editorEndpoint({ vendor, family }: EditorModel): string {
  return `vscode-lm://${encodeURIComponent(vendor)}/${encodeURIComponent(family)}`;
}

/** Undefined where an endpoint is a server's. */
export function parseEditorEndpoint(endpoint: string): EditorModel | undefined {
  const [, vendor, family] = ENDPOINT.exec(endpoint) ?? [];
  if (vendor === undefined || family === undefined) return undefined;
  return { vendor: decodeURIComponent(vendor), family: decodeURIComponent(family) };
}

/** What a window of VS Code is asked to ask one of its models. */
export interface EditorQuestion extends ChatRequest {
  readonly endpoint: string;
  /** Of the models at the endpoint, the id of one. */
  readonly model: string;
}

/** A failure is told as `ChatError` has it. */
export type EditorAnswer =
  | { readonly type: 'answer'; readonly answer: ChatAnswer }
  | { readonly type: 'failed'; readonly message: string; readonly chance: 'again' | 'never' };

/** What a window answers: it declines where nobody agreed to that in its workspace, and another may not. */
export type WindowAnswer = EditorAnswer | { readonly type: 'declined'; readonly message: string };

/** Asks VS Code, wherever it is. Rejects where it cannot be reached, or the signal is aborted. */
export type AskEditor = (question: EditorQuestion, signal: AbortSignal) => Promise<EditorAnswer>;

/** What a process tells that no window of VS Code has started. */
export function onlyInEditor(model: string): string {
  return `${model}: is a language model of VS Code, which alone can ask it: resume the plan there`;
}
