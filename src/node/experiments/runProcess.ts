import type { AskEditor } from '../../core/llm/editorModels';
import { onlyInEditor } from '../../core/llm/editorModels';
import type { TrainerProgram } from '../ownProcess';
import { askProcess, onAbort, TRAINER } from '../ownProcess';
import { signalOf } from '../cancellation';
import { askWindow, carryOutPlanned, plannedEvent } from './runMessages';
import type { RunOutcome, RunTask, RunTaskEvent, RunTaskHooks } from './runTask';

/**
 * Carries out a run of a plan in a process of its own: what it leaks, and what ends it for lack of memory, ends with it.
 * @throws Error with the run's own message, or advice where the system ended the process
 */
export async function runInProcess(
  task: RunTask,
  { onEvent, signal, askEditor = noEditor }: Pick<RunTaskHooks, 'onEvent' | 'signal' | 'askEditor'>,
  program: TrainerProgram = TRAINER,
): Promise<RunOutcome> {
  const answer = await askProcess(
    {
      request: carryOutPlanned,
      params: task,
      event: plannedEvent,
      onEvent: (event) => void onEvent(event),
      planOf,
      reader: 'plan',
      serve: (connection) =>
        connection.onRequest(askWindow, (question, token) => askEditor(question, signalOf(token))),
      onStop: (stop) => onAbort(signal, stop),
    },
    program,
  );
  return answer.type === 'killed' ? 'stopped' : answer.result;
}

const noEditor: AskEditor = async ({ model }) => ({
  type: 'failed',
  message: onlyInEditor(model),
  chance: 'never',
});

function planOf(told: RunTaskEvent): string | undefined {
  return told.type === 'run' && told.event.type === 'started' ? told.event.plan : undefined;
}
