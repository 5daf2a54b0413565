import type { CorpusDocument, ReadResult } from './document';
import type { TextFile } from './corpusFile';
import type { PlacedRecord } from './jsonDocuments';
import { noteOf, provenance, readRecords, spansIn } from './jsonDocuments';
import type { JsonObject } from './jsonValues';
import { asArray, asObject, firstOf, without } from './jsonValues';
import { placeSpans } from './placeSpans';
import type { WriteResult } from './written';
import { contiguous, discontinuous, Losses, restOf } from './written';

/** Where a record's spans may stand, the first that is there counts. */
export const DOCCANO_SPANS: readonly string[] = ['label', 'labels', 'entities', 'annotations', 'annotation'];

/** Whether an object is a doccano record: a text, and spans under one of the keys in use. */
export function isDoccanoRecord(value: object): boolean {
  const record = value as JsonObject;
  return typeof firstOf(record, ['text', 'data']) === 'string';
}

/**
 * doccano's JSONL and JSON: `{"text", "label": [[start, end, label], …]}`; the spans also under `labels`, `entities`
 * or `annotations`, as lists or objects. Offsets are code points. Other fields are kept and written back.
 */
export function readDoccano(file: TextFile): ReadResult {
  return readRecords(file, isDoccanoRecord, readRecord);
}

function readRecord(placed: PlacedRecord): CorpusDocument[] {
  const { record, id, line, problems } = placed;
  const text = noteOf(record, placed);
  if (text === undefined) return [];
  const value = firstOf(record, DOCCANO_SPANS);
  const list = asArray(value);
  if (!list && value !== undefined) problems.error('the spans are no list: left out', line);
  const spans = spansIn(list ?? [], record.discontinuous, placed);
  const besides = without(record, [
    'text',
    'data',
    'id',
    'annotator',
    'group',
    'discontinuous',
    ...DOCCANO_SPANS,
  ]);
  return [
    {
      id,
      text,
      annotations: placeSpans(text, spans, problems, line),
      ...provenance(record),
      ...(besides ? { rest: { format: 'doccano', content: besides } } : {}),
    },
  ];
}

/** One record a line; annotator and group stand beside, where doccano keeps such fields as metadata. */
export function writeDoccano(documents: readonly CorpusDocument[]): WriteResult {
  const losses = new Losses();
  const lines = documents.map((document) => {
    const { id, text, annotator, group } = document;
    const besides = asObject(restOf(document, 'doccano', losses));
    const spans = contiguous(document);
    const label = spans.map(({ start, end, label }) => [start, end, label]);
    const together = discontinuous(spans.map((span) => [span]));
    return JSON.stringify({ ...besides, id, text, label, ...together, annotator, group }) + '\n';
  });
  return { files: [{ name: 'doccano.jsonl', text: lines.join('') }], problems: losses.problems };
}
