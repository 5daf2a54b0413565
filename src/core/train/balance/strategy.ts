import type { CorpusDocument } from '../../corpus/document';
import type { Scheme } from '../../labels/tokenTargets';
import type { Rng } from '../../ports';
import { combineSeeds, seededRng } from '../../random';
import type { HyperParameters } from '../settings/hyperParameters';
import type { WeightOptions } from './imbalance';
import { outputWeights, positiveWeights } from './imbalance';
import type { Oversampling } from './oversample';
import { oversample } from './oversample';

/**
 * The study's strategies. `random` and `is` name the split and leave the training notes as they are; the others go
 * on from iterative stratification: `weighted` and `clamped` weigh positives, `oversampling` repeats notes.
 */
export const strategies = ['random', 'is', 'weighted', 'clamped', 'oversampling'] as const;
export type Strategy = (typeof strategies)[number];

export interface StrategyOptions {
  readonly labels: readonly string[];
  readonly scheme: Scheme;
  readonly oversampling: Oversampling;
  readonly weights: HyperParameters['weights'];
}

/** What a strategy makes of the training notes. */
export interface Balanced {
  /** The notes to train on; some twice or more after oversampling. */
  readonly documents: readonly CorpusDocument[];
  /** Of each output; undefined where all positives weigh 1. */
  readonly positiveWeights: readonly number[] | undefined;
}

export function balance(
  documents: readonly CorpusDocument[],
  strategy: Strategy,
  { labels, scheme, oversampling, weights }: StrategyOptions,
  rng: Rng,
): Balanced {
  const noteLabels = documents.map(({ annotations }) => [...new Set(annotations.map(({ label }) => label))]);
  if (strategy === 'oversampling') {
    const drawn = oversample(noteLabels, labels, oversampling, rng).map((note) => documents[note]!);
    return { documents: [...documents, ...drawn], positiveWeights: undefined };
  }
  if (!weighs(strategy)) return { documents, positiveWeights: undefined };
  const ofLabels = positiveWeights(noteLabels, labels, weightOptions(strategy, weights));
  return { documents, positiveWeights: outputWeights(ofLabels, scheme, weights.beginScale) };
}

/** Whether a strategy weighs positives, so that the parameters of weights mean something. */
export function weighs(strategy: Strategy): strategy is 'weighted' | 'clamped' {
  return strategy === 'weighted' || strategy === 'clamped';
}

/** How a strategy weighs the positives of a label. */
export function weightOptions(
  strategy: 'weighted' | 'clamped',
  { power, minimum }: HyperParameters['weights'],
): WeightOptions {
  return { power, minimum: minimum ?? (strategy === 'clamped' ? 1 : 0) };
}

/** Whether a training learns the same from both: the same notes in the same order, and positives of the same weight. */
export function isSameBalance(a: Balanced, b: Balanced): boolean {
  const weightsOf = ({ positiveWeights: weights }: Balanced, other: Balanced): readonly number[] =>
    weights ?? other.positiveWeights?.map(() => 1) ?? [];
  const [ofA, ofB] = [weightsOf(a, b), weightsOf(b, a)];
  return (
    a.documents.length === b.documents.length &&
    a.documents.every((document, i) => document === b.documents[i]) &&
    ofA.every((weight, i) => weight === ofB[i])
  );
}

/** What oversampling draws must not be what an epoch draws. */
const BALANCE = -3;

/** The training notes of a run, drawn by its seed. */
export function balancedBySeed(
  documents: readonly CorpusDocument[],
  { strategy, seed }: { readonly strategy: Strategy; readonly seed: number },
  options: StrategyOptions,
): Balanced {
  return balance(documents, strategy, options, seededRng(combineSeeds(seed, BALANCE)));
}
