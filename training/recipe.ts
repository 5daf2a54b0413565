import type { DropoutRates } from '../src/core/train/engine';

/** How the default model is trained. Names of hyper-parameters are those of `anamnese train`. */
export interface Recipe {
  readonly seed: number;
  readonly epochs: number;
  readonly learningRate: number;
  /** Share of the steps in which the rate rises; then it falls to 0 in a straight line. */
  readonly warmUp: number;
  readonly optimiser: {
    readonly beta2: number;
    /** Of matrices alone. */
    readonly decay: number;
    /** Of the moving average of the weights, which is scored and kept. */
    readonly average: number;
  };
  /** Of the loss summed over the twelve outputs: 1 of its mean over them. */
  readonly maxGradientNorm: number;
  /** Tokens a batch, padding included; a step is one batch. */
  readonly batchTokens: number;
  /** Tokens a window, special ones included; long notes are cut elsewhere each epoch. */
  readonly maxLength: number;
  readonly dropout: DropoutRates;
  /** Share of the notes that the generator varies in each epoch. */
  readonly strength: number;
  /** Weights after this share of the epochs make up so much of the final ones. */
  readonly earlier: { readonly after: number; readonly share: number };
  /** One threshold for all labels; null takes what fits the validation notes best. */
  readonly threshold: number | null;
}

/** What training/README.md gives the reasons of. */
export const defaultRecipe: Recipe = {
  seed: 1,
  epochs: 15,
  learningRate: 5e-4,
  warmUp: 0.06,
  optimiser: { beta2: 0.98, decay: 0.01, average: 0.998 },
  maxGradientNorm: 12,
  batchTokens: 1024,
  maxLength: 256,
  dropout: { embeddings: 0, attention: 0, hidden: 0, classifier: 0.1 },
  strength: 0.9,
  earlier: { after: 0.45, share: 0.3 },
  threshold: null,
};

/** The epoch, counted from 0, after which the earlier weights are kept. */
export function earlierEpoch({ epochs, earlier }: Recipe): number {
  return Math.min(epochs - 1, Math.max(0, Math.round(earlier.after * epochs) - 1));
}
