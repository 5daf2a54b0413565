import type { CorpusDocument, ReadResult } from './document';
import type { TextFile } from './corpusFile';
import type { PlacedRecord } from './jsonDocuments';
import { noteOf, readRecords, spansIn } from './jsonDocuments';
import type { JsonObject } from './jsonValues';
import { asArray, asName, asObject, firstOf, without } from './jsonValues';
import { placeSpans } from './placeSpans';
import type { WriteResult } from './written';
import { contiguous, discontinuous, Losses, restOf } from './written';

export function isProdigyRecord(value: object): boolean {
  const record = value as JsonObject;
  return typeof record.text === 'string' && (Array.isArray(record.spans) || Array.isArray(record.ents));
}

/**
 * Prodigy's and spaCy's JSONL: `{"text", "spans": [{start, end, label}], "answer"}`; spaCy's `ents` are read too.
 * Offsets are code points. An example that the annotator rejected or ignored is left out with a warning.
 */
export function readProdigy(file: TextFile): ReadResult {
  return readRecords(file, (value) => typeof (value as JsonObject).text === 'string', readRecord);
}

/** Where a record's spans may stand, the first that is there counts. */
export const PRODIGY_SPANS: readonly string[] = ['spans', 'ents', 'entities'];

const own = ['text', ...PRODIGY_SPANS, 'id', 'group', 'answer', '_annotator_id', 'discontinuous'];

function readRecord(placed: PlacedRecord): CorpusDocument[] {
  const { record, id, line, problems } = placed;
  const text = noteOf(record, placed);
  if (text === undefined) return [];
  if (record.answer === 'reject' || record.answer === 'ignore') {
    problems.warn(`an example answered "${record.answer}": left out`, line);
    return [];
  }
  const spans = asArray(firstOf(record, PRODIGY_SPANS)) ?? [];
  const annotator = asName(firstOf(record, ['_annotator_id', '_session_id']));
  const group = asName(record.group);
  const besides = without(record, own);
  return [
    {
      id,
      text,
      annotations: placeSpans(text, spansIn(spans, record.discontinuous, placed), problems, line),
      ...(annotator === undefined ? {} : { annotator }),
      ...(group === undefined ? {} : { group }),
      ...(besides ? { rest: { format: 'prodigy', content: besides } } : {}),
    },
  ];
}

/** One example a line, answered "accept". */
export function writeProdigy(documents: readonly CorpusDocument[]): WriteResult {
  const losses = new Losses();
  const lines = documents.map((document) => {
    const { id, text, annotator, group } = document;
    const besides = asObject(restOf(document, 'prodigy', losses));
    const all = contiguous(document);
    const spans = all.map(({ start, end, label, id: spanId }) => ({ start, end, label, id: spanId }));
    const together = discontinuous(all.map((span) => [span]));
    const given = { ...besides, id, text, spans, ...together };
    const example = { ...given, answer: 'accept', _annotator_id: annotator, group };
    return JSON.stringify(example) + '\n';
  });
  return { files: [{ name: 'prodigy.jsonl', text: lines.join('') }], problems: losses.problems };
}
