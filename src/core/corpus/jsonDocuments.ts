import type { CorpusDocument, ReadResult } from './document';
import type { TextFile } from './corpusFile';
import { ProblemList } from './corpusFile';
import type { JsonObject } from './jsonValues';
import { asArray, asName, asObject, asOffset, asString, firstOf } from './jsonValues';
import { jsonRecords } from './jsonRecords';
import type { RawSpan } from './placeSpans';
import { joinFragments } from './placeSpans';

/** One record and where it stands. */
export interface PlacedRecord {
  readonly record: JsonObject;
  /** The record's own name or key where it has one in letters, else the file and its place in it. */
  readonly id: string;
  readonly line: number;
  readonly problems: ProblemList;
}

/** Reads a JSON or JSON Lines file record by record; what is no record is an error with its line. */
export function readRecords(
  file: TextFile,
  isRecord: (value: object) => boolean,
  readOne: (placed: PlacedRecord) => readonly CorpusDocument[],
): ReadResult {
  const problems = new ProblemList(file.name);
  const records = jsonRecords(file.text, isRecord);
  const documents = records.flatMap(({ value, line, key, repeated }, i) => {
    const record = asObject(value) ?? asPair(value);
    if (record === undefined) {
      problems.error(value === undefined ? 'not valid JSON: record left out' : 'no record: left out', line);
      return [];
    }
    if (repeated !== undefined)
      problems.error(`${JSON.stringify(repeated)} stands there twice: only the last is read`, line);
    const own = typeof record.id === 'string' && record.id !== '' ? record.id : undefined;
    return readOne({ record, id: own ?? key ?? `${file.name}#${i + 1}`, line, problems });
  });
  if (records.length === 0) problems.warn('holds no record');
  return { documents, problems: problems.all };
}

/** spaCy's older training data: a pair of the text and its entities. */
function asPair(value: unknown): JsonObject | undefined {
  const [text, rest] = asArray(value) ?? [];
  const fields = asObject(rest);
  return typeof text === 'string' && fields ? { ...fields, text } : undefined;
}

/** A record's note; undefined and an error where it has none. */
export function noteOf(record: JsonObject, { line, problems }: PlacedRecord): string | undefined {
  const text = asString(firstOf(record, ['text', 'data', 'content', 'Text']));
  if (text === undefined) problems.error('record without a text: left out', line);
  return text;
}

/**
 * A span in any of the shapes that are seen: `[start, end, label]`, `[label, start, end]`, or an object with
 * `start | start_offset | begin`, `end | end_offset | stop` and `label | labels`; several labels are several spans.
 */
export function rawSpans(item: unknown, { line, problems }: PlacedRecord): RawSpan[] {
  const list = asArray(item);
  if (list) {
    const [start, end, label] =
      typeof list[0] === 'string' && typeof list[2] === 'number' ? rotate(list) : list;
    if (asName(label) !== undefined)
      return [{ label: asName(label)!, fragments: [[asOffset(start), asOffset(end)]], line }];
  }
  const object = asObject(item);
  const labels = object && labelsOf(object);
  if (object && labels && labels.length > 0) {
    const start = asOffset(firstOf(object, ['start', 'start_offset', 'begin']));
    const end = asOffset(firstOf(object, ['end', 'end_offset', 'stop']));
    const surface = asString(object.text);
    const id = asName(object.id);
    return labels.map((label) => ({
      label,
      fragments: [[start, end]] as const,
      line,
      ...(surface === undefined ? {} : { surface }),
      ...(id === undefined ? {} : { id }),
    }));
  }
  problems.error('a span without a label, or in no known shape: left out', line);
  return [];
}

/**
 * The spans of a list, those joined that the `discontinuous` beside it says are fragments of one annotation
 * (`[[0, 1]]`: the first two items).
 */
export function spansIn(
  items: readonly unknown[],
  told: unknown,
  placed: PlacedRecord,
  read: (item: unknown, placed: PlacedRecord) => RawSpan[] = rawSpans,
): RawSpan[] {
  const spans = items.map((item) => read(item, placed));
  if (told === undefined || told === null) return spans.flat();
  const groups = placesIn(told, items.length);
  if (groups === undefined)
    placed.problems.error(
      '"discontinuous" does not name items of the list: spans left as they are',
      placed.line,
    );
  return joinFragments(spans, groups ?? []);
}

/** Lists of at least two places below `length`, each place once; undefined for anything else. */
export function placesIn(value: unknown, length: number): number[][] | undefined {
  const groups = (asArray(value) ?? [undefined]).map((group) => asArray(group) ?? []);
  const places = groups.flat();
  const sound = places.every(
    (place) => Number.isSafeInteger(place) && Number(place) >= 0 && Number(place) < length,
  );
  const distinct = new Set(places).size === places.length && groups.every((group) => group.length > 1);
  return sound && distinct ? (groups as number[][]) : undefined;
}

function rotate([label, start, end]: readonly unknown[]): unknown[] {
  return [start, end, label];
}

function labelsOf(object: JsonObject): string[] {
  const value = firstOf(object, ['label', 'labels', 'type']);
  return (asArray(value) ?? [value]).flatMap((label) => asName(label) ?? []);
}

/** Who marked the record and which notes it belongs with, where it says so. */
export function provenance(record: JsonObject): Pick<CorpusDocument, 'annotator' | 'group'> {
  const [annotator, group] = [asName(record.annotator), asName(record.group)];
  return { ...(annotator === undefined ? {} : { annotator }), ...(group === undefined ? {} : { group }) };
}
