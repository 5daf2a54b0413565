import type { RunOutcome, RunTask, RunTaskHooks } from '../../node/experiments/runTask';
import { askProcess } from '../../node/ownProcess';
import { carryOutPlanned, plannedEvent } from '../../protocol/experiments';

/**
 * Carries out a run in a process of its own, so that the one that carries out the plan stays free and outlives it.
 * @throws Error with the run's own message, or advice where the system ended the process
 */
export async function runInProcess(
  task: RunTask,
  { onEvent, signal }: Pick<RunTaskHooks, 'onEvent' | 'signal'>,
): Promise<RunOutcome> {
  const answer = await askProcess({
    request: carryOutPlanned,
    params: task,
    event: plannedEvent,
    onEvent: (event) => void onEvent(event),
    onStop: (stop) => {
      if (signal?.aborted) stop();
      signal?.addEventListener('abort', stop);
      return () => signal?.removeEventListener('abort', stop);
    },
  });
  return answer.type === 'killed' ? 'stopped' : answer.result;
}
