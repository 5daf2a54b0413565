import type { CorpusDocument, ReadResult } from './document';
import type { TextFile } from './corpusFile';
import type { PlacedRecord } from './jsonDocuments';
import { noteOf, readRecords, spansIn } from './jsonDocuments';
import type { JsonObject } from './jsonValues';
import { asArray, asName, asObject, objectsIn, without } from './jsonValues';
import { placeSpans } from './placeSpans';
import type { WriteResult } from './written';
import { contiguous, discontinuous, Losses, restOf } from './written';

export function isArgillaRecord(value: object): boolean {
  return asObject((value as JsonObject).fields) !== undefined;
}

/**
 * Argilla's JSON: `{id: {"fields": {"text"}, "responses": {question: [{"value": [{start, end, label}], …}]}}}`, or a
 * list of such records. Every answer is a document of its own; the answers to one record are a group.
 */
export function readArgilla(file: TextFile): ReadResult {
  return readRecords(file, isArgillaRecord, readRecord);
}

function readRecord(placed: PlacedRecord): CorpusDocument[] {
  const { record, id, line, problems } = placed;
  const text = noteOf(asObject(record.fields) ?? {}, placed);
  if (text === undefined) return [];
  const answers = answersOf(record).filter((answer) => {
    const left = answer.status === 'discarded';
    if (left) problems.warn('an answer that was discarded: left out', line);
    return !left;
  });
  if (answers.length === 0) problems.warn('record without an answer: read as a note without spans', line);
  const besides = without(record, ['id', 'fields', 'responses']);
  if (objectsIn(Object.values(besides ?? {})).some(isArgillaRecord))
    problems.error('a record inside of this one: not read as a note', line);
  const rest = besides ? { rest: { format: 'argilla', content: besides } } : {};
  if (answers.length === 0) return [{ id, text, annotations: [], ...rest }];
  const group = asName(asObject(record.metadata)?.group) ?? (answers.length > 1 ? id : undefined);
  return answers.map((answer, i) => ({
    id: answers.length === 1 ? id : `${id}@${i + 1}`,
    text,
    annotations: placeSpans(
      text,
      spansIn(asArray(answer.value) ?? [], answer.discontinuous, placed),
      problems,
      line,
    ),
    ...annotatorOf(answer, answers.length > 1 ? String(i + 1) : undefined),
    ...(group === undefined ? {} : { group }),
    ...rest,
  }));
}

/** Who answered; where nobody is named, a number tells several apart. */
function annotatorOf(answer: JsonObject, number: string | undefined): Pick<CorpusDocument, 'annotator'> {
  const annotator = asName(answer.user_id) ?? asName(answer.annotator) ?? number;
  return annotator === undefined ? {} : { annotator };
}

/** The answers with spans, whatever their question is called. */
function answersOf(record: JsonObject): JsonObject[] {
  const questions: unknown[] = Object.values(asObject(record.responses) ?? {});
  return questions
    .flatMap((answers) => objectsIn(asArray(answers) ?? [answers]))
    .filter(({ value }) => asArray(value) !== undefined);
}

/** One record a text and group, with an answer a document. */
export function writeArgilla(documents: readonly CorpusDocument[]): WriteResult {
  const losses = new Losses();
  const ids = new Set(documents.map(({ id }) => id));
  const records = new Map<string, { id: string; documents: CorpusDocument[] }>();
  for (const document of documents) {
    const key = document.group === undefined ? document.id : JSON.stringify([document.group, document.text]);
    const record = records.get(key);
    if (record) record.documents.push(document);
    else {
      const whole = document.id.replace(/@1$/, '');
      records.set(key, { id: ids.has(whole) ? document.id : whole, documents: [document] });
    }
  }
  const entries = [...records.values()].map(({ id, documents: answers }) => [
    id,
    record(id, answers, losses),
  ]);
  const text = JSON.stringify(Object.fromEntries(entries), undefined, 1) + '\n';
  return { files: [{ name: 'argilla.json', text }], problems: losses.problems };
}

function record(id: string, documents: readonly CorpusDocument[], losses: Losses): JsonObject {
  const [{ text, group }] = documents as [CorpusDocument];
  const answers = documents.map((document) => {
    const spans = contiguous(document);
    const value = spans.map(({ start, end, label }) => ({ start, end, label }));
    const together = discontinuous(spans.map((span) => [span]));
    return { value, ...together, user_id: document.annotator, status: 'submitted' };
  });
  const besides = documents.map((document) => asObject(restOf(document, 'argilla', losses)))[0];
  const metadata = group === undefined || group === id ? {} : { metadata: { group } };
  return { ...metadata, ...besides, fields: { text }, responses: { annotations: answers } };
}
