/** Groups of notes that say nearly the same, as indices in the order given; each group has at least two. */
export type Groups = readonly (readonly number[])[];

const SHINGLE = 5;
const BANDS = 16;
const ROWS = 4;
/** How many notes of one bucket a note is compared with: keeps a corpus of templates linear. */
const COMPARED = 8;

/**
 * Notes whose sets of five-word shingles have a Jaccard similarity of at least `threshold` (0 to 1), joined into
 * groups. Candidates come from MinHash signatures of 64 values in 16 bands (Broder 1997; Leskovec, Rajaraman and
 * Ullman, "Mining of Massive Datasets", chapter 3) and are checked on the sets, so a pair that is given is one; of
 * pairs at 0.8 about one in 4,600 is missed, and of one bucket only the first notes are compared with. Case and white space do not count. Linear in the length of the texts.
 */
export function nearDuplicates(texts: readonly string[], threshold = 0.8): Groups {
  const shingles = texts.map(shingleHashes);
  const parent = texts.map((_, i) => i);
  const find = (i: number): number => {
    let root = i;
    while (parent[root] !== root) root = parent[root] = parent[parent[root]!]!;
    return root;
  };
  const signatures = shingles.map(signature);
  for (let band = 0; band < BANDS; band++) {
    const buckets = new Map<string, number[]>();
    for (const [i, values] of signatures.entries()) {
      if (!values) continue;
      const key = values.subarray(band * ROWS, (band + 1) * ROWS).join();
      const bucket = buckets.get(key);
      if (!bucket) buckets.set(key, [i]);
      else {
        for (const other of bucket) {
          if (find(i) !== find(other) && jaccard(shingles[i]!, shingles[other]!) >= threshold)
            parent[find(i)] = find(other);
        }
        if (bucket.length < COMPARED) bucket.push(i);
      }
    }
  }
  return groupsOf(texts.length, find);
}

/** Indices with the same key, where there are several. */
export function sameKey<T>(items: readonly T[], key: (item: T) => string): Groups {
  const groups = new Map<string, number[]>();
  for (const [i, item] of items.entries()) {
    const group = groups.get(key(item));
    if (group) group.push(i);
    else groups.set(key(item), [i]);
  }
  return [...groups.values()].filter((group) => group.length > 1);
}

function groupsOf(count: number, find: (i: number) => number): Groups {
  const indices = Array.from({ length: count }, (_, i) => i);
  return sameKey(indices, (i) => String(find(i)));
}

/** Hashes of every five words in a row; of all of them together where there are fewer. */
function shingleHashes(text: string): ReadonlySet<number> {
  const words = (text.toLowerCase().match(/[\p{L}\p{M}\p{N}]+/gu) ?? []).map(hashWord);
  const hashes = new Set<number>();
  if (words.length === 0) return hashes;
  for (let i = 0; i + SHINGLE <= words.length || i === 0; i++) {
    hashes.add(words.slice(i, i + SHINGLE).reduce((hash, word) => mix(hash ^ word), 0x9e3779b9));
  }
  return hashes;
}

/** FNV-1a over UTF-16 units. */
function hashWord(word: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < word.length; i++) hash = Math.imul(hash ^ word.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}

/** The finaliser of MurmurHash3. */
function mix(value: number): number {
  let hash = value;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

const seeds = Uint32Array.from({ length: BANDS * ROWS }, (_, k) => mix(k + 1));

/** The least hash of a set under each of 64 hash functions; undefined for a text without words. */
function signature(hashes: ReadonlySet<number>): Uint32Array | undefined {
  if (hashes.size === 0) return undefined;
  const least = new Uint32Array(seeds.length).fill(0xffffffff);
  for (const hash of hashes) {
    for (let k = 0; k < seeds.length; k++) {
      const value = mix(hash ^ seeds[k]!);
      if (value < least[k]!) least[k] = value;
    }
  }
  return least;
}

function jaccard(a: ReadonlySet<number>, b: ReadonlySet<number>): number {
  const [small, large] = a.size <= b.size ? [a, b] : [b, a];
  let shared = 0;
  for (const hash of small) if (large.has(hash)) shared++;
  return shared / (a.size + b.size - shared);
}
