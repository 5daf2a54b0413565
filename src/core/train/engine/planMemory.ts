import type { EncoderConfig } from '../../encoder/config';
import { encoderWeights, headWeights } from '../../encoder/weightNames';
import type { BatchSize } from '../batches';
import type { TrainingEngine } from '../engine';
import { elementsOf } from '../graphs/trainableParameters';

type PlanName = TrainingEngine['plan'];

/**
 * What a layer's activations take, in vectors of the hidden and of the inner width a token, and in attention matrices
 * of a head. Fitted to the peaks that bench/trainProcess.ts measured.
 */
interface Footprint {
  readonly hidden: number;
  readonly inner: number;
  readonly attention: number;
}

const footprints: Readonly<Record<EncoderConfig['modelType'], Footprint>> = {
  bert: { hidden: 14, inner: 4, attention: 4 },
  modernbert: { hidden: 14, inner: 6, attention: 4 },
};

/** Node, the runtime and its code, in bytes. */
const PROGRAM = 250e6;
const FLOAT = 4;

/**
 * Bytes that a training process takes at its largest on the CPU, within a quarter: the program, the weights with
 * gradient and moments, and the activations of the largest batch, of all layers or of one.
 */
export function planBytes(
  plan: PlanName,
  config: EncoderConfig,
  largest: BatchSize,
  averaged: boolean,
): number {
  const { layers, hiddenSize } = config;
  const one = FLOAT * layerElements(config, largest);
  const passed = FLOAT * largest.tokens * hiddenSize;
  const activations = plan === 'whole-graph' ? layers * one : 2 * one + layers * passed;
  return PROGRAM + FLOAT * stateElements(config, averaged) + activations;
}

/** The fastest plan that fits into so many bytes; where none does, the one that takes least. */
export function choosePlan(
  config: EncoderConfig,
  largest: BatchSize,
  memory: number,
  averaged: boolean,
): PlanName {
  return planBytes('whole-graph', config, largest, averaged) <= memory ? 'whole-graph' : 'layer-by-layer';
}

function layerElements(config: EncoderConfig, { tokens, length }: BatchSize): number {
  const { hidden, inner, attention } = footprints[config.modelType];
  const { hiddenSize, intermediateSize, heads } = config;
  return tokens * (hidden * hiddenSize + inner * intermediateSize + attention * heads * length);
}

/** Weight, gradient, two moments and perhaps an average of each; a word's vector has all but the weight once met. */
function stateElements(config: EncoderConfig, averaged: boolean): number {
  const isTable = (name: string): boolean => /^embeddings\.\w+_embeddings\.weight$/.test(name);
  const copies = averaged ? 5 : 4;
  return [...encoderWeights(config), ...headWeights(config)].reduce(
    (sum, spec) => sum + elementsOf(spec) * (isTable(spec.name) ? 2 : copies),
    0,
  );
}
