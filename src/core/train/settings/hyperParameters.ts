import { z } from 'zod';

const share = z.number().min(0).max(1);
/** Of a running mean: 1 would never move. */
const decay = z.number().min(0).lt(1);
const whole = z.int().min(1).max(1_000_000);
const rate = z.number().positive().max(1);

const batching = z.object({
  by: z.enum(['notes', 'tokens']),
  size: whole,
  accumulate: whole,
  buckets: z.enum(['epoch', 'step', 'none']),
});

const optimiser = z.object({
  beta1: decay,
  beta2: decay,
  /** Far above what single precision takes for 0. */
  epsilon: z.number().min(1e-30),
  /** Decoupled, of matrices alone: biases and norms have none. */
  decay: z.number().min(0).max(1),
  /** Biases and norms decay as well, as torch's defaults have it. */
  decayVectors: z.boolean(),
  /** Each layer learns at so much of the rate of the one above it; 1 is the same rate everywhere. */
  layerDecay: rate,
  /** The head's rate, a multiple of the top layer's. */
  headRate: z.number().positive(),
  /** Layers that do not learn, counted from the embeddings: 0 none, 1 the embeddings, 2 the first layer too … */
  frozen: z.int().min(0),
  /** Decay of a moving average of the weights, which is then what is scored and kept; null for none. */
  average: share.nullable(),
});

/**
 * Probabilities that an element is dropped: of the embeddings, of attention's weights, of what a layer adds (ModernBERT:
 * inside its perceptron), of what the classifier reads. BERT has one rate for embeddings and layers, `hidden`.
 */
export const dropoutRates = z.object({
  embeddings: share,
  attention: share,
  hidden: share,
  classifier: share,
});

/** What every run of gradient descent has, whatever it learns. */
const common = {
  epochs: whole,
  /** Small corpora get more epochs, until there are so many steps. */
  minimumSteps: z.int().min(0),
  learningRate: rate,
  /** Share of all steps in which the rate rises from 0; afterwards it falls to 0 in a straight line. */
  warmUp: share,
  optimiser,
  /** Longer gradients are scaled down to it; null leaves them. */
  maxGradientNorm: z.number().positive().nullable(),
  batching,
  /** Tokens of a window, special ones included. */
  maxLength: z.int().min(8).max(8192),
  /** Long notes are cut elsewhere in each epoch. */
  movingCuts: z.boolean(),
  /** Steps after which a run can be taken up, besides the ends of epochs. */
  checkpointSteps: whole,
};

export const hyperParameters = z.object({
  ...common,
  /** Pads every batch to so many tokens, to reproduce what others do; null pads as little as may be. */
  padTo: whole.nullable(),
  loss: z.object({ tokens: z.enum(['visible', 'attended']), mean: z.enum(['step', 'batch']) }),
  /** The encoder's own (`config`), or rates for each place, as its family applies them. */
  dropout: z.union([z.literal('config'), dropoutRates]),
  /** Epochs without a better validation micro F1 after which training ends; null for never. */
  patience: whole.nullable(),
  /**
   * How an epoch is scored. `honest`: micro F1 of the text's own tokens at the threshold that is best for it.
   * `study`: the study's rows (padding and special tokens count, text beyond 512 tokens does not) at the threshold with
   * the best macro F1.
   */
  selection: z.enum(['honest', 'study']),
  oversampling: z.enum(['study', 'every-minority']),
  /** What positives count in the loss under the strategies that weigh them, made of notes without and with a label. */
  weights: z.object({
    /** That quotient is raised to it; the study tried 0.25 too. */
    power: z.number().min(0).max(4),
    /** Lighter weights are lifted to it; null is what the strategy says: `clamped` 1, `weighted` nothing. */
    minimum: z.number().min(0).nullable(),
    /** Under BIO, of an output that begins annotations in relation to that which goes on. */
    beginScale: z.number().positive(),
  }),
  /** Which token begins an annotation under BIO. */
  begin: z.enum(['exact', 'first']),
  calibration: z.enum(['platt', 'none']),
  /** Fitted on validation by character F1, one for all labels or one each, or the study's search over tokens. */
  thresholds: z.enum(['common', 'per-label', 'study']),
});

