// Invented notes and ways to break files, for the fuzzing of the corpus readers.
import type { CorpusDocument } from '../src/core/corpus/document';

/** mulberry32: a small seeded generator of numbers in [0, 1). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const words = [
  'Pcte',
  'dor',
  'em',
  'MMII',
  '😀',
  'dispne\u0301ia',
  'PA',
  '120/80',
  '<',
  '&',
  '\r\n',
  '\n',
  '"',
  '#',
  '⟦',
];
const labels = ['Disorders', 'Concepts & Ideas', 'Anatomy', 'ER', 'Tipo histológico'];

/** Invented notes with astral characters, decomposed letters, line breaks, nested and discontinuous spans. */
export function inventedDocuments(count: number, rng: () => number): CorpusDocument[] {
  const pick = <T>(items: readonly T[]): T => items[Math.floor(rng() * items.length)]!;
  return Array.from({ length: count }, (_, i) => {
    const text = Array.from({ length: 4 + Math.floor(rng() * 30) }, () => pick(words)).join(' ');
    const edges = [...text.matchAll(/\S+/g)].map(
      (match) => [match.index, match.index + match[0].length] as const,
    );
    const marks = edges.length === 0 ? 0 : Math.floor(rng() * 6);
    const annotations = Array.from({ length: marks }, () => {
      const first = Math.floor(rng() * edges.length);
      const last = Math.min(edges.length - 1, first + Math.floor(rng() * 3));
      return { label: pick(labels), fragments: [{ start: edges[first]![0], end: edges[last]![1] }] };
    });
    return { id: `nota${i + 1}`, text, annotations };
  });
}

const pieces = [
  '"',
  '{',
  '}',
  '[',
  ']',
  '<',
  '>',
  '\\',
  '\t',
  '\n',
  '\0',
  '\ufeff',
  '999999999',
  '-1',
  '&',
  '🫀',
  ';',
];

/** A file with one to four random wounds: bytes gone, doubled, changed, or something put in. */
export function mutate(bytes: Uint8Array, rng: () => number): Uint8Array {
  let wounded = bytes;
  for (let k = 1 + Math.floor(rng() * 4); k > 0; k--) wounded = wound(wounded, rng);
  return wounded;
}

/** A file that ends too early. */
export function cutOff(bytes: Uint8Array, rng: () => number): Uint8Array {
  return bytes.subarray(0, Math.floor(rng() * bytes.length));
}

function wound(bytes: Uint8Array, rng: () => number): Uint8Array {
  const at = Math.floor(rng() * (bytes.length + 1));
  const end = Math.min(bytes.length, at + 1 + Math.floor(rng() * 20));
  const [head, middle, tail] = [bytes.subarray(0, at), bytes.subarray(at, end), bytes.subarray(end)];
  const piece = new TextEncoder().encode(pieces[Math.floor(rng() * pieces.length)]);
  const kinds = [
    [head, tail],
    [head, middle, middle, tail],
    [head, piece, middle, tail],
    [head, Uint8Array.of(Math.floor(rng() * 256)), tail],
  ];
  return concat(kinds[Math.floor(rng() * kinds.length)]!);
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
