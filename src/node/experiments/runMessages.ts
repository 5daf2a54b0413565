import { NotificationType, RequestType } from 'vscode-jsonrpc';
import type { EditorAnswer, EditorQuestion } from '../../core/llm/editorModels';
import type { RunOutcome, RunTask, RunTaskEvent } from './runTask';

/** The contract with a process that carries out one run of a plan; cancelling the request stops it. */
export const carryOutPlanned = new RequestType<RunTask, RunOutcome, void>('experiments/run');

/** What the process asks back while it carries out the run: a window of VS Code is to ask one of its language models. */
export const askWindow = new RequestType<EditorQuestion, EditorAnswer, void>('experiments/askWindow');

export const plannedEvent = new NotificationType<RunTaskEvent>('experiments/event');
