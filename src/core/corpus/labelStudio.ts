import type { CorpusDocument, ReadResult } from './document';
import type { TextFile } from './corpusFile';
import type { PlacedRecord } from './jsonDocuments';
import { rawSpans, readRecords } from './jsonDocuments';
import type { JsonObject } from './jsonValues';
import { asArray, asName, asObject, asString, firstOf, objectsIn, without } from './jsonValues';
import type { RawSpan } from './placeSpans';
import { joinFragments, placeSpans } from './placeSpans';
import type { WriteResult } from './written';
import { contiguous, discontinuous, Losses, restOf } from './written';

export function isLabelStudioTask(value: object): boolean {
  return asObject((value as JsonObject).data) !== undefined;
}

/**
 * Label Studio's JSON: tasks with `data.text` and `annotations` (once `completions`), whose results of type `labels`
 * are spans. Every annotation of a task is a document of its own, and a task's documents are a group. Offsets are code
 * points, in older exports UTF-16 units: the words decide.
 */
export function readLabelStudio(file: TextFile): ReadResult {
  return readRecords(file, isLabelStudioTask, readTask);
}

function readTask(placed: PlacedRecord): CorpusDocument[] {
  const { record, line, problems } = placed;
  const data = asObject(record.data) ?? {};
  const text = noteText(data);
  if (text === undefined) {
    problems.error('task without a text: left out', line);
    return [];
  }
  const id = asName(data.id) ?? placed.id;
  const group = asName(data.group);
  const answers = objectsIn(firstOf(record, ['annotations', 'completions'])).filter(
    ({ was_cancelled: skipped }) => {
      if (skipped === true) problems.warn('an annotation that was skipped: left out', line);
      return skipped !== true;
    },
  );
  if (answers.length === 0) problems.warn('task without an annotation: read as a note without spans', line);
  const task = without(record, ['id', 'data', 'annotations', 'completions']) ?? {};
  return (answers.length === 0 ? [{}] : answers).map((answer: JsonObject, i) => {
    const results = objectsIn(answer.result);
    const spans = joinFragments(
      results.map((result) => toSpans(result, placed)),
      fragmentGroups(results),
    );
    const others = results.filter(
      (result) => labelsIn(asObject(result.value) ?? {}) === undefined && !isFragmentRelation(result),
    );
    const annotator = annotatorOf(answer);
    const content: LabelStudioRest = { others, task };
    const besides = others.length > 0 || Object.keys(task).length > 0;
    return {
      id: answers.length > 1 ? `${id}@${i + 1}` : id,
      text,
      annotations: placeSpans(text, spans, problems, line),
      ...(annotator === undefined ? {} : { annotator }),
      ...(group === undefined && answers.length < 2 ? {} : { group: group ?? id }),
      ...(besides ? { rest: { format: 'labelstudio', content } } : {}),
    };
  });
}

interface LabelStudioRest {
  /** Results that are no spans: relations, choices. */
  readonly others: readonly JsonObject[];
  readonly task: JsonObject;
}

/** The note is `data.text`, or the only string of the task's data. */
function noteText(data: JsonObject): string | undefined {
  const texts = Object.values(data).filter((value) => typeof value === 'string');
  return asString(data.text) ?? (texts.length === 1 ? texts[0] : undefined);
}

function annotatorOf({ completed_by: by }: JsonObject): string | undefined {
  return asName(by) ?? asName(firstOf(asObject(by) ?? {}, ['email', 'id']));
}

function labelsIn(value: JsonObject): unknown {
  return firstOf(value, ['labels', 'hypertextlabels', 'label']);
}

function toSpans(result: JsonObject, placed: PlacedRecord): RawSpan[] {
  const value = asObject(result.value);
  if (!value || labelsIn(value) === undefined) return [];
  const offsets = asObject(value.globalOffsets) ?? value;
  const span = {
    start: offsets.start,
    end: offsets.end,
    labels: labelsIn(value),
    text: value.text,
    id: result.id,
  };
  return rawSpans(span, placed);
}

/** What the relations between fragments of one annotation are called, from the first of them to each other. */
const FRAGMENT = 'fragment';

function isFragmentRelation({ type, labels }: JsonObject): boolean {
  return type === 'relation' && (asArray(labels) ?? []).includes(FRAGMENT);
}

/** Which results are fragments of one annotation, by their places. */
function fragmentGroups(results: readonly JsonObject[]): number[][] {
  const places = new Map(results.map(({ id }, place) => [id, place]));
  const groups = new Map<number, Set<number>>();
  for (const { from_id: from, to_id: to } of results.filter(isFragmentRelation)) {
    const [first, other] = [places.get(from), places.get(to)];
    if (first === undefined || other === undefined || first === other) continue;
    groups.set(first, (groups.get(first) ?? new Set()).add(other));
  }
  return [...groups].map(([first, others]) => [first, ...others]);
}

/** One task a text and group, with an annotation a document. */
export function writeLabelStudio(documents: readonly CorpusDocument[]): WriteResult {
  const losses = new Losses();
  const tasks = new Map<string, { id: string; documents: CorpusDocument[] }>();
  for (const document of documents) {
    const key = document.group === undefined ? document.id : JSON.stringify([document.group, document.text]);
    const task = tasks.get(key);
    if (task) task.documents.push(document);
    else tasks.set(key, { id: document.id.replace(/@1$/, ''), documents: [document] });
  }
  const records = [...tasks.values()].map(({ id, documents: answers }, i) => {
    const [{ text, group }] = answers as [CorpusDocument];
    const rests = answers.map((document) => restOf<LabelStudioRest>(document, 'labelstudio', losses));
    const annotations = answers.map((document, k) => annotation(document, `r${i + 1}-${k + 1}`, rests[k]));
    return { ...rests[0]?.task, id: i + 1, data: { text, id, group }, annotations };
  });
  const text = JSON.stringify(records, undefined, 1) + '\n';
  return { files: [{ name: 'labelstudio.json', text }], problems: losses.problems };
}

function annotation(document: CorpusDocument, name: string, rest: LabelStudioRest | undefined): JsonObject {
  const spans = contiguous(document);
  const isFirst = (k: number): boolean =>
    spans[k]!.whole === undefined || spans[k - 1]?.whole !== spans[k]!.whole;
  const ids = spans.map(({ id }, k) => (isFirst(k) && id) || `${name}-${k + 1}`);
  const results = spans.map(({ start, end, label, text }, k) => ({
    id: ids[k],
    from_name: 'label',
    to_name: 'text',
    type: 'labels',
    value: { start, end, text, labels: [label] },
  }));
  const wholes = discontinuous(spans.map((span) => [span])).discontinuous ?? [];
  const relations = wholes.flatMap(([first, ...others]) =>
    others.map((other) => relation(ids[first!]!, ids[other]!)),
  );
  return { completed_by: document.annotator, result: [...results, ...relations, ...(rest?.others ?? [])] };
}

function relation(from: string, to: string): JsonObject {
  return { type: 'relation', from_id: from, to_id: to, direction: 'bi', labels: [FRAGMENT] };
}
