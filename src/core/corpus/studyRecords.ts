import { umlsGroup } from '../labels/umlsGroups';
import type { CorpusDocument, ReadResult } from './document';
import type { TextFile } from './corpusFile';
import { groundInOrder } from './grounding';
import type { PlacedRecord } from './jsonDocuments';
import { noteOf, provenance, readRecords, spansIn } from './jsonDocuments';
import type { JsonObject } from './jsonValues';
import { asArray, asName, asObject, asOffset, asString, firstOf, objectsIn, without } from './jsonValues';
import type { RawSpan } from './placeSpans';
import { placeSpans } from './placeSpans';
import type { CodePointSpan, WriteResult } from './written';
import { contiguous, discontinuous, Losses, restOf } from './written';

export function isStudyRecord(value: object): boolean {
  const annotations = asArray((value as JsonObject).annotations) ?? [];
  return annotations.some((item) => {
    const annotation = asObject(item);
    return asArray(annotation?.semantic_groups) !== undefined || asArray(annotation?.tags) !== undefined;
  });
}

/**
 * The records of the benchmark study, notes and predictions of language models alike:
 * `{"text", "annotations": [{id, tags, semantic_groups, start, end, text}]}`. One annotation a semantic group, or a
 * tag's group where none is given. Annotations without offsets are found in the note in order of appearance.
 */
export function readStudyRecords(file: TextFile): ReadResult {
  return readRecords(file, (value) => typeof (value as JsonObject).text === 'string', readRecord);
}

/** What the study knows of an annotation besides its groups, by the annotation's id. */
type Tags = Readonly<Record<string, readonly string[]>>;

function readRecord(placed: PlacedRecord): CorpusDocument[] {
  const { record, id, line, problems } = placed;
  const text = noteOf(record, placed);
  if (text === undefined) return [];
  const items = objectsIn(record.annotations);
  const broken = (asArray(record.annotations)?.length ?? 0) - items.length;
  if (broken > 0) problems.error(`${broken} annotations that are no objects: left out`, line);
  const spans = groundInOrder(
    text,
    spansIn(items, record.discontinuous, placed, (item) => toSpans(item as JsonObject, placed)),
    problems,
    line,
  );
  const tags = items.flatMap(ownTags);
  const besides = without(record, ['text', 'annotations', 'id', 'annotator', 'group', 'discontinuous']);
  const content: StudyRest = { tags: Object.fromEntries(tags), besides: besides ?? {} };
  return [
    {
      id,
      text,
      annotations: placeSpans(text, spans, problems, line),
      ...provenance(record),
      ...(tags.length > 0 || besides ? { rest: { format: 'study', content } } : {}),
    },
  ];
}

/** An annotation's tags by its id, where they say more than its groups. */
function ownTags(item: JsonObject): [string, readonly string[]][] {
  const [id, tags, groups] = [asName(item.id), strings(item.tags), strings(item.semantic_groups)];
  const same = groups.length === 0 || tags.join('|') === groups.join('|');
  return id === undefined ||
    tags.length === 0 ||
    (same && tags.every((tag) => umlsGroup(tag) === undefined || umlsGroup(tag) === tag))
    ? []
    : [[id, tags]];
}

interface StudyRest {
  readonly tags: Tags;
  readonly besides: JsonObject;
}

function toSpans(item: JsonObject, { line, problems }: PlacedRecord): RawSpan[] {
  const given = strings(item.semantic_groups);
  const groups = given.length > 0 ? given : strings(item.tags).map((tag) => umlsGroup(tag) ?? tag);
  const label = asName(item.label);
  const labels = [...new Set(groups.length > 0 ? groups : label === undefined ? [] : [label])];
  if (labels.length === 0) problems.error('an annotation without a semantic group: left out', line);
  const [start, end] = [item.start, firstOf(item, ['end'])];
  const [id, surface] = [asName(item.id), asString(item.text)];
  const placed = typeof start === 'number' && start >= 0;
  return labels.map((one) => ({
    label: one,
    fragments: placed || surface === undefined ? [[asOffset(start), asOffset(end)] as const] : [],
    line,
    ...(surface === undefined ? {} : { surface }),
    ...(id === undefined ? {} : { id }),
  }));
}

function strings(value: unknown): string[] {
  return (asArray(value) ?? []).flatMap((item) => asName(item) ?? []);
}

/** One record a line; annotations of one place and id are one, with all their groups. */
export function writeStudyRecords(documents: readonly CorpusDocument[]): WriteResult {
  const losses = new Losses();
  const lines = documents.map((document) => {
    const { id, text, annotator, group } = document;
    const rest = restOf<StudyRest>(document, 'study', losses);
    const items = together(contiguous(document));
    const annotations = items.map((spans, i) => {
      const [{ start, end, text: surface, id: given }] = spans as [CodePointSpan];
      const groups = spans.map(({ label }) => label);
      const tags = (given === undefined ? undefined : rest?.tags[given]) ?? groups;
      return { id: given ?? `a${i + 1}`, tags, semantic_groups: groups, start, end, text: surface };
    });
    const record = { ...rest?.besides, id, text, annotations, ...discontinuous(items), annotator, group };
    return JSON.stringify(record) + '\n';
  });
  return { files: [{ name: 'records.jsonl', text: lines.join('') }], problems: losses.problems };
}

/** Spans that follow each other with the same id and place, as a tag with several groups is read. */
export function together(spans: readonly CodePointSpan[]): CodePointSpan[][] {
  const runs: CodePointSpan[][] = [];
  for (const span of spans) {
    const last = runs.at(-1)?.[0];
    const same = last && span.id !== undefined && last.id === span.id && last.start === span.start;
    const distinct = runs.at(-1)?.every(({ label }) => label !== span.label);
    if (same && distinct && last.end === span.end) runs.at(-1)!.push(span);
    else runs.push([span]);
  }
  return runs;
}
