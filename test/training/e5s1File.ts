import type { E5s1File } from '../../training/base/e5s1';
import { seededRng } from '../../src/core/random';

/** Writes little-endian bytes. */
class Writer {
  private readonly chunks: Buffer[] = [];

  uint8(value: number): this {
    return this.bytes(Buffer.from([value]));
  }

  uint16(value: number): this {
    const bytes = Buffer.alloc(2);
    bytes.writeUInt16LE(value);
    return this.bytes(bytes);
  }

  uint32(...values: number[]): this {
    return this.bytes(Buffer.from(Uint32Array.from(values).buffer));
  }

  uint64(value: number): this {
    const bytes = Buffer.alloc(8);
    bytes.writeBigUInt64LE(BigInt(value));
    return this.bytes(bytes);
  }

  float32(...values: number[]): this {
    return this.bytes(Buffer.from(Float32Array.from(values).buffer));
  }

  bytes(bytes: Uint8Array): this {
    this.chunks.push(Buffer.from(bytes));
    return this;
  }

  get length(): number {
    return this.chunks.reduce((sum, chunk) => sum + chunk.length, 0);
  }

  all(): Buffer {
    return Buffer.concat(this.chunks);
  }
}

/** An E5S1 file with these contents; tensors whose bytes are given as Q4_0 blocks are written so. */
export function e5s1Bytes(
  { sizes, pieces, characters, tensors }: E5s1File,
  blocks: ReadonlyMap<string, Uint8Array>,
): Buffer {
  const words = pieces.map(([piece]) => Buffer.from(piece));
  const ends = words.reduce((all, word) => [...all, all.at(-1)! + word.length], [0]);
  const writer = new Writer().bytes(Buffer.from('E5S1')).uint32(1);
  writer.uint32(sizes.hiddenSize, sizes.layers, sizes.heads, sizes.intermediateSize, sizes.vocabSize);
  writer.uint32(sizes.maxPositions, sizes.tokenTypes).float32(sizes.normEpsilon).uint32(32);
  writer
    .uint32(pieces.length, 0, 2, 1, 3)
    .uint64(ends.at(-1)!)
    .uint32(...ends);
  writer.float32(...pieces.map(([, score]) => score)).bytes(Buffer.concat(words));
  writer.uint32(characters.size, 0);
  for (const [from, to] of characters) {
    const points = Array.from(to, (character) => character.codePointAt(0)!);
    writer
      .uint32(from.codePointAt(0)!)
      .uint8(points.length)
      .uint32(...points);
  }
  writer.uint32(tensors.size);
  const entry = (name: string): number => 2 + Buffer.byteLength(name) + 1 + 4 + 8 + 8;
  let offset = writer.length + [...tensors.keys()].reduce((sum, name) => sum + entry(name), 0);
  const data: Uint8Array[] = [];
  for (const [name, values] of tensors) {
    const bytes = blocks.get(name) ?? Buffer.from(values.buffer);
    writer.uint16(Buffer.byteLength(name)).bytes(Buffer.from(name));
    writer
      .uint8(blocks.has(name) ? 2 : 0)
      .uint32(values.length)
      .uint64(offset)
      .uint64(bytes.length);
    data.push(bytes);
    offset += bytes.length;
  }
  for (const bytes of data) writer.bytes(bytes);
  return writer.all();
}

const width = 32;
const inner = 64;

/** A tiny encoder with random weights and pieces for every letter. */
export function tinyE5s1(words: readonly string[] = []): E5s1File {
  const letters = Array.from('abcdefghijklmnopqrstuvwxyzáàâãéêíóôõúüç0123456789.,;:()/+-º%#', (c) => c);
  const all = [...letters, ...letters.map((c) => c.toUpperCase()).filter((c) => !letters.includes(c))];
  const pieces: (readonly [string, number])[] = [
    ...(['<s>', '<pad>', '</s>', '<unk>'] as const).map((piece) => [piece, 0] as const),
    ['▁', -3],
    ...words.map((word) => [`▁${word}`, -4] as const),
    ...all.map((letter) => [letter, -8] as const),
  ];
  const rng = seededRng(5);
  const random = (size: number): Float32Array => Float32Array.from({ length: size }, () => rng() - 0.5);
  const ones = new Float32Array(width).fill(1);
  const [layers, maxPositions] = [1, 512];
  const linear = (name: string, outputs: number, inputs: number): [string, Float32Array][] => [
    [`${name}.w`, random(outputs * inputs)],
    [`${name}.b`, random(outputs)],
  ];
  const norm = (name: string): [string, Float32Array][] => [
    [`${name}.w`, ones],
    [`${name}.b`, new Float32Array(width)],
  ];
  const tensors = new Map<string, Float32Array>([
    ['emb.word', random(pieces.length * width)],
    ['emb.pos', random(maxPositions * width)],
    ['emb.type', random(width)],
    ...norm('emb.ln'),
    ...['q', 'k', 'v', 'ao'].flatMap((name) => linear(`l0.${name}`, width, width)),
    ...norm('l0.aln'),
    ...linear('l0.fi', inner, width),
    ...linear('l0.fo', width, inner),
    ...norm('l0.oln'),
  ]);
  const sizes = {
    ...{ hiddenSize: width, layers, heads: 4, intermediateSize: inner, vocabSize: pieces.length },
    ...{ maxPositions, tokenTypes: 2, normEpsilon: 1e-12 },
  };
  return { sizes, pieces, characters: new Map([['ﬁ', 'fi']]), tensors };
}
