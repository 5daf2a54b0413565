import type { EncoderConfig } from '../../encoder/config';
import { encoderParts, withoutDropout } from '../../encoder/encoderParts';
import type { Seed } from '../../graph/gradients';
import { gradients } from '../../graph/gradients';
import { GraphBuilder } from '../../graph/graphBuilder';
import { toOnnx } from '../../graph/onnxBytes';
import { binaryCrossEntropy } from '../../graph/operators/binaryCrossEntropy';
import { reshape } from '../../graph/operators/shape';
import type { TextLayout } from '../../graph/operators/textLayout';
import { padded, ragged } from '../../graph/operators/textLayout';
import type { Dimension, Value } from '../../graph/value';
import { dropoutInputs } from './dropoutInputs';
import type { Head, HeadScope } from './head';
import type { Pack, ParameterInputs } from './parameterInputs';
import { packedInputs, separateInputs } from './parameterInputs';
import type { Parameter } from './trainableParameters';
import { TrainableParameters } from './trainableParameters';

/** An ONNX model with the names of what it reads and gives. */
export interface TrainingGraph {
  readonly model: Uint8Array<ArrayBuffer>;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** The weights among its inputs. */
  readonly parameters: readonly Parameter[];
}

/** How the texts of a batch stand: all equally long, padded to the longest, or so many of any length in a row. */
export type Arrangement = 'even' | 'padded' | number;

export interface TrainingGraphOptions {
  /** Operators of ONNX Runtime's CPU provider instead of plain ONNX. */
  readonly fused: boolean;
  /** Weights laid out for the shaders of WebGPU. Default false. */
  readonly turned?: boolean;
  readonly arrangement: Arrangement;
  /** The packs that the weights are fed in; without, each parameter is an input of its own. */
  readonly packs?: readonly Pack[] | undefined;
  /** Token classification where none is given. */
  readonly head?: Head | undefined;
}

/**
 * Names of inputs and outputs. `x` is [batch, length, width], or [tokens, width] where texts stand in a row: the sum of
 * the embeddings, or what a layer reads; `y` is what it gives. A gradient is named like what it belongs to.
 */
export const io = {
  x: 'x',
  y: 'y',
  /** int32 [batch, length], of padded texts: 1 for a token, 0 for padding. */
  mask: 'attention_mask',
  /** int64 [texts], of texts in a row. */
  lengths: 'text_lengths',
  targets: 'targets',
  weights: 'weights',
  positiveWeights: 'positive_weights',
  loss: 'loss',
  logits: 'logits',
  gradient: (name: string) => `gradient:${name}`,
} as const;

/** Which of the encoder's pieces a graph computes, from `x`. */
export type Stage = 'begin' | 'end' | number;

/** All stages of an encoder, from its summed embeddings to its logits. */
export function allStages({ layers }: EncoderConfig): Stage[] {
  return ['begin', ...Array.from({ length: layers }, (_, index) => index), 'end'];
}

/**
 * Stages one after another without gradients or dropout. Output: `logits` where they include the end, else `y`; both are
 * shaped like `x` but for their last axis.
 */
export function forwardGraph(
  config: EncoderConfig,
  stages: readonly Stage[],
  options: TrainingGraphOptions,
): TrainingGraph {
  const scope = open(config, options, { differentiable: false, dropout: 'none' });
  const result = run(scope, stages);
  publish(scope, stages.includes('end') ? io.logits : io.y, result);
  return close(scope);
}

/** One layer with its dropout, as `backwardGraph` computes it again. Output: `y`. */
export function layerGraph(
  config: EncoderConfig,
  layer: Stage,
  options: TrainingGraphOptions,
): TrainingGraph {
  const scope = open(config, options, { differentiable: false, dropout: 'layer' });
  publish(scope, io.y, run(scope, [layer]));
  return close(scope);
}

/**
 * Stages one after another, the end included, with the loss and its gradients. Outputs: `loss`, a scalar, and the
 * gradients by `x`, by each parameter and by those inputs of the head that learn.
 */
export function lossGraph(
  config: EncoderConfig,
  stages: readonly Stage[],
  options: TrainingGraphOptions,
): TrainingGraph {
  const scope = open(config, options, { differentiable: true, dropout: 'whole' });
  const { loss, learning } = scope.head.loss(scope, run(scope, stages));
  scope.graph.output(io.loss, loss);
  differentiate(scope, { output: loss, gradient: scope.graph.scalar(1) }, learning);
  return close(scope);
}

