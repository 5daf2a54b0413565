import type { Precision } from '../ports';
import { GraphBuilder } from '../graph/graphBuilder';
import { toOnnx } from '../graph/onnxBytes';
import { cast } from '../graph/operators/elementwise';
import { reshape } from '../graph/operators/shape';
import { padded } from '../graph/operators/textLayout';
import type { Value } from '../graph/value';
import { constantParameters } from './constantParameters';
import type { EncoderConfig } from './config';
import { encoderParts, withoutDropout } from './encoderParts';
import type { EncoderWeights } from './weights';

export interface InferenceGraphOptions {
  /**
   * int8 stores dense layers and word vectors in eight bits and multiplies in eight bits; fp16 stores and computes all
   * in half precision, where a device can.
   */
  readonly precision: Precision;
  /** Operators of ONNX Runtime's CPU provider (com.microsoft) instead of plain ONNX. */
  readonly fused: boolean;
  /** Weights laid out for the shaders of WebGPU. Default false. */
  readonly turned?: boolean;
  /** False leaves out the input `attention_mask`, for batches of texts of one length. Default true. */
  readonly padding?: boolean;
  /** Leaves weights in the files of `weights.folder`, which the runtime must then be told. Default false. */
  readonly external?: boolean;
  /** The type of both inputs; int64 is what clients of other people's models send. Default int32. */
  readonly inputs?: 'int32' | 'int64';
}

/**
 * The ONNX model of an encoder with its token classification head.
 *
 * Inputs: `input_ids` int32 [batch, length], `attention_mask` int32 [batch, length] (1 token, 0 padding); or int64.
 * Output: `logits` float32 [batch, length, labels]. Batch and length are free in every run.
 * @throws EncoderError when the checkpoint has no token classification head or cannot be read
 */
export function buildInferenceGraph(
  config: EncoderConfig,
  weights: EncoderWeights,
  options: InferenceGraphOptions,
): Uint8Array<ArrayBuffer> {
  return toOnnx(inferenceGraph(config, weights, options));
}

/** The same, before it is bytes. */
export function inferenceGraph(
  config: EncoderConfig,
  weights: EncoderWeights,
  options: InferenceGraphOptions,
): GraphBuilder {
  const { precision, fused, turned = false, padding = true, external = false, inputs = 'int32' } = options;
  weights.requireHead();
  const graph = new GraphBuilder({ fused, turned, half: precision === 'fp16' });
  const input = (name: string): Value => {
    const given = graph.input(name, inputs, ['batch', 'length']);
    return inputs === 'int32' ? given : cast(graph, given, 'int32');
  };
  const ids = input('input_ids');
  const mask = padding ? input('attention_mask') : undefined;
  const parameters = constantParameters(graph, weights, { precision, external });
  const parts = encoderParts({ graph, config, parameters, layout: padded(mask), dropouts: withoutDropout });
  let x = parts.begin(parts.embed(ids));
  for (let layer = 0; layer < config.layers; layer++) x = parts.layer(layer, x);
  graph.output('logits', reshape(graph, parts.end(x), ['batch', 'length', config.labels.length]));
  return graph;
}
