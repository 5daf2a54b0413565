import type { EncoderConfig } from '../../../encoder/config';
import type { WeightSpec } from '../../../encoder/weightNames';
import {
  decoderBias,
  encoderWeights,
  headWeights,
  predictionHeadWeights,
  wordVectors,
} from '../../../encoder/weightNames';
import type { BatchSize } from '../../data/batches';
import type { TrainingEngine } from '../../engine';
import { elementsOf } from '../../graphs/trainableParameters';
import { allStages } from '../../graphs/trainingGraph';
import { representative } from './layerKinds';

type PlanName = TrainingEngine['plan'];

/**
 * What the activations of a layer take that are kept for its gradients: vectors of the hidden and of the inner width a
 * token, and attention matrices of a head. Fitted, as are the copies of the weights, to the peaks of 16 processes of
 * bench/trainProcess.ts with dropout: e5-small, BERT-base and ModernBERT-base, 128 to 2048 tokens.
 */
interface Footprint {
  readonly hidden: number;
  readonly inner: number;
  readonly attention: number;
}

const footprints: Readonly<Record<EncoderConfig['modelType'], Footprint>> = {
  bert: { hidden: 4.5, inner: 2, attention: 3.7 },
  modernbert: { hidden: 11.3, inner: 4, attention: 3.6 },
};

/** Weight, gradient and two moments; the whole graph makes all gradients before any is taken from it. */
const WEIGHT_COPIES: Readonly<Record<PlanName, number>> = { 'whole-graph': 5, 'layer-by-layer': 4 };
/** Of embeddings only the rows that are met have gradient and moments. */
const TABLE_COPIES = 2.5;
/**
 * A decoder's rows all learn: weight, two moments, the gradient and what is added to it. Fitted, as is what a guess takes,
 * to the peaks of five processes that guessed 15 % of the tokens: see the test.
 */
const DECODER_COPIES = 7;
/** Logits and probabilities of all words for a guess. */
const GUESS_COPIES = 2;
/** Node and the runtime, in bytes. */
const PROGRAM = 80 * 2 ** 20;
const FLOAT = 4;
/** Validation computes between the steps, and an estimate may be wrong. */
const MARGIN = 1.15;

/**
 * Bytes that a training process takes at its largest on the CPU: the program, the weights with all that learning needs
 * of them, and the activations of the largest batch, of all layers or of one layer of each kind.
 * @param averaged whether a moving average of the weights is kept
 */
export function planBytes(
  plan: PlanName,
  config: EncoderConfig,
  largest: BatchSize,
  averaged: boolean,
): number {
  const { layers, hiddenSize } = config;
  const layer = FLOAT * layerElements(config, largest);
  const passed = FLOAT * largest.tokens * hiddenSize * layers;
  // Each kind of layer has a graph forward and one back, and each graph holds on to its memory.
  const activations = plan === 'whole-graph' ? layers * layer : 2 * layerKinds(config) * layer + passed;
  const guessing = FLOAT * GUESS_COPIES * (largest.guesses ?? 0) * config.vocabSize;
  const state = FLOAT * stateElements(plan, config, averaged, largest.guesses !== undefined);
  return PROGRAM + state + activations + guessing;
}

/** The fastest plan that fits into so many bytes; where none does, the one that takes least. */
export function choosePlan(
  config: EncoderConfig,
  largest: BatchSize,
  memory: number,
  averaged: boolean,
): PlanName {
  const wanted = MARGIN * planBytes('whole-graph', config, largest, averaged);
  return wanted <= memory ? 'whole-graph' : 'layer-by-layer';
}

function layerKinds(config: EncoderConfig): number {
  const layers = allStages(config).filter((stage) => typeof stage === 'number');
  return new Set(layers.map((layer) => representative(config, layer))).size;
}

function layerElements(config: EncoderConfig, { tokens, length }: BatchSize): number {
  const { hidden, inner, attention } = footprints[config.modelType];
  const { hiddenSize, intermediateSize, heads } = config;
  return tokens * (hidden * hiddenSize + inner * intermediateSize + attention * heads * length);
}

function stateElements(plan: PlanName, config: EncoderConfig, averaged: boolean, guesses: boolean): number {
  const bias = decoderBias(config);
  const decoder = guesses ? [wordVectors(config), ...(bias ? [bias] : [])] : [];
  const learntWhole = new Set(decoder.map(({ name }) => name));
  const copies = ({ name }: WeightSpec): number => {
    if (learntWhole.has(name)) return DECODER_COPIES;
    return /^embeddings\.\w+_embeddings\.weight$/.test(name) ? TABLE_COPIES : WEIGHT_COPIES[plan];
  };
  const head = guesses ? [...predictionHeadWeights(config), ...(bias ? [bias] : [])] : headWeights(config);
  const more = averaged ? 1 : 0;
  return [...encoderWeights(config), ...head].reduce(
    (sum, spec) => sum + elementsOf(spec) * (copies(spec) + more),
    0,
  );
}
