import type { SplitNote } from '../../../src/core/split/notes';

/** What `labels_of_notes` of test/oracles/make_splits.py invents a corpus from. */
export interface CorpusRecipe {
  readonly seed: number;
  readonly notes: number;
  readonly labels: number;
  readonly steepness: number;
}

export function mulberry32(seed: number): () => number {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), seed | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** The same corpus as the Python script's, the i-th note's key in its order. */
export function randomCorpus({ seed, notes, labels, steepness }: CorpusRecipe): SplitNote[] {
  const rng = mulberry32(seed);
  const names = Array.from({ length: labels }, (_, label) => labelName(label));
  return Array.from({ length: notes }, (_, note) => {
    const kind = Math.floor(rng() * 3);
    const own = names.filter((_, label) => {
      const share = (0.7 / (1 + steepness * label)) * (label % 3 === kind ? 1.5 : 0.75);
      return rng() < share;
    });
    return { key: String(note).padStart(16, '0'), labels: own, groups: [] };
  });
}

export function labelName(label: number): string {
  return `L${String(label).padStart(3, '0')}`;
}
