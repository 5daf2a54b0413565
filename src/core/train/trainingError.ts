/** Why a run cannot go on: the arithmetic failed, memory or disk ran out, or what was asked cannot be done. */
export type TrainingFailure = 'diverged' | 'memory' | 'disk' | 'settings';

/**
 * Who reads what to do about it: whoever gave the command that trains, or whoever has a plan carried out, from the editor
 * most often, where few options are to be chosen and settings are the plan's.
 */
export type Reader = 'command' | 'plan';

/** A training run that ends early. The message says what happened, where, and what to do about it. */
export class TrainingError extends Error {
  override readonly name = 'TrainingError';

  /** @param inPlan the message for whoever has a plan carried out, where other things can be done there */
  constructor(
    readonly failure: TrainingFailure,
    message: string,
    private readonly inPlan: string = message,
  ) {
    super(message);
  }

  messageFor(reader: Reader): string {
    return reader === 'plan' ? this.inPlan : this.message;
  }
}

/** Loss, gradient or scores that are no numbers. `epoch` and `step` count from 0. */
export function diverged(what: string, epoch: number, step: number, learningRate: number): TrainingError {
  const where =
    `${what} is not a finite number in epoch ${epoch + 1}, step ${step + 1}; ` +
    `the learning rate there was ${learningRate.toPrecision(2)}`;
  const lower =
    'start again with a lower --lr (a third, say) and another --out; where that does not help, check that the encoder ' +
    'folder is undamaged';
  const another =
    'make a new plan with the hyper-parameters of the study, or on the command line (anamnese compare) with a lower --lr';
  return new TrainingError('diverged', `${where}: ${lower}`, `${where}: ${another}`);
}
