import type { Annotation } from '../corpus/document';
import { ProblemList } from '../corpus/corpusFile';
import { DOCCANO_SPANS } from '../corpus/doccano';
import { placesIn, rawSpans } from '../corpus/jsonDocuments';
import type { JsonObject } from '../corpus/jsonValues';
import { asArray, asObject, asString, firstOf } from '../corpus/jsonValues';
import type { OffsetReading } from '../corpus/offsetReading';
import { chooseReading } from '../corpus/offsetReading';
import { placeSpan } from '../corpus/placeSpans';
import { PRODIGY_SPANS } from '../corpus/prodigy';

/** The formats whose records are a text with a list of spans. */
export type ListFormat = 'doccano' | 'prodigy';

export type JsonPath = (string | number)[];

/** An annotation of a record, and the items of the list that make it. */
export interface ItemsOf {
  readonly annotation: Annotation;
  readonly items: readonly number[];
  /** Which label of its item it is, where the item has several. */
  readonly labelAt: number | undefined;
}

/** A record's text and its list of spans. */
export interface RecordItems {
  readonly text: string;
  /** Where the list stands, or would stand. */
  readonly path: JsonPath;
  /** Undefined where the record has no list yet. */
  readonly items: readonly unknown[] | undefined;
  /** Where the record says which items are one annotation, and what it says. */
  readonly togetherPath: JsonPath;
  readonly together: readonly (readonly number[])[];
  readonly annotations: readonly ItemsOf[];
  readonly reading: OffsetReading;
}

const LISTS: Readonly<Record<ListFormat, readonly string[]>> = {
  doccano: DOCCANO_SPANS,
  prodigy: PRODIGY_SPANS,
};

/** Reads a record as its reader does, but keeps what stands where; undefined where it is none. */
export function recordItems(value: unknown, format: ListFormat): RecordItems | undefined {
  const pair = asArray(value);
  const fields = asObject(pair ? pair[1] : value);
  const text = asString(pair ? pair[0] : fields && firstOf(fields, ['text', 'data', 'content', 'Text']));
  if (!fields || text === undefined) return undefined;
  const base: JsonPath = pair ? [1] : [];
  const keys = LISTS[format];
  const key = keys.find((name) => fields[name] !== undefined && fields[name] !== null);
  const items = key === undefined ? undefined : asArray(fields[key]);
  if (key !== undefined && !items) return undefined;
  const together = placesIn(fields.discontinuous ?? [], items?.length ?? 0);
  if (!together) return undefined;
  const found = annotationsOf(items ?? [], together, text);
  return {
    text,
    path: [...base, key ?? keys[0]!],
    items,
    togetherPath: [...base, 'discontinuous'],
    together,
    ...found,
  };
}

function annotationsOf(items: readonly unknown[], together: readonly (readonly number[])[], text: string) {
  const unheard = new ProblemList('');
  const placed = { record: {} as JsonObject, id: '', line: 1, problems: unheard };
  const spans = items.map((item) => rawSpans(item, placed));
  const reading = chooseReading(text, spans.flat());
  const place = (i: number, k: number): Annotation | undefined =>
    placeSpan(text, spans[i]![k]!, reading, unheard)[0];
  const joined = new Set(together.flat());
  const single = spans.flatMap((own, i): ItemsOf[] =>
    own.flatMap((_, k): ItemsOf[] => {
      const annotation = joined.has(i) ? undefined : place(i, k);
      return annotation ? [{ annotation, items: [i], labelAt: own.length > 1 ? k : undefined }] : [];
    }),
  );
  const whole = together.flatMap((group): ItemsOf[] => {
    const parts = group.map((i) => (spans[i]!.length === 1 ? place(i, 0) : undefined));
    if (parts.some((part) => part?.label !== parts[0]?.label || !part)) return [];
    const fragments = parts.flatMap((part) => part!.fragments).sort((a, b) => a.start - b.start);
    return [{ annotation: { label: parts[0]!.label, fragments }, items: group, labelAt: undefined }];
  });
  return { annotations: [...single, ...whole], reading };
}
