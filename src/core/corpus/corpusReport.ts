import type { Span } from '../text/entity';
import type { Agreement } from './agreement';
import { agreement, placeKey } from './agreement';
import type { Annotation, CorpusDocument, Problem, ReadResult } from './document';
import { nearDuplicates, sameKey } from './nearDuplicates';
import { countTokens } from './wordTokens';

/** The spread of a number over notes; quantiles by linear interpolation (Hyndman and Fan's type 7). */
export interface Distribution {
  readonly min: number;
  readonly quarter: number;
  readonly median: number;
  readonly threeQuarters: number;
  readonly p95: number;
  readonly max: number;
  readonly mean: number;
}

/** Pairs of annotations of one note that share characters. */
export interface Overlaps {
  /** One lies inside the other, and they differ in place. */
  readonly nested: number;
  /** Each has characters that the other has not. */
  readonly crossing: number;
  /** The same place under different labels. */
  readonly sameSpan: number;
  /** The same place and label twice. */
  readonly repeated: number;
}

/** What a corpus holds. Tokens are runs of letters and digits, or single other visible characters (`wordTokens`). */
export interface CorpusReport {
  readonly notes: number;
  readonly uniqueTexts: number;
  readonly annotators: readonly string[];
  readonly groups: number;
  readonly characters: number;
  readonly tokens: number;
  readonly entities: number;
  readonly notesWithoutEntities: number;
  /** By label, the most frequent first. */
  readonly labels: ReadonlyMap<string, { readonly entities: number; readonly notes: number }>;
  readonly charactersPerNote: Distribution;
  readonly tokensPerNote: Distribution;
  readonly entitiesPerNote: Distribution;
  readonly discontinuous: number;
  readonly overlaps: Overlaps;
  /** Ids of notes with the very same text, and of notes whose texts are nearly the same. */
  readonly duplicates: readonly (readonly string[])[];
  readonly nearDuplicates: readonly (readonly string[])[];
  readonly agreement?: Agreement;
  readonly problems: readonly Problem[];
}

/** Describes a corpus in time linear in its text (and in the pairs of overlapping annotations). */
export function describeCorpus({ documents, problems }: ReadResult): CorpusReport {
  const same = sameKey(documents, ({ text }) => text);
  const firsts = firstOfEachText(documents);
  const near = nearDuplicates(firsts.map(({ text }) => text));
  const tokens = documents.map(({ text }) => countTokens(text));
  const agreed = agreement(documents);
  const annotations = documents.flatMap((document) => document.annotations);
  return {
    notes: documents.length,
    uniqueTexts: firsts.length,
    annotators: [...new Set(documents.flatMap(({ annotator }) => annotator ?? []))].sort(),
    groups: new Set(documents.flatMap(({ group }) => group ?? [])).size,
    characters: documents.reduce((sum, { text }) => sum + text.length, 0),
    tokens: tokens.reduce((sum, count) => sum + count, 0),
    entities: annotations.length,
    notesWithoutEntities: documents.filter((document) => document.annotations.length === 0).length,
    labels: labelTable(documents),
    charactersPerNote: distribution(documents.map(({ text }) => text.length)),
    tokensPerNote: distribution(tokens),
    entitiesPerNote: distribution(documents.map((document) => document.annotations.length)),
    discontinuous: annotations.filter(({ fragments }) => fragments.length > 1).length,
    overlaps: documents
      .map((document) => countOverlaps(document.annotations))
      .reduce(addOverlaps, noOverlaps),
    duplicates: same.map((group) => group.map((i) => documents[i]!.id)),
    nearDuplicates: near.map((group) => group.map((i) => firsts[i]!.id)),
    ...(agreed ? { agreement: agreed } : {}),
    problems,
  };
}

function firstOfEachText(documents: readonly CorpusDocument[]): CorpusDocument[] {
  const firsts = new Map<string, CorpusDocument>();
  for (const document of documents) if (!firsts.has(document.text)) firsts.set(document.text, document);
  return [...firsts.values()];
}

function labelTable(documents: readonly CorpusDocument[]): Map<string, { entities: number; notes: number }> {
  const table = new Map<string, { entities: number; notes: number }>();
  for (const { annotations } of documents) {
    const seen = new Set<string>();
    for (const { label } of annotations) {
      const row = table.get(label) ?? { entities: 0, notes: 0 };
      table.set(label, { entities: row.entities + 1, notes: row.notes + (seen.has(label) ? 0 : 1) });
      seen.add(label);
    }
  }
  return new Map([...table].sort(([a, x], [b, y]) => y.entities - x.entities || a.localeCompare(b)));
}

/** The spread of some numbers; all 0 where there are none. */
export function distribution(values: readonly number[]): Distribution {
  const sorted = Float64Array.from(values).sort();
  const quantile = (q: number): number => {
    const at = q * (sorted.length - 1);
    const [low, high] = [sorted[Math.floor(at)] ?? 0, sorted[Math.ceil(at)] ?? 0];
    return low + (high - low) * (at - Math.floor(at));
  };
  const mean = sorted.length === 0 ? 0 : sorted.reduce((sum, value) => sum + value, 0) / sorted.length;
  const [min, quarter, median] = [quantile(0), quantile(0.25), quantile(0.5)];
  return { min, quarter, median, threeQuarters: quantile(0.75), p95: quantile(0.95), max: quantile(1), mean };
}

const noOverlaps: Overlaps = { nested: 0, crossing: 0, sameSpan: 0, repeated: 0 };

function addOverlaps(a: Overlaps, b: Overlaps): Overlaps {
  return {
    nested: a.nested + b.nested,
    crossing: a.crossing + b.crossing,
    sameSpan: a.sameSpan + b.sameSpan,
    repeated: a.repeated + b.repeated,
  };
}

/** Counts the pairs of annotations that share characters, by kind. */
export function countOverlaps(annotations: readonly Annotation[]): Overlaps {
  const counts = { ...noOverlaps };
  const sorted = [...annotations].sort((a, b) => a.fragments[0]!.start - b.fragments[0]!.start);
  let open: Annotation[] = [];
  for (const annotation of sorted) {
    open = open.filter(({ fragments }) => fragments.at(-1)!.end > annotation.fragments[0]!.start);
    for (const other of open) {
      const kind = overlapOf(other, annotation);
      if (kind) counts[kind]++;
    }
    open.push(annotation);
  }
  return counts;
}

function overlapOf(a: Annotation, b: Annotation): keyof Overlaps | undefined {
  if (placeKey(a.fragments) === placeKey(b.fragments)) return a.label === b.label ? 'repeated' : 'sameSpan';
  const shared = sharedLength(a.fragments, b.fragments);
  if (shared === 0) return undefined;
  return shared === lengthOf(a.fragments) || shared === lengthOf(b.fragments) ? 'nested' : 'crossing';
}

function lengthOf(fragments: readonly Span[]): number {
  return fragments.reduce((sum, { start, end }) => sum + end - start, 0);
}

function sharedLength(a: readonly Span[], b: readonly Span[]): number {
  let shared = 0;
  for (const one of a)
    for (const other of b)
      shared += Math.max(0, Math.min(one.end, other.end) - Math.max(one.start, other.start));
  return shared;
}
