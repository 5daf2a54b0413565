/** A chunk tag: which scheme's prefix, and the label; a bare label is IO. */
export interface ChunkTag {
  readonly prefix: 'O' | 'B' | 'I' | 'E' | 'S' | '';
  readonly label: string;
}

/** A chunk over the tokens `first..last`, inclusive. */
export interface Chunk {
  readonly first: number;
  readonly last: number;
  readonly label: string;
}

export type ChunkScheme = 'IOB1' | 'IOB2' | 'BIOES';

const same: Readonly<Record<string, ChunkTag['prefix']>> = {
  B: 'B',
  I: 'I',
  E: 'E',
  S: 'S',
  L: 'E',
  U: 'S',
  M: 'I',
  W: 'S',
};

/** Reads `O`, `B-X`, `I-X`, BIOES's `E-X` and `S-X` (also BILOU's `L` and `U`), or a bare label. */
export function parseTag(tag: string): ChunkTag {
  if (tag === 'O' || tag === '_' || tag === '') return { prefix: 'O', label: '' };
  const match = /^([BIESLUMW])[-_](.+)$/.exec(tag);
  return match ? { prefix: same[match[1]!]!, label: match[2]! } : { prefix: '', label: tag };
}

/**
 * Chunks of a sequence of tags by the rules of conlleval, which read IOB1, IOB2, BIOES and bare labels alike. `odd` is
 * called for a tag that no scheme allows in its place; it begins a chunk of its own.
 */
export function chunksOf(tags: readonly ChunkTag[], odd: (at: number) => void): Chunk[] {
  const chunks: Chunk[] = [];
  const ending = tags.some(({ prefix }) => prefix === 'E' || prefix === 'S');
  let open: { first: number; label: string } | undefined;
  const close = (last: number): void => {
    if (open) chunks.push({ ...open, last });
    open = undefined;
  };
  for (const [i, { prefix, label }] of tags.entries()) {
    const before = tags[i - 1];
    const goes =
      open !== undefined && open.label === label && !/[BSO]/.test(prefix) && !/[ES]/.test(before!.prefix);
    if (!goes) close(i - 1);
    if (prefix === 'O') continue;
    // I without B is IOB1 where nothing ends with E; E without a beginning is no scheme.
    if (!goes && (prefix === 'E' || (prefix === 'I' && ending))) odd(i);
    open ??= { first: i, label };
    if (i === tags.length - 1) close(i);
  }
  return chunks;
}

/** The tags of chunks that do not overlap, over `length` tokens; `undefined` chunk boundaries get `O`. */
export function tagsOf(chunks: readonly Chunk[], length: number, scheme: ChunkScheme): string[] {
  const tags = new Array<string>(length).fill('O');
  const sorted = [...chunks].sort((a, b) => a.first - b.first);
  for (const [k, { first, last, label }] of sorted.entries()) {
    const before = sorted[k - 1];
    const touches = before !== undefined && before.last === first - 1 && before.label === label;
    for (let i = first; i <= last; i++) tags[i] = `${prefixAt(i, first, last, scheme, touches)}-${label}`;
  }
  return tags;
}

function prefixAt(at: number, first: number, last: number, scheme: ChunkScheme, touches: boolean): string {
  if (scheme === 'IOB1') return at === first && touches ? 'B' : 'I';
  if (scheme === 'IOB2') return at === first ? 'B' : 'I';
  if (first === last) return 'S';
  if (at === first) return 'B';
  return at === last ? 'E' : 'I';
}
