/** Of a repository's files, what is asked of them here. */
export interface NamedFile {
  readonly path: string;
}

/** The files of a tokenizer that Anamnese reads; slow tokenizers of transformers need others. */
const TOKENIZER = ['tokenizer.json', 'tokenizer_config.json', 'special_tokens_map.json', 'added_tokens.json'];

/** Weights in the order of preference: safetensors before pickles, one file before shards. */
const WEIGHTS: readonly { readonly first: string; readonly shards?: RegExp }[] = [
  { first: 'model.safetensors' },
  { first: 'model.safetensors.index.json', shards: /^model-\d{5}-of-\d{5}\.safetensors$/ },
  { first: 'pytorch_model.bin' },
  { first: 'pytorch_model.bin.index.json', shards: /^pytorch_model-\d{5}-of-\d{5}\.bin$/ },
];

/** Settings of prediction and the notes that were learnt from, where the encoder is one that Anamnese trained. */
const OWN = ['anamnese.json'];

/**
 * The files that an encoder is loaded from, and none besides: config.json, one form of the weights, the tokenizer.
 * `vocab.txt` is only taken where there is no `tokenizer.json`.
 * @throws Error saying what the repository or folder lacks
 */
export function chooseEncoderFiles<File extends NamedFile>(files: readonly File[]): File[] {
  const names = new Set(files.map(({ path }) => path));
  if (!names.has('config.json')) throw new Error('there is no config.json: this is no encoder');
  const weights = WEIGHTS.find(({ first }) => names.has(first));
  if (!weights)
    throw new Error(`there are no weights: none of ${WEIGHTS.map((one) => one.first).join(', ')}`);
  const vocabulary = names.has('tokenizer.json') ? [] : ['vocab.txt'];
  if (vocabulary.length > 0 && !names.has('vocab.txt'))
    throw new Error('there is no tokenizer that can be read: neither tokenizer.json nor vocab.txt');
  const wanted = new Set(['config.json', ...TOKENIZER, ...vocabulary, ...OWN, weights.first]);
  return files.filter(({ path }) => wanted.has(path) || weights.shards?.test(path));
}
