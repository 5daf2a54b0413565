import type { TextMessage } from './textFormat';
import { textFormat } from './textFormat';

/** What a server of models is told about one of them. */
export interface ServedModel {
  readonly name: string;
  /** The classifier's outputs, in order. */
  readonly labels: readonly string[];
  /** The most texts in a request, and in what the server makes of several. */
  readonly maxBatch: number;
  readonly instances: 'cpu' | 'gpu';
  readonly instanceCount: number;
  /** SHA-256 of the encoder folder, by which a client knows that it asks the right one. */
  readonly fingerprint: string;
}

/** The name under which the configuration keeps `fingerprint`. */
export const FINGERPRINT = 'anamnese_sha256';

const LABELS = 'anamnese_labels';

/** Names that are the same as a folder, in a URL and on a command line. */
export const MODEL_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;

/**
 * `config.pbtxt` of a model repository for NVIDIA Triton (ModelConfig of its model_config.proto): `input_ids` and
 * `attention_mask`, int64 `[batch, length]`, to `logits`, float32 `[batch, length, labels]`. The batch is not part of
 * `dims` there.
 */
export function tritonConfig(model: ServedModel): string {
  const { name, labels, maxBatch, instances, instanceCount, fingerprint } = model;
  const ids = (input: string): TextMessage => ({
    name: input,
    data_type: { named: 'TYPE_INT64' },
    dims: [-1],
  });
  return textFormat({
    name,
    backend: 'onnxruntime',
    default_model_filename: 'model.onnx',
    max_batch_size: maxBatch,
    input: [ids('input_ids'), ids('attention_mask')],
    output: [{ name: 'logits', data_type: { named: 'TYPE_FP32' }, dims: [-1, labels.length] }],
    instance_group: [{ count: instanceCount, kind: { named: `KIND_${instances.toUpperCase()}` } }],
    dynamic_batching: {},
    parameters: [parameter(FINGERPRINT, fingerprint), parameter(LABELS, JSON.stringify(labels))],
  });
}

function parameter(key: string, value: string): TextMessage {
  return { key, value: { string_value: value } };
}
