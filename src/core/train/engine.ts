import type { TokenClassifier } from '../ports';

/** A text, or a window of one, to learn from. */
export interface TrainingExample {
  /** Token ids with their special tokens. */
  readonly ids: Int32Array;
  /** 1 where a token carries an output, row-major [ids.length, outputs]. */
  readonly targets: Uint8Array;
  /** What each token's loss counts, [ids.length]; 0 leaves a token out. */
  readonly weights: Float32Array;
}

/** The weights of one tensor move by `rate` times the learning rate; 0 freezes it. */
export interface ParameterOptions {
  readonly rate: number;
  /** Decoupled weight decay (Loshchilov & Hutter 2019), a multiple of the learning rate. */
  readonly decay: number;
}

/** AdamW as PyTorch computes it. */
export interface OptimiserOptions {
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  /** By the published name of a weight. */
  parameter(name: string): ParameterOptions;
  /** Decay of an exponential moving average of the weights, which is then what is scored and kept; none by default. */
  readonly averageDecay?: number;
}

/** Probabilities of dropout, each by its place in the encoder. */
export interface DropoutRates {
  /** Read for ModernBERT alone: BERT drops its embeddings at the rate `hidden`. */
  readonly embeddings: number;
  readonly attention: number;
  readonly hidden: number;
  readonly classifier: number;
}

export interface UpdateOptions {
  readonly learningRate: number;
  /** The gradient is scaled down to this norm where it is longer; Infinity leaves it. */
  readonly maxGradientNorm: number;
}

/** What a run must hold on to besides its weights: Adam's moments and the moving average. */
export type StateKind = 'weight' | 'mean' | 'variance' | 'average';

export interface StateTensor {
  /** The published name of the weight. */
  readonly name: string;
  readonly kind: StateKind;
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/**
 * An encoder that learns. One step is one or more `accumulate`, then `update`. As a `TokenClassifier` it answers with
 * its present weights, or their moving average where it keeps one, and without dropout.
 *
 * Same state, batches, seeds and device give the same state, bit by bit, on the CPU.
 */
export interface TrainingEngine extends TokenClassifier {
  /** `whole-graph` is fastest; `layer-by-layer` computes activations again and so needs the least memory. */
  readonly plan: 'whole-graph' | 'layer-by-layer';
  /** So many texts of any length it learns together without padding; 0 where it pads all to the longest. */
  readonly textsApart: number;
  /** Updates so far, which Adam's bias correction counts. */
  readonly updates: number;
  /**
   * Adds the gradient of Σ weight · Σ BCE(logit, target) · positiveWeight over the batch's tokens and outputs.
   * @param seed of the dropout masks
   * @param length pads every text to so many tokens at least, to reproduce what others do
   * @returns that sum, NaN or Infinity where the arithmetic failed
   */
  accumulate(batch: readonly TrainingExample[], seed: number, length?: number): Promise<number>;
  /** Clips, moves the weights, forgets the gradient. @returns the gradient's norm before clipping */
  update(options: UpdateOptions): Promise<number>;
  /** Everything that `restore` needs, one tensor at a time; valid until the next `update`. */
  state(): AsyncIterable<StateTensor>;
  /**
   * Takes a state up in an engine of the same encoder, labels and averaging that has not learnt yet; its plan and
   * device may be others.
   * @throws Error when a tensor is missing, unknown or of another shape
   */
  restore(tensors: AsyncIterable<StateTensor>, updates: number): Promise<void>;
  dispose(): Promise<void>;
}