export const pretrainingParameters = z.object({
  ...common,
  /** Share of tokens to guess. */
  masked: share,
  /** Hides all pieces of a word together. */
  wholeWords: z.boolean(),
});

export type HyperParameters = z.infer<typeof hyperParameters>;
export type PretrainingParameters = z.infer<typeof pretrainingParameters>;

export const presets = ['default', 'study'] as const;
export type Preset = (typeof presets)[number];

/** Changes nothing of a strategy's weights. */
export const asTheStrategySays: HyperParameters['weights'] = { power: 1, minimum: null, beginScale: 1 };

const adamW = {
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 1e-8,
  decay: 0,
  decayVectors: false,
  layerDecay: 1,
  headRate: 1,
};

/** The study's values for SemClinBr: AdamW as torch has it, effective batches of 50 notes, no warm-up. */
const study: HyperParameters = {
  epochs: 40,
  minimumSteps: 0,
  learningRate: 5e-5,
  warmUp: 0,
  optimiser: { ...adamW, frozen: 0, average: null },
  maxGradientNorm: 1,
  batching: { by: 'notes', size: 10, accumulate: 5, buckets: 'step' },
  maxLength: 512,
  movingCuts: false,
  checkpointSteps: 20,
  padTo: null,
  loss: { tokens: 'attended', mean: 'batch' },
  dropout: 'config',
  patience: 5,
  selection: 'study',
  oversampling: 'study',
  weights: asTheStrategySays,
  begin: 'exact',
  calibration: 'none',
  thresholds: 'study',
};

/**
 * Small encoders bear, and on few notes need, a rate several times that of large ones; but at 5e-4 one of 384 features
 * learnt nothing in 300 steps of 60 notes, where it told labels apart after 100 at 2e-4 and 3e-4.
 */
function rateFor(hiddenSize: number): number {
  if (hiddenSize <= 384) return 3e-4;
  return hiddenSize <= 768 ? 1e-4 : 5e-5;
}

/**
 * The default preset holds what measurement showed to learn best from few notes as well as from many. Above all: dropout
 * of attention weights, which published configurations have, delays by several epochs the moment at which a small
 * encoder begins to tell labels apart (80 notes: token micro F1 0.54 after nine epochs with it, 0.73 without), and costs
 * a point on 1,600 notes; dropout inside the layers gains three there. For a BERT the rate of the embeddings comes to that
 * of its layers (`fineTuneParameters`).
 * @param hiddenSize of the encoder, on which the default learning rate depends
 */
export function presetParameters(preset: Preset, hiddenSize: number): HyperParameters {
  if (preset === 'study') return study;
  return {
    ...study,
    epochs: 15,
    minimumSteps: 300,
    learningRate: rateFor(hiddenSize),
    warmUp: 0.1,
    optimiser: { ...study.optimiser, beta2: 0.98, decay: 0.01 },
    batching: { by: 'notes', size: 4, accumulate: 1, buckets: 'step' },
    maxLength: 256,
    movingCuts: true,
    dropout: { embeddings: 0, attention: 0, hidden: 0.1, classifier: 0.1 },
    loss: { tokens: 'visible', mean: 'step' },
    patience: null,
    selection: 'honest',
    oversampling: 'every-minority',
    begin: 'first',
    calibration: 'platt',
    thresholds: 'common',
  };
}

/** Going on with masked language modelling on unlabelled text: a low rate, large batches. */
export function presetPretraining(hiddenSize: number): PretrainingParameters {
  return {
    epochs: 3,
    minimumSteps: 0,
    learningRate: rateFor(hiddenSize) / 2,
    warmUp: 0.06,
    optimiser: { ...study.optimiser, beta2: 0.98, decay: 0.01 },
    maxGradientNorm: 1,
    batching: { by: 'tokens', size: 2048, accumulate: 4, buckets: 'epoch' },
    maxLength: 512,
    movingCuts: true,
    checkpointSteps: 20,
    masked: 0.15,
    wholeWords: false,
  };
}
