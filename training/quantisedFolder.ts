import { copyFile, mkdir } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import type { Checkpoint } from '../src/core/encoder/checkpoint';
import { quantiseRows } from '../src/core/encoder/quantise';
import { scaleName } from '../src/core/encoder/weightNames';
import { bytesOf } from '../src/core/graph/graphBuilder';
import { openSafetensors } from '../src/node/checkpoint/safetensors';
import type { TensorToWrite } from '../src/node/checkpoint/replaceSafetensors';
import { replaceSafetensors } from '../src/node/checkpoint/replaceSafetensors';
import type { DropoutRates } from '../src/core/train/engine';
import { floatTensor } from './floatTensor';
import { readJson, writeJson } from './jsonFiles';
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

/** A trained BERT token classifier: its weights in F32, and the folder of the encoder that it began as. */
export interface Trained {
  /** model.safetensors, names with their prefix (`bert.…`). */
  readonly weights: string;
  /** The folder with config.json and tokenizer.json. */
  readonly encoder: string;
  /** Of the classifier's outputs, in order. */
  readonly labels: readonly string[];
  readonly dropout: DropoutRates;
}

/**
 * Writes a trained classifier with int8 matrices: `<name>.weight` I8 [rows, columns] and `<name>.weight_scale` F32
 * [rows, 1]; biases, norms and the head stay F32. The tokenizer goes along.
 * @throws Error naming the file that is missing or cannot be written
 */
export async function writeQuantisedFolder(trained: Trained, out: string): Promise<void> {
  const config = await bertConfig(trained.encoder);
  await mkdir(out, { recursive: true });
  const checkpoint = openSafetensors(trained.weights);
  try {
    await replaceSafetensors(path.join(out, 'model.safetensors'), quantisedTensors(checkpoint));
  } finally {
    checkpoint.close();
  }
  await writeJson(out, 'config.json', quantisedConfig(config, trained));
  await copyFile(path.join(trained.encoder, 'tokenizer.json'), path.join(out, 'tokenizer.json'));
  await writeJson(out, 'tokenizer_config.json', {
    tokenizer_class: 'PreTrainedTokenizerFast',
    model_max_length: 512,
    clean_up_tokenization_spaces: false,
    ...specialTokens,
  });
  await writeJson(out, 'special_tokens_map.json', specialTokens);
}

/** Any object: its keys are passed on in their order. */
const configSchema = z.record(z.string(), z.unknown());

/** @throws Error where the folder's encoder is no BERT, whose weights have other names */
async function bertConfig(folder: string): Promise<object> {
  const file = path.join(folder, 'config.json');
  const config = await readJson(file, configSchema);
  if (config.model_type === 'bert') return config;
  throw new Error(`${file}: model_type is ${String(config.model_type)}; the default model is a BERT`);
}

function quantisedConfig(config: object, { labels, dropout }: Trained): object {
  // What transformers notes down of itself says nothing of the model.
  const own = Object.entries(config).filter(
    ([key]) => !['transformers_version', 'dtype', 'torch_dtype', '_name_or_path'].includes(key),
  );
  return {
    ...Object.fromEntries(own),
    architectures: ['BertForTokenClassification'],
    hidden_dropout_prob: dropout.hidden,
    attention_probs_dropout_prob: dropout.attention,
    classifier_dropout: dropout.classifier,
    problem_type: 'multi_label_classification',
    id2label: Object.fromEntries(labels.map((label, i) => [i, label])),
    label2id: Object.fromEntries(labels.map((label, i) => [label, i])),
    quantization_config: quantisation,
  };
}

function quantisedTensors(checkpoint: Checkpoint): TensorToWrite[] {
  return [...checkpoint.tensors].flatMap(([name, { shape }]): TensorToWrite[] => {
    if (shape.length !== 2 || whole.some((module) => name.startsWith(module)))
      return [{ name, type: 'F32', shape, elements: () => bytesOf(floatTensor(checkpoint, name)) }];
    // The scales are written before the values: quantised twice, so that no second copy of the model is held.
    const rows = () => quantiseRows(floatTensor(checkpoint, name), shape[0]!);
    return [
      { name, type: 'I8', shape, elements: () => bytesOf(rows().values) },
      {
        name: scaleName(name),
        type: 'F32',
        shape: [shape[0]!, 1],
        elements: () => bytesOf(rows().scales),
      },
    ];
  });
}
