import type { CorpusDocument } from '../src/core/corpus/document';
import type { GoldSpan } from '../src/core/corpus/inlineMarkup';
import { countCharacters } from '../src/core/evaluate/characters';
import type { Counts } from '../src/core/evaluate/rates';
import { addCounts, NO_COUNTS } from '../src/core/evaluate/rates';
import { predictTexts } from '../src/core/predict/predictor';
import type { Predictor } from '../src/core/predict/predictor';
import type { GoldNotes } from './modelNotes';

/** What a model finds in notes with gold: counts of characters for each label, and the spans to look at. */
export interface NoteScores {
  readonly counts: ReadonlyMap<string, Counts>;
  readonly notes: readonly { readonly text: string; readonly gold: GoldSpan[]; readonly found: GoldSpan[] }[];
}

export async function scoreNotes(
  { documents, labels, map }: GoldNotes,
  predictor: Predictor,
): Promise<NoteScores> {
  const entities = await predictTexts(
    documents.map(({ text }) => text),
    predictor,
  );
  const counts = new Map<string, Counts>(labels.map((label) => [label, NO_COUNTS]));
  const notes = documents.map((document, i) => {
    const found = entities[i]!.flatMap((entity) => map(entity.label).map((label) => ({ ...entity, label })));
    return { text: document.text, gold: goldSpans(document), found };
  });
  for (const { text, gold, found } of notes) {
    for (const [label, one] of countCharacters(text.length, gold, found, labels))
      counts.set(label, addCounts(counts.get(label)!, one));
  }
  return { counts, notes };
}

function goldSpans({ annotations }: CorpusDocument): GoldSpan[] {
  return annotations.flatMap(({ label, fragments }) => fragments.map((fragment) => ({ label, ...fragment })));
}

/** Gold without any character found under its label, and found spans without any gold, with how often; by label. */
export function errorsOf({ notes }: NoteScores): Map<string, Map<string, number>> {
  const errors = new Map<string, Map<string, number>>();
  for (const { text, gold, found } of notes) {
    const add = (kind: string, one: GoldSpan): void => {
      const key = `${one.label}: ${kind}`;
      const words = text.slice(one.start, one.end).toLowerCase().replace(/\s+/g, ' ');
      const counts = errors.get(key) ?? new Map<string, number>();
      errors.set(key, counts.set(words, (counts.get(words) ?? 0) + 1));
    };
    for (const one of gold) if (!isMet(one, found)) add('missed', one);
    for (const one of found) if (!isMet(one, gold)) add('spurious', one);
  }
  return errors;
}

function isMet(one: GoldSpan, others: readonly GoldSpan[]): boolean {
  return others.some(({ label, start, end }) => label === one.label && start < one.end && one.start < end);
}
