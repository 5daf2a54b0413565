import type { Annotation, CorpusDocument } from '../corpus/document';
import { countEntities } from './entityCounts';
import type { NoteCounts } from './noteCounts';
import { noteCounts } from './noteCounts';
import { countUnits, textUnits } from './textUnits';

/** The `text` view: what is counted in, and how an entity is said to be found (see `EntityCounts`). */
export const textCounts = [
  'characters',
  'words',
  'entities strict',
  'entities exact',
  'entities partial',
  'entities type',
] as const;
export type TextCount = (typeof textCounts)[number];

/** What exact and partial count in place of labels, since they do not look at them. */
export const ANY_LABEL = 'any label';

/**
 * Counts of every note in the `text` view.
 * @param predicted of each note, in the notes' order
 * @param labels what is counted; annotations of others are left out on both sides
 */
export function textNoteCounts(
  notes: readonly CorpusDocument[],
  predicted: readonly (readonly Annotation[])[],
  labels: readonly string[],
): Record<TextCount, NoteCounts> {
  const each = notes.map(({ id, text, annotations }, i) => {
    const entities = countEntities(annotations, predicted[i]!, labels);
    const inUnits = (unit: 'characters' | 'words') =>
      countUnits(textUnits(text, unit), annotations, predicted[i]!, labels);
    return {
      id,
      counts: {
        characters: inUnits('characters'),
        words: inUnits('words'),
        'entities strict': entities.strict,
        'entities exact': [entities.exact],
        'entities partial': [entities.partial],
        'entities type': entities.type,
      } satisfies Record<TextCount, unknown>,
    };
  });
  const table = (count: TextCount): NoteCounts =>
    noteCounts(
      count === 'entities exact' || count === 'entities partial' ? [ANY_LABEL] : labels,
      each.map(({ id, counts }) => ({ id, counts: counts[count] })),
    );
  return Object.fromEntries(textCounts.map((count) => [count, table(count)])) as Record<
    TextCount,
    NoteCounts
  >;
}
