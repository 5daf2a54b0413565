import type { BpeTables } from './models/bpeTables';
import { bpeTables } from './models/bpeTables';
import { parseTokenizerJson } from './schema/files';

/** A tokenizer.json in a form that is read in a fraction of its time and memory. */
export interface CompactTokenizer {
  /** The parsed tokenizer.json without its `model`. */
  readonly steps: object;
  readonly tables: BpeTables;
}

/** Changes whenever files written before would be read wrongly. */
export const COMPACT_VERSION = 1;

const MAGIC = `anamnese-tokenizer-${COMPACT_VERSION}\n`;

/** What is not an array, as JSON in front of the arrays. */
interface Header {
  readonly steps: object;
  readonly unknownId: number | null;
  readonly fusesUnknown: boolean;
  readonly cutsAtSpaces: boolean;
  /** Of the arrays, in elements. */
  readonly lengths: readonly number[];
}

/**
 * The compact form of a parsed tokenizer.json; undefined where it has none, since its model is no byte-pair encoding or
 * looks up whole words. Throws TokenizerFileError.
 */
export function compactOf(tokenizerJson: unknown): CompactTokenizer | undefined {
  const { model } = parseTokenizerJson(tokenizerJson);
  if (model.type !== 'BPE' || model.ignore_merges) return undefined;
  const steps: Record<string, unknown> = { ...(tokenizerJson as object) };
  delete steps.model;
  return { steps, tables: bpeTables(model) };
}

/** The bytes of a compact tokenizer: a line that names the format, a header's length, the header, and arrays of int32. */
export function compactToBytes({ steps, tables }: CompactTokenizer): Uint8Array {
  const arrays = arraysOf(tables);
  const { unknownId = null, fusesUnknown, cutsAtSpaces } = tables;
  const lengths = arrays.map(({ length }) => length);
  const header: Header = { steps, unknownId, fusesUnknown, cutsAtSpaces, lengths };
  const text = new TextEncoder().encode(JSON.stringify(header));
  const start = startOfArrays(text.length);
  const bytes = new Uint8Array(start + 4 * lengths.reduce((sum, length) => sum + length, 0));
  bytes.set(new TextEncoder().encode(MAGIC));
  new DataView(bytes.buffer).setUint32(MAGIC.length, text.length, true);
  bytes.set(text, MAGIC.length + 4);
  let at = start;
  for (const array of arrays) {
    bytes.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength), at);
    at += array.byteLength;
  }
  return bytes;
}

/** Reads such bytes; undefined where they are of another version or were cut off. */
export function compactFromBytes(bytes: Uint8Array): CompactTokenizer | undefined {
  const decoder = new TextDecoder();
  if (decoder.decode(bytes.subarray(0, MAGIC.length)) !== MAGIC || bytes.length < MAGIC.length + 4)
    return undefined;
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(MAGIC.length, true);
  const start = startOfArrays(length);
  if (bytes.length < start) return undefined;
  const text = decoder.decode(bytes.subarray(MAGIC.length + 4, MAGIC.length + 4 + length));
  const { steps, unknownId, lengths, ...rest } = JSON.parse(text) as Header;
  // A copy of its own: a subclass's slice may share memory, at any place.
  const arrays = arraysFrom(new Uint8Array(bytes.subarray(start)).buffer, lengths);
  return (
    arrays && {
      steps,
      tables: { ...tablesOf(arrays), ...rest, unknownId: unknownId ?? undefined, whole: undefined },
    }
  );
}

const startOfArrays = (header: number): number => Math.ceil((MAGIC.length + 4 + header) / 4) * 4;

function arraysOf({ codePoints, codePointIds, merges, bytes }: BpeTables): Int32Array[] {
  return [codePoints, codePointIds, merges.lefts, merges.rights, merges.results, bytes];
}

function tablesOf([codePoints, codePointIds, lefts, rights, results, bytes]: readonly Int32Array[]) {
  return {
    codePoints: codePoints!,
    codePointIds: codePointIds!,
    merges: { lefts: lefts!, rights: rights!, results: results! },
    bytes: bytes!,
  };
}

function arraysFrom(buffer: ArrayBuffer, lengths: readonly number[]): Int32Array[] | undefined {
  if (buffer.byteLength !== 4 * lengths.reduce((sum, length) => sum + length, 0)) return undefined;
  let at = 0;
  return lengths.map((length) => {
    const array = new Int32Array(buffer, at, length);
    at += array.byteLength;
    return array;
  });
}
