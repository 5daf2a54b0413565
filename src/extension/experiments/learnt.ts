import type { FoundCorpus, FoundEncoder } from '../../core/experiments/survey';

/** An encoder that marks these very labels needs no long training: the preset's epochs are for those that begin anew. */
export const EPOCHS_OF_LEARNT = 3;

/** Whether all of them mark every label of the corpus. */
export function hasLearnt(encoders: readonly FoundEncoder[], { labels }: FoundCorpus): boolean {
  const plain = (output: string): string => output.replace(/^[BI]-/, '');
  return encoders.every((encoder) => {
    const learnt = new Set(encoder.labels.map(plain));
    return labels.every((label) => learnt.has(label));
  });
}
