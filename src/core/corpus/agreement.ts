import { countCharacters } from '../evaluate/characters';
import type { Counts } from '../evaluate/rates';
import { addCounts, f1 } from '../evaluate/rates';
import type { Annotation, CorpusDocument } from './document';
import { sameKey } from './nearDuplicates';

/** How well two annotators agree where both marked the same texts. */
export interface Agreement {
  /** Texts that several marked, and pairs of documents that were compared. */
  readonly texts: number;
  readonly pairs: number;
  /** F1 of one annotator against the other: same label and same fragments. */
  readonly exact: number;
  /** F1 over characters: a character is agreed on when both gave it the label. */
  readonly characters: number;
  readonly perLabel: ReadonlyMap<string, { readonly exact: number; readonly characters: number }>;
}

const nothing: Counts = { truePositives: 0, falsePositives: 0, falseNegatives: 0 };

/**
 * Agreement over all pairs of documents that have the same text and not the same named annotator, as F1, which for
 * entities tends to kappa (Hripcsak and Rothschild 2005); counts of all pairs are added before it is taken. Undefined
 * where no text was marked twice.
 */
export function agreement(documents: readonly CorpusDocument[]): Agreement | undefined {
  const groups = sameKey(documents, ({ text }) => text);
  const exact = new Map<string, Counts>();
  const characters = new Map<string, Counts>();
  const [texts, pairs] = [new Set<string>(), { count: 0 }];
  for (const [a, b] of groups.flatMap((group) => pairsOf(group.map((i) => documents[i]!)))) {
    texts.add(a.text);
    pairs.count++;
    const labels = [...new Set([...a.annotations, ...b.annotations].map(({ label }) => label))];
    for (const label of labels) add(exact, label, countExact(a, b, label));
    for (const [label, counts] of countCharacters(a.text.length, spansOf(a), spansOf(b), labels))
      add(characters, label, counts);
  }
  if (pairs.count === 0) return undefined;
  const perLabel = [...exact.keys()]
    .sort()
    .map(
      (label) => [label, { exact: f1(exact.get(label)!), characters: f1(characters.get(label)!) }] as const,
    );
  return {
    texts: texts.size,
    pairs: pairs.count,
    exact: f1([...exact.values()].reduce(addCounts, nothing)),
    characters: f1([...characters.values()].reduce(addCounts, nothing)),
    perLabel: new Map(perLabel),
  };
}

/** Of one text no more documents are compared than annotators plausibly are: pairs grow with the square. */
const COMPARED = 20;

function pairsOf(all: readonly CorpusDocument[]): [CorpusDocument, CorpusDocument][] {
  const documents = all.slice(0, COMPARED);
  return documents.flatMap((a, i) =>
    documents
      .slice(i + 1)
      .filter((b) => a.annotator === undefined || a.annotator !== b.annotator)
      .map((b): [CorpusDocument, CorpusDocument] => [a, b]),
  );
}

function add(totals: Map<string, Counts>, label: string, counts: Counts): void {
  totals.set(label, addCounts(totals.get(label) ?? nothing, counts));
}

function spansOf({ annotations }: CorpusDocument): { start: number; end: number; label: string }[] {
  return annotations.flatMap(({ label, fragments }) => fragments.map((fragment) => ({ ...fragment, label })));
}

function countExact(a: CorpusDocument, b: CorpusDocument, label: string): Counts {
  const [one, other] = [places(a.annotations, label), places(b.annotations, label)];
  const agreed = [...one].filter((place) => other.has(place)).length;
  return { truePositives: agreed, falsePositives: other.size - agreed, falseNegatives: one.size - agreed };
}

function places(annotations: readonly Annotation[], label: string): Set<string> {
  return new Set(
    annotations.filter((one) => one.label === label).map(({ fragments }) => placeKey(fragments)),
  );
}

/** An annotation's place as a key. */
export function placeKey(fragments: Annotation['fragments']): string {
  return fragments.map(({ start, end }) => `${start}-${end}`).join(';');
}
