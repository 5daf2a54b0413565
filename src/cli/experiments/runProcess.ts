import type { RunOutcome, RunTask, RunTaskHooks } from '../../node/experiments/carryOutRun';
import { carryOutPlanned, plannedEvent } from '../../protocol/experiments';
import type { TrainerProgram } from '../../node/ownProcess';
import { askProcess, TRAINER } from '../../node/ownProcess';

/**
 * Carries out a run of a plan in a process of its own: what it leaks, and what ends it for lack of memory, ends with it.
 * @throws Error with the run's own message, or advice where the system ended the process
 */
export async function runInProcess(
  task: RunTask,
  { onEvent, signal }: RunTaskHooks,
  program: TrainerProgram = TRAINER,
): Promise<RunOutcome> {
  const answer = await askProcess(
    {
      request: carryOutPlanned,
      params: task,
      event: plannedEvent,
      onEvent: (event) => void onEvent(event),
      onStop: (stop) => onAbort(signal, stop),
    },
    program,
  );
  return answer.type === 'killed' ? 'stopped' : answer.result;
}

function onAbort(signal: AbortSignal | undefined, stop: () => void): () => void {
  if (signal?.aborted) stop();
  signal?.addEventListener('abort', stop);
  return () => signal?.removeEventListener('abort', stop);
}
