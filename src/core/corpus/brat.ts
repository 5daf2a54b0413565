import type { CorpusDocument, ReadResult } from './document';
import type { Companions, TextFile } from './corpusFile';
import { ProblemList, withoutMark } from './corpusFile';
import type { LabelNames } from './bratLabels';
import { displayNames, labelOf } from './bratLabels';
import type { RawSpan } from './placeSpans';
import { placeSpans } from './placeSpans';

/** What an `.ann` holds besides labels and places. */
export interface BratRest {
  /** The lines that are no text-bound annotations, as they are. */
  readonly lines: readonly string[];
  /** By id, the order in which fragments stand there, where that is not the order of the text. */
  readonly orders: Readonly<Record<string, readonly number[]>>;
}

/**
 * BRAT standoff: an `.ann` with the `.txt` beside it. Spans may nest and be discontinuous; fragments parted by nothing
 * but line breaks are one span, since BRAT has no other way to cross a line. Relations, events, attributes, notes
 * and whatever else stands there is kept. Offsets are code points of the text as it is, unless the words say otherwise.
 */
export function readBrat(ann: TextFile, companions: Companions): ReadResult {
  const problems = new ProblemList(ann.name);
  const id = ann.name.replace(/\.ann$/i, '');
  const note = companions.file(`${id}.txt`) ?? companions.file(`${id}.TXT`);
  if (!note) {
    problems.error('no .txt beside this .ann: left out');
    return { documents: [], problems: problems.all };
  }
  const display = displayNames(nearest('visual.conf', ann.name, companions)?.text ?? '');
  const spans: RawSpan[] = [];
  const others: string[] = [];
  for (const [i, line] of withoutMark(ann.text).split('\n').entries()) {
    const content = line.replace(/\r$/, '');
    const span = textBound(content, i + 1, display, problems);
    if (span) spans.push(span);
    else if (content.trim() !== '') others.push(checkOther(content, i + 1, problems));
  }
  reportRepeated(spans, problems);
  const annotations = placeSpans(note.text, spans, problems).map((annotation) => ({
    ...annotation,
    fragments: joinOverLines(note.text, annotation.fragments),
  }));
  const content: BratRest = { lines: others, orders: Object.fromEntries(spans.flatMap(orderOf)) };
  const besides = others.length > 0 || Object.keys(content.orders).length > 0;
  const rest = besides ? { rest: { format: 'brat', content } } : {};
  const document: CorpusDocument = { id, text: note.text, annotations, ...rest };
  return { documents: [document], problems: problems.all };
}

const standard = /^(T[^\s]+)\t([^\s]+) (\d+ \d+(?:;\d+ \d+)*)\t(.*)$/s;
/** Seen in the wild: tabs for spaces, labels with spaces, commas between offsets, no words. */
const variants = [
  /^(T[^\s]+)[\t ]+(.*?\S)[\t ]+(\d+[\t ,]+\d+(?:[\t ]*;[\t ]*\d+[\t ,]+\d+)*)(?:\t(.*))?$/s,
  /^(T[^\s]+)[\t ]+(\S+)[\t ]+(\d+[\t ,]+\d+)(?:[\t ]+(.*))?$/s,
];

/** The ways in which a text-bound annotation is written, BRAT's own first; groups: id, label's name, offsets, words. */
export const TEXT_BOUND: readonly RegExp[] = [standard, ...variants];

/** A line's text-bound annotation; undefined where the line is none. */
export function textBound(
  line: string,
  number: number,
  display: LabelNames,
  problems: ProblemList,
): RawSpan | undefined {
  const match = standard.exec(line);
  const found = match ?? variants.map((variant) => variant.exec(line)).find(Boolean);
  if (!found) return undefined;
  if (!match) problems.warn('a text-bound annotation written otherwise than BRAT does', number);
  const [, id, name, offsets, surface] = found;
  const fragments = offsets!.split(';').map(
    (fragment) =>
      fragment
        .trim()
        .split(/[\t ,]+/)
        .map(Number) as [number, number],
  );
  const label = labelOf(name!, display);
  return { id: id!, label, fragments, line: number, ...(surface === undefined ? {} : { surface }) };
}

/** Which fragment of the text stands first in the file, which second … */
function orderOf({ id, fragments }: RawSpan): [string, number[]][] {
  const starts = fragments.map(([start]) => start);
  const sorted = [...starts].sort((a, b) => a - b);
  const order = starts.map((start) => sorted.indexOf(start));
  return id === undefined || order.every((place, i) => place === i) ? [] : [[id, order]];
}

/** Relations, events, attributes, normalisations, notes, equivalences. */
function checkOther(line: string, number: number, problems: ProblemList): string {
  if (line.startsWith('T'))
    problems.error('a text-bound annotation that cannot be read: kept as it is', number);
  else if (!/^([REAMN]\S+|#\S*|\*)[\t ]/.test(line)) problems.warn('no annotation: kept as it is', number);
  return line;
}

function reportRepeated(spans: readonly RawSpan[], problems: ProblemList): void {
  const seen = new Set<string>();
  for (const { id, line } of spans) {
    if (seen.has(id!)) problems.warn(`${id} stands there twice`, line);
    seen.add(id!);
  }
}

type Fragments = CorpusDocument['annotations'][number]['fragments'];

/** Fragments that nothing but a line break parts are one. */
export function joinOverLines(text: string, fragments: Fragments): Fragments {
  const joined: { start: number; end: number }[] = [];
  for (const { start, end } of fragments) {
    const last = joined.at(-1);
    if (last && isLineGap(text.slice(last.end, start))) last.end = end;
    else joined.push({ start, end });
  }
  return joined;
}

/** Nothing but white space with a line break in it. */
export function isLineGap(gap: string): boolean {
  return /^\s*[\r\n]\s*$/.test(gap);
}

/** A settings file in the folder of a file or the next above, as BRAT looks for it. */
export function nearest(name: string, from: string, companions: Companions): TextFile | undefined {
  const folders = from.split('/').slice(0, -1);
  for (let depth = folders.length; depth >= 0; depth--) {
    const file = companions.file([...folders.slice(0, depth), name].join('/'));
    if (file) return file;
  }
  return undefined;
}
