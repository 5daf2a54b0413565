/** Why a run cannot go on: the arithmetic failed, memory or disk ran out, or what was asked cannot be done. */
export type TrainingFailure = 'diverged' | 'memory' | 'disk' | 'settings';

/** A training run that ends early. The message says what happened, where, and what to do about it. */
export class TrainingError extends Error {
  override readonly name = 'TrainingError';

  constructor(
    readonly failure: TrainingFailure,
    message: string,
  ) {
    super(message);
  }
}

/** Loss, gradient or scores that are no numbers. `epoch` and `step` count from 0. */
export function diverged(what: string, epoch: number, step: number, learningRate: number): TrainingError {
  const where = `${what} is not a finite number in epoch ${epoch + 1}, step ${step + 1}`;
  const advice =
    `the learning rate there was ${learningRate.toPrecision(2)}: start again with a lower --lr (a third, say) and ` +
    'another --out; where that does not help, check that the encoder folder is undamaged';
  return new TrainingError('diverged', `${where}; ${advice}`);
}
