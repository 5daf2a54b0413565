import { copyFile, mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import type { Checkpoint } from '../src/core/encoder/checkpoint';
import { toFloat32 } from '../src/core/encoder/numbers';
import { quantiseRows } from '../src/core/encoder/quantise';
import { scaleName } from '../src/core/encoder/weightNames';
import { openSafetensors } from '../src/node/checkpoint/safetensors';
import type { TensorToWrite } from '../src/node/checkpoint/safetensorsWriter';
import { writeSafetensors } from '../src/node/checkpoint/safetensorsWriter';
import { specialTokens } from './specialTokens';

/** Matrices that stay in single precision: the head, and a table of two rows. */
const whole = ['classifier', 'bert.embeddings.token_type_embeddings'];

/** `int-quantized` of the compressed-tensors library: int8, symmetric, one scale a row. */
const quantisation = {
  quant_method: 'compressed-tensors',
  format: 'int-quantized',
  quantization_status: 'compressed',
  global_compression_ratio: null,
  ignore: whole,
  kv_cache_scheme: null,
  config_groups: {
    group_0: {
      targets: ['Linear', 'Embedding'],
      input_activations: null,
      output_activations: null,
      weights: {
        num_bits: 8,
        type: 'int',
        symmetric: true,
        strategy: 'channel',
        group_size: null,
        block_structure: null,
        dynamic: false,
        observer: 'minmax',
        observer_kwargs: {},
        actorder: null,
      },
    },
  },
};

/**
 * Writes a trained BERT token classifier with int8 matrices: `<name>.weight` I8 [rows, columns] and
 * `<name>.weight_scale` F32 [rows, 1]; biases, norms and the head stay F32. The tokenizer goes along.
 * @param labels of the classifier's outputs, in order
 * @throws Error naming the file that is missing or cannot be written
 */
export async function writeQuantisedFolder(
  trained: string,
  out: string,
  labels: readonly string[],
): Promise<void> {
  await mkdir(out, { recursive: true });
  const checkpoint = openSafetensors(path.join(trained, 'model.safetensors'));
  try {
    await writeSafetensors(path.join(out, 'model.safetensors'), quantisedTensors(checkpoint));
  } finally {
    checkpoint.close();
  }
  const config = JSON.parse(await readFile(path.join(trained, 'config.json'), 'utf8')) as object;
  await writeJson(out, 'config.json', quantisedConfig(config, labels));
  await copyFile(path.join(trained, 'tokenizer.json'), path.join(out, 'tokenizer.json'));
  await writeJson(out, 'tokenizer_config.json', {
    tokenizer_class: 'PreTrainedTokenizerFast',
    model_max_length: 512,
    clean_up_tokenization_spaces: false,
    ...specialTokens,
  });
  await writeJson(out, 'special_tokens_map.json', specialTokens);
}

/** Indented JSON, whole or not at all. */
export async function writeJson(folder: string, file: string, content: object): Promise<void> {
  await writeFileAtomic(path.join(folder, file), `${JSON.stringify(content, undefined, 2)}\n`);
}

function quantisedConfig(config: object, labels: readonly string[]): object {
  // What transformers notes down of itself says nothing of the model.
  const own = Object.entries(config).filter(
    ([key]) => !['transformers_version', 'dtype', 'torch_dtype', '_name_or_path'].includes(key),
  );
  return {
    classifier_dropout: 0.1,
    ...Object.fromEntries(own),
    architectures: ['BertForTokenClassification'],
    problem_type: 'multi_label_classification',
    id2label: Object.fromEntries(labels.map((label, i) => [i, label])),
    label2id: Object.fromEntries(labels.map((label, i) => [label, i])),
    quantization_config: quantisation,
  };
}

function quantisedTensors(checkpoint: Checkpoint): TensorToWrite[] {
  return [...checkpoint.tensors].flatMap(([name, { shape }]): TensorToWrite[] => {
    if (shape.length !== 2 || whole.some((module) => name.startsWith(module)))
      return [{ name, type: 'F32', shape, bytes: () => bytesOf(float32(checkpoint, name)) }];
    // The scales are written before the values: quantised twice, so that no second copy of the model is held.
    const rows = () => quantiseRows(float32(checkpoint, name), shape[0]!);
    return [
      { name, type: 'I8', shape, bytes: () => bytesOf(rows().values) },
      {
        name: scaleName(name),
        type: 'F32',
        shape: [shape[0]!, 1],
        bytes: () => bytesOf(rows().scales),
      },
    ];
  });
}

function float32(checkpoint: Checkpoint, name: string): Float32Array<ArrayBuffer> {
  const { type, shape } = checkpoint.tensors.get(name)!;
  if (type !== 'F32') throw new Error(`${checkpoint.file}: ${name} is ${type}, not F32`);
  const bytes = new Uint8Array(4 * shape.reduce((product, length) => product * length, 1));
  checkpoint.readInto(name, bytes);
  return toFloat32(bytes.buffer, 'F32');
}

const bytesOf = (values: Float32Array | Int8Array): Uint8Array =>
  new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