/** One stage again, for its gradients, given that by `y`. Outputs: the gradients by `x` and by each parameter. */
export function backwardGraph(
  config: EncoderConfig,
  stage: Stage,
  options: TrainingGraphOptions,
): TrainingGraph {
  const scope = open(config, options, { differentiable: true, dropout: 'layer' });
  const output = run(scope, [stage]);
  const gradient = scope.graph.input(io.gradient(io.y), 'float32', scope.x.shape);
  differentiate(scope, { output, gradient: reshape(scope.graph, gradient, output.shape) });
  return close(scope);
}

interface Scope extends HeadScope {
  readonly parameters: ParameterInputs;
  readonly x: Value;
  readonly head: Head;
}

interface Purpose {
  readonly differentiable: boolean;
  /** `whole` tells layers apart by constants, `layer` by an input. */
  readonly dropout: 'none' | 'whole' | 'layer';
}

function open(
  config: EncoderConfig,
  { fused, turned = false, arrangement, packs, head = classifierHead }: TrainingGraphOptions,
  { differentiable, dropout }: Purpose,
): Scope {
  // Dropout of attention weights needs attention in pieces, as gradients do.
  const graph = new GraphBuilder({ fused, turned, differentiable: differentiable || dropout !== 'none' });
  const rows: readonly Dimension[] = typeof arrangement === 'number' ? ['tokens'] : ['batch', 'length'];
  const x = graph.input(io.x, 'float32', [...rows, config.hiddenSize]);
  const inputs = packs ? packedInputs(graph, packs) : separateInputs(graph);
  const parameters = new TrainableParameters(graph, config, inputs.source);
  const dropouts =
    dropout === 'none' ? withoutDropout : dropoutInputs(graph, dropout === 'layer' ? 'input' : 'constant');
  const parts = encoderParts({
    graph,
    config,
    parameters,
    layout: layoutInput(graph, arrangement),
    dropouts,
  });
  return { config, graph, parameters: inputs, parts, x, head };
}

function layoutInput(graph: GraphBuilder, arrangement: Arrangement): TextLayout {
  if (typeof arrangement === 'number')
    return ragged(arrangement, graph.input(io.lengths, 'int64', [arrangement]));
  return padded(arrangement === 'padded' ? graph.input(io.mask, 'int32', ['batch', 'length']) : undefined);
}

function run(scope: Scope, stages: readonly Stage[]): Value {
  const { graph, parts, x, config, head } = scope;
  return stages.reduce<Value>(
    (rows, stage) => {
      if (stage === 'begin') return parts.begin(rows);
      return stage === 'end' ? head.answer(scope, rows) : parts.layer(stage, rows);
    },
    reshape(graph, x, ['tokens', config.hiddenSize]),
  );
}

function publish({ graph, x }: Scope, name: string, rows: Value): void {
  graph.output(name, reshape(graph, rows, [...x.shape.slice(0, -1), rows.shape.at(-1)!]));
}

/** Any number of labels a token, each by itself. */
const classifierHead: Head = {
  answer: ({ parts }, x) => parts.end(x),
  loss({ graph, config }, logits) {
    const outputs = config.labels.length;
    const loss = binaryCrossEntropy(graph, logits, {
      targets: graph.input(io.targets, 'float32', ['tokens', outputs]),
      weights: graph.input(io.weights, 'float32', ['tokens', 1]),
      positiveWeights: graph.input(io.positiveWeights, 'float32', [outputs]),
    });
    return { loss, learning: [] };
  },
};

function differentiate({ graph, parameters, x }: Scope, seed: Seed, others: readonly Value[] = []): void {
  const wrt = [x, ...parameters.list.map(({ value }) => value), ...others];
  const found = gradients(graph, [seed], wrt);
  wrt.forEach(({ name }, index) => graph.output(io.gradient(name), found[index]!));
}

function close({ graph, parameters }: Scope): TrainingGraph {
  return {
    model: toOnnx(graph),
    inputs: graph.inputs.map(({ name }) => name),
    outputs: graph.outputs.map(({ name }) => name),
    parameters: parameters.list.map(({ parameter }) => parameter),
  };
}

/** The weights that a stage's graph is fed; the embedding tables are not among them. */
export function parametersOf(config: EncoderConfig, stage: Stage, head?: Head): Parameter[] {
  const options = { fused: false, arrangement: 'even', head } as const;
  const scope = open(config, options, { differentiable: false, dropout: 'none' });
  run(scope, [stage]);
  return scope.parameters.list.map(({ parameter }) => parameter);
}
