import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { shortName } from '../src/core/library/names';
import { PUBLISHED_ENCODERS } from '../src/core/library/published';
import { randomBelow, seededRng } from '../src/core/random';
import { writeSafetensors } from '../src/node/checkpoint/writeSafetensors';
import { OUTPUTS } from './trainShapes';

/** The nine encoders of the study, by the folder of their true shape in test/oracles/published. */
export const publishedEncoders = PUBLISHED_ENCODERS.map(({ id }) => shortName(id));

interface TrueShape {
  readonly config: Readonly<Record<string, unknown>> & {
    readonly hidden_size: number;
    readonly vocab_size: number;
  };
  readonly weights: Readonly<Record<string, readonly [number[], number | null, number | null]>>;
}

/** What a safetensors file leaves out, since it is another weight again. */
const TIED = ['decoder.weight', 'cls.predictions.decoder.weight', 'cls.predictions.decoder.bias'];

/**
 * Writes an encoder at its true size: the configuration and weight names of its repository, random weights, and a
 * classifier. Of the tokenizer only mmBERT's vocabulary is the real one; the others are as large and cut Portuguese
 * about as finely (WordPiece), or more finely (ModernBERT's).
 */
export async function writePublishedEncoder(root: string, folder: string, name: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const file = path.join(root, 'test', 'oracles', 'published', name, 'true.json');
  const { config, weights } = JSON.parse(await readFile(file, 'utf8')) as TrueShape;
  const id2label = Object.fromEntries(Array.from({ length: OUTPUTS }, (_, id) => [id, `L${id}`]));
  const problem = { id2label, label2id: undefined, problem_type: 'multi_label_classification' };
  await writeFile(path.join(folder, 'config.json'), JSON.stringify({ ...config, ...problem }));
  await writeTokenizer(root, folder, config);
  const entries = [...expanded(weights), ...classifier(config.hidden_size)];
  await writeSafetensors(path.join(folder, 'model.safetensors'), entries, randomTensors(entries));
}

interface Entry {
  readonly name: string;
  readonly shape: readonly number[];
}

/** A "*" stands for the layers from the first to the last. */
function expanded(weights: TrueShape['weights']): Entry[] {
  return Object.entries(weights).flatMap(([name, [shape, first, last]]) => {
    if (TIED.includes(name)) return [];
    const layers = Array.from({ length: (last ?? 0) - (first ?? 0) + 1 }, (_, i) => (first ?? 0) + i);
    return layers.map((layer) => ({ name: name.replace('*', String(layer)), shape }));
  });
}

const classifier = (width: number): Entry[] => [
  { name: 'classifier.weight', shape: [OUTPUTS, width] },
  { name: 'classifier.bias', shape: [OUTPUTS] },
];

/** Drawn once and repeated from another place each time: hundreds of millions of numbers would take longer than the rest. */
async function* randomTensors(entries: readonly Entry[]) {
  const rng = seededRng(1);
  const drawn = Float32Array.from({ length: 1_000_003 }, () => 0.04 * (rng() - 0.5));
  for (const { name, shape } of entries) {
    const values = new Float32Array(shape.reduce((product, length) => product * length, 1));
    if (/norm\.weight$/i.test(name)) values.fill(1);
    else for (let at = 0; at < values.length; at += drawn.length) copyFrom(drawn, values, at, rng);
    yield await Promise.resolve({ name, values });
  }
}

function copyFrom(drawn: Float32Array, values: Float32Array, at: number, rng: () => number): void {
  const from = randomBelow(drawn.length, rng);
  const first = drawn.subarray(from, from + values.length - at);
  values.set(first, at);
  const left = Math.min(drawn.length - first.length, values.length - at - first.length);
  values.set(drawn.subarray(0, left), at + first.length);
}

async function writeTokenizer(root: string, folder: string, { model_type, vocab_size }: TrueShape['config']) {
  if (model_type !== 'modernbert') return writeWordPieces(root, folder, vocab_size);
  const gemma = path.join(root, 'node_modules', '@lenml', 'tokenizer-gemini', 'models');
  const byteLevel = path.join(root, 'test', 'oracles', 'tokenizers', 'byte-level');
  const from = vocab_size === 256_000 ? gemma : byteLevel;
  for (const name of ['tokenizer.json', 'tokenizer_config.json'])
    await copyFile(path.join(from, name), path.join(folder, name));
}

/** The default model's pieces in WordPiece's spelling, cut off or filled up to the size of the vocabulary. */
async function writeWordPieces(root: string, folder: string, size: number): Promise<void> {
  const file = path.join(root, 'models', 'anamnese-default', 'tokenizer.json');
  const { model } = JSON.parse(await readFile(file, 'utf8')) as { model: { vocab: [string, number][] } };
  const pieces = model.vocab.map(([piece]) => (piece.startsWith('▁') ? piece.slice(1) : `##${piece}`));
  const letters = Array.from({ length: 0x180 - 0x21 }, (_, i) => String.fromCharCode(0x21 + i));
  const known = [
    '[PAD]',
    '[UNK]',
    '[CLS]',
    '[SEP]',
    '[MASK]',
    ...letters,
    ...letters.map((letter) => `##${letter}`),
  ];
  const all = [...new Set([...known, ...pieces.filter((piece) => piece !== '')])];
  const filling = Array.from({ length: Math.max(0, size - all.length) }, (_, i) => `[unused${i}]`);
  await writeFile(path.join(folder, 'vocab.txt'), [...all, ...filling].slice(0, size).join('\n') + '\n');
  await writeFile(
    path.join(folder, 'tokenizer_config.json'),
    JSON.stringify({ do_lower_case: false, max_len: 512 }),
  );
}
