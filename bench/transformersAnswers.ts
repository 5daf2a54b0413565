/** What one side makes of the same texts. */
export interface Answers {
  /** Token ids of each text, special ones included; null where a side has no tokenizer for the folder. */
  readonly ids: readonly (readonly number[])[] | null;
  /** Of each text, [tokens, outputs] row by row, from our ids on both sides. */
  readonly logits: readonly (readonly number[])[];
  /** Names of the outputs by their ids. */
  readonly outputs: readonly string[];
}

/** What transformers says of a folder besides. */
export interface Theirs extends Answers {
  readonly problemType: string | null;
  /** Weights that the file lacks, and that the model has no place for. */
  readonly missing: readonly string[];
  readonly unexpected: readonly string[];
}

/** Logits further apart than this are not the same. */
export const TOLERANCE = 1e-4;

/** The greatest distance between two logits; NaN where their numbers differ or one is none. */
export function furthest(ours: Answers['logits'], theirs: Answers['logits']): number {
  if (ours.length !== theirs.length || ours.some((own, i) => own.length !== theirs[i]!.length)) return NaN;
  const distances = ours.flatMap((own, i) => own.map((logit, j) => Math.abs(logit - theirs[i]![j]!)));
  return distances.reduce(
    (most, distance) => (distance > most || Number.isNaN(distance) ? distance : most),
    0,
  );
}

/** In what transformers does otherwise than Anamnese, in sentences; none where it scores the same. */
export function differences(ours: Answers, theirs: Theirs): string[] {
  const far = furthest(ours.logits, theirs.logits);
  const same = JSON.stringify(ours.outputs) === JSON.stringify(theirs.outputs);
  const others = theirs.ids?.filter((ids, i) => String(ids) !== String(ours.ids?.[i])).length ?? 0;
  return [
    ...(far <= TOLERANCE ? [] : [`logits differ by up to ${far}`]),
    ...(same ? [] : [`id2label says ${theirs.outputs.join(', ')}, not ${ours.outputs.join(', ')}`]),
    ...(others === 0 ? [] : [`${others} of ${ours.logits.length} texts have other tokens`]),
    ...theirs.missing.map((name) => `${name} is missing`),
    ...theirs.unexpected.map((name) => `${name} has no place in the model`),
    ...(theirs.problemType === 'multi_label_classification'
      ? []
      : [`problem_type is ${theirs.problemType}, not multi_label_classification`]),
  ];
}
