import type { StepPlan, WindowPlace } from './batches';
import type { TrainingExample } from '../engine';
import type { TokenizedNote } from './tokenizedNote';

/** Which tokens have a loss, and what it is averaged over. */
export interface LossOptions {
  /**
   * `visible`: tokens that have a width in the text. `attended`: special tokens and those without width too, whose
   * targets are all zero, as in the study.
   */
  readonly tokens: 'visible' | 'attended';
  /** `step`: the mean over all tokens of the step. `batch`: the mean over each drawn batch, then over these, as in the study. */
  readonly mean: 'step' | 'batch';
}

/**
 * The examples of a step in the batches that are computed together, each token's weight such that the sum over all
 * of them is the loss: Σ over outputs, mean over tokens.
 */
export function stepExamples(
  { drawn, computed }: StepPlan,
  notes: readonly TokenizedNote[],
  loss: LossOptions,
): TrainingExample[][] {
  const weights = windowWeights(drawn, notes, loss);
  return computed.map((batch) =>
    batch.map((window) => example(notes[window.note]!, window, loss, weights.get(window)!)),
  );
}

/** What each token of a window counts. */
function windowWeights(
  drawn: StepPlan['drawn'],
  notes: readonly TokenizedNote[],
  loss: LossOptions,
): Map<WindowPlace, number> {
  const count = (batch: readonly WindowPlace[]): number =>
    batch.reduce((sum, window) => sum + lossTokens(notes[window.note]!, window, loss), 0);
  const all = drawn.reduce((sum, batch) => sum + count(batch), 0);
  return new Map(
    drawn.flatMap((batch) => {
      const tokens = loss.mean === 'step' ? all : count(batch) * drawn.length;
      return batch.map((window) => [window, tokens === 0 ? 0 : 1 / tokens] as const);
    }),
  );
}

/** Tokens of a window that have a loss. */
export function lossTokens(note: TokenizedNote, { range, length }: WindowPlace, loss: LossOptions): number {
  if (loss.tokens === 'attended') return length;
  return note.visible.subarray(...range).reduce((sum, one) => sum + one, 0);
}

function example(
  { ids, before, after, targets, visible }: TokenizedNote,
  { range: [from, to], length }: WindowPlace,
  loss: LossOptions,
  weight: number,
): TrainingExample {
  const outputs = targets.length / ids.length;
  const own = { ids: new Int32Array(length), targets: new Uint8Array(length * outputs) };
  own.ids.set(before);
  own.ids.set(ids.subarray(from, to), before.length);
  own.ids.set(after, length - after.length);
  own.targets.set(targets.subarray(from * outputs, to * outputs), before.length * outputs);
  const weights = new Float32Array(length);
  if (loss.tokens === 'attended') weights.fill(weight);
  else for (let i = from; i < to; i++) weights[before.length + i - from] = visible[i]! * weight;
  return { ...own, weights };
}
