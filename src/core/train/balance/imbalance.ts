import type { Scheme } from '../../labels/tokenTargets';

/** Notes in which each label occurs, in the order of `labels`; `noteLabels[note]` holds each label once. */
export function notesPerLabel(
  noteLabels: readonly (readonly string[])[],
  labels: readonly string[],
): number[] {
  const counts = new Map<string, number>();
  for (const own of noteLabels) for (const label of own) counts.set(label, (counts.get(label) ?? 0) + 1);
  return labels.map((label) => counts.get(label) ?? 0);
}

export interface WeightOptions {
  /** The weight is raised to this power; the study also tried 0.25. Default 1. */
  readonly power?: number;
  /** Weights below it are lifted to it; the study's clamp is 1. Default none. */
  readonly minimum?: number;
}

/**
 * The study's `pos_weight` of binary cross-entropy, at the level of notes: notes without the label divided by notes
 * with it, 1 where no note has it; then the power, then the minimum. Without a minimum a label that every note has
 * weighs 0 and so is never learnt: the study's definition, and why it clamps.
 */
export function positiveWeights(
  noteLabels: readonly (readonly string[])[],
  labels: readonly string[],
  { power = 1, minimum = 0 }: WeightOptions = {},
): number[] {
  return notesPerLabel(noteLabels, labels).map((having) => {
    const weight = having === 0 ? 1 : (noteLabels.length - having) / having;
    return Math.max(minimum, weight ** power);
  });
}

/** Weights of a model's outputs: the label's own under IO; under BIO the label's for `I-`, scaled for `B-`. */
export function outputWeights(weights: readonly number[], scheme: Scheme, beginScale = 1): number[] {
  return scheme === 'IO' ? [...weights] : weights.flatMap((weight) => [weight * beginScale, weight]);
}
