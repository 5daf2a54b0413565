import { TokenizerFileError } from '../fileError';

/**
 * SentencePiece's compiled character map: a Darts-clone double array from UTF-8 keys to offsets in a pool of
 * NUL-terminated replacements. Layout: byte length of the array (u32), the array (u32 units), the pool.
 */
export interface Charsmap {
  /** The replacement of the shortest key that begins the text, as the reference looks it up; undefined if none. */
  lookUp(text: string): string | undefined;
}

// The bit fields of a Darts-clone unit: see darts.h, DoubleArrayUnit.
const hasLeaf = (unit: number): boolean => ((unit >>> 8) & 1) === 1;
const value = (unit: number): number => unit & 0x7fffffff;
const label = (unit: number): number => (unit & 0x800000ff) >>> 0;
const offset = (unit: number): number => (unit >>> 10) << ((unit & 0x200) >>> 6);

/** Reads a charsmap from its base64. Throws TokenizerFileError. */
export function readCharsmap(base64: string): Charsmap {
  const { units, pool } = unpack(base64);
  const encoder = new TextEncoder();
  const decoder = new TextDecoder();
  return {
    lookUp(text) {
      const at = shortestMatch(units, encoder.encode(text));
      return at === undefined ? undefined : decoder.decode(pool.subarray(at, pool.indexOf(0, at)));
    },
  };
}

function unpack(base64: string): { units: Uint32Array; pool: Uint8Array } {
  try {
    const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
    const view = new DataView(bytes.buffer);
    const size = view.getUint32(0, true);
    const units = Uint32Array.from({ length: size >> 2 }, (_, i) => view.getUint32(4 + 4 * i, true));
    return { units, pool: bytes.subarray(4 + size) };
  } catch {
    throw new TokenizerFileError('tokenizer.json', 'normalizer: the precompiled_charsmap is damaged');
  }
}

function shortestMatch(units: Uint32Array, key: Uint8Array): number | undefined {
  let position = offset(units[0] ?? 0);
  for (const byte of key) {
    if (byte === 0) return undefined;
    position ^= byte;
    const unit = units[position] ?? 0;
    if (label(unit) !== byte) return undefined;
    position ^= offset(unit);
    if (hasLeaf(unit)) return value(units[position] ?? 0);
  }
  return undefined;
}
