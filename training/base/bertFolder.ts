import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { writeWholeFile } from '../../src/node/wholeFile';
import { replaceSafetensors } from '../../src/node/checkpoint/replaceSafetensors';
import type { TensorToWrite } from '../../src/node/checkpoint/replaceSafetensors';
import { specialTokens } from '../specialTokens';
import type { E5s1File, E5s1Sizes } from './e5s1';
import { tokenizerJson } from './tokenizerJson';

/** The modules of a layer, by the file's short names, under those of transformers' BertModel. */
const modules: Readonly<Record<string, string>> = {
  q: 'attention.self.query',
  k: 'attention.self.key',
  v: 'attention.self.value',
  ao: 'attention.output.dense',
  aln: 'attention.output.LayerNorm',
  fi: 'intermediate.dense',
  fo: 'output.dense',
  oln: 'output.LayerNorm',
};

/**
 * Writes the encoder as a Hugging Face folder: config.json, model.safetensors, the tokenizer's files.
 * @throws Error naming the tensor that is missing or has another size than the file's header says
 */
export async function writeBertFolder(folder: string, file: E5s1File): Promise<void> {
  await mkdir(folder, { recursive: true });
  await replaceSafetensors(path.join(folder, 'model.safetensors'), bertTensors(file));
  const write = (name: string, content: unknown): Promise<void> =>
    writeWholeFile(path.join(folder, name), `${JSON.stringify(content, undefined, 2)}\n`);
  await write('config.json', bertConfig(file.sizes));
  await write('tokenizer_config.json', {
    tokenizer_class: 'PreTrainedTokenizerFast',
    model_max_length: file.sizes.maxPositions,
    clean_up_tokenization_spaces: false,
    ...specialTokens,
  });
  await write('special_tokens_map.json', specialTokens);
  await writeWholeFile(path.join(folder, 'tokenizer.json'), JSON.stringify(tokenizerJson(file.pieces)));
}

function bertConfig(sizes: E5s1Sizes): object {
  return {
    architectures: ['BertModel'],
    model_type: 'bert',
    hidden_size: sizes.hiddenSize,
    num_hidden_layers: sizes.layers,
    num_attention_heads: sizes.heads,
    intermediate_size: sizes.intermediateSize,
    vocab_size: sizes.vocabSize,
    max_position_embeddings: sizes.maxPositions,
    type_vocab_size: sizes.tokenTypes,
    layer_norm_eps: sizes.normEpsilon,
    hidden_act: 'gelu',
    attention_probs_dropout_prob: 0.1,
    hidden_dropout_prob: 0.1,
    initializer_range: 0.02,
    pad_token_id: 1,
    bos_token_id: 0,
    eos_token_id: 2,
  };
}

/** The file's tensors under the names, and with the shapes, of transformers' BertModel. */
export function bertTensors({ sizes, tensors }: E5s1File): TensorToWrite[] {
  const { hiddenSize: width, vocabSize, maxPositions, tokenTypes, layers } = sizes;
  const take = (name: string): Float32Array => {
    const values = tensors.get(name);
    if (!values) throw new Error(`the tensor ${name} is missing`);
    return values;
  };
  return [
    tensor('embeddings.word_embeddings.weight', [vocabSize, width], take('emb.word')),
    tensor('embeddings.position_embeddings.weight', [maxPositions, width], take('emb.pos')),
    tensor('embeddings.token_type_embeddings.weight', [tokenTypes, width], allTypes(take('emb.type'), sizes)),
    tensor('embeddings.LayerNorm.weight', [width], take('emb.ln.w')),
    tensor('embeddings.LayerNorm.bias', [width], take('emb.ln.b')),
    ...Array.from({ length: layers }, (_, layer) => layer).flatMap((layer) =>
      Object.entries(modules).flatMap(([short, module]) => {
        const [weight, bias] = [take(`l${layer}.${short}.w`), take(`l${layer}.${short}.b`)];
        const shape = short.endsWith('ln') ? [width] : [bias.length, weight.length / bias.length];
        const name = `encoder.layer.${layer}.${module}`;
        return [tensor(`${name}.weight`, shape, weight), tensor(`${name}.bias`, [bias.length], bias)];
      }),
    ),
  ];
}

/** The file holds the one token type that is used; the others are copies of it. */
function allTypes(one: Float32Array, { tokenTypes, hiddenSize }: E5s1Sizes): Float32Array {
  return Float32Array.from({ length: tokenTypes * hiddenSize }, (_, i) => one[i % one.length]!);
}

function tensor(name: string, shape: readonly number[], values: Float32Array): TensorToWrite {
  const elements = shape.reduce((product, length) => product * length, 1);
  if (values.length !== elements)
    throw new Error(
      `the tensor ${name} has ${values.length} elements, [${shape.join(', ')}] needs ${elements}`,
    );
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  return { name, type: 'F32', shape, elements: () => bytes };
}
