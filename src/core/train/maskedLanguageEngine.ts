import type { StateTensor, TrainingEngine, UpdateOptions } from './engine';

/** A text, or a window of one, some of whose tokens are to be guessed. */
export interface MaskedExample {
  /** Token ids with their special tokens, the hidden ones replaced. */
  readonly ids: Int32Array;
  /** Where tokens are to be guessed, ascending, [masked]. */
  readonly positions: Int32Array;
  /** What stood there, [masked]. */
  readonly originals: Int32Array;
  /** What each guess counts in the loss. */
  readonly weight: number;
}

/**
 * An encoder with its masked language head that learns from unlabelled text. One step is one or more `accumulate`,
 * then `update`. Same state, batches, seeds and device give the same state, bit by bit, on the CPU.
 */
export interface MaskedLanguageEngine {
  readonly plan: TrainingEngine['plan'];
  readonly updates: number;
  /**
   * Adds the gradient of Σ weight · cross-entropy(logits at position, original) over the batch.
   * @param seed of the dropout masks
   * @returns that sum, NaN or Infinity where the arithmetic failed
   */
  accumulate(batch: readonly MaskedExample[], seed: number): Promise<number>;
  /** Clips, moves the weights, forgets the gradient. @returns the gradient's norm before clipping */
  update(options: UpdateOptions): Promise<number>;
  /** Everything that `restore` needs, one tensor at a time; valid until the next `update`. */
  state(): AsyncIterable<StateTensor>;
  /**
   * Takes a state up in an engine of the same encoder and averaging that has not learnt yet.
   * @throws Error when a tensor is missing, unknown or of another shape
   */
  restore(tensors: AsyncIterable<StateTensor>, updates: number): Promise<void>;
  dispose(): Promise<void>;
}
