import { z } from 'zod';
import { readJson } from './jsonFiles';

const share = z.number().min(0).max(1);
const whole = z.int().min(1);

const recipeSchema = z.strictObject({
  seed: z.int(),
  epochs: whole,
  learningRate: z.number().positive(),
  /** Share of the steps in which the rate rises; then it falls to 0 in a straight line. */
  warmUp: share,
  optimiser: z.strictObject({
    beta2: z.number().min(0).lt(1),
    /** Of matrices alone. */
    decay: z.number().min(0),
    /** Of the moving average of the weights, which is scored and kept. */
    average: share,
  }),
  /** Of the loss summed over the twelve outputs: 1 of its mean over them. */
  maxGradientNorm: z.number().positive(),
  /** Tokens a batch, padding included. */
  batchTokens: whole,
  /** Batches a step. */
  accumulate: whole,
  /** Tokens a window, special ones included; long notes are cut elsewhere each epoch. */
  maxLength: whole,
  dropout: z.strictObject({ embeddings: share, attention: share, hidden: share, classifier: share }),
  /** Share of the notes that the generator varies in each epoch. */
  strength: share,
  /** Weights after this share of the epochs make up so much of the final ones. */
  earlier: z.strictObject({ after: share, share }),
  /** One threshold for all labels; null takes what fits the validation notes best. */
  threshold: share.nullable(),
});

/** How the default model is trained. Names of hyper-parameters are those of `anamnese train`. */
export type Recipe = Readonly<z.infer<typeof recipeSchema>>;

/** What a JSON file changes of the recipe. @throws Error naming the file and the key that is wrong */
export async function readRecipe(file: string): Promise<Partial<Recipe>> {
  return (await readJson(file, recipeSchema.partial())) as Partial<Recipe>;
}

/** What training/README.md gives the reasons of. */
export const defaultRecipe: Recipe = {
  seed: 1,
  epochs: 15,
  learningRate: 3e-4,
  warmUp: 0.1,
  optimiser: { beta2: 0.98, decay: 0.01, average: 0.998 },
  maxGradientNorm: 12,
  batchTokens: 2048,
  accumulate: 1,
  maxLength: 320,
  dropout: { embeddings: 0.1, attention: 0, hidden: 0.1, classifier: 0.1 },
  strength: 0.9,
  earlier: { after: 0.45, share: 0.3 },
  threshold: null,
};

/** The epoch, counted from 0, after which the earlier weights are kept. */
export function earlierEpoch({ epochs, earlier }: Recipe): number {
  return Math.min(epochs - 1, Math.max(0, Math.round(earlier.after * epochs) - 1));
}
