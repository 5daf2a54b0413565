import type { TrainingJob } from '../../core/train/settings/jobs';
import type { RunEvent, RunResult } from '../../core/train/loop/runEvents';
import { runTraining, trainingEvent } from '../../node/training/trainingMessages';
import type { Answer, TrainerProgram } from '../../node/ownProcess';
import { askProcess, onSignals, TRAINER } from '../../node/ownProcess';

/**
 * Trains in a process of its own until it is done or a signal stops it.
 * @throws Error with the run's own message, or advice where the system ended the process
 */
export function trainInProcess(
  job: TrainingJob,
  onEvent: (event: RunEvent) => void,
  program: TrainerProgram = TRAINER,
): Promise<Answer<RunResult>> {
  return askProcess(
    {
      request: runTraining,
      params: job,
      event: trainingEvent,
      onEvent,
      planOf,
      reader: 'command',
      onStop: onSignals,
    },
    program,
  );
}

function planOf(event: RunEvent): string | undefined {
  return event.type === 'started' ? event.plan : undefined;
}
