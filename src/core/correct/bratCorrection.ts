import { joinOverLines, TEXT_BOUND, textBound } from '../corpus/brat';
import type { LabelNames } from '../corpus/bratLabels';
import { labelOf } from '../corpus/bratLabels';
import { withinLines } from '../corpus/bratWriter';
import { ProblemList } from '../corpus/corpusFile';
import type { Annotation } from '../corpus/document';
import type { OffsetReading } from '../corpus/offsetReading';
import { chooseReading } from '../corpus/offsetReading';
import type { RawSpan } from '../corpus/placeSpans';
import { placeSpan } from '../corpus/placeSpans';
import { bratLabel } from '../export/formats';
import type { AnnLine } from './bratDependents';
import { annLines, lineBreakOf, withoutDependents } from './bratDependents';
import type { Correction, Rewritten } from './correction';
import { isSameAnnotation } from './correction';

/** What an `.ann` is corrected with. */
export interface BratNote {
  readonly text: string;
  /** The display names of the `visual.conf` that holds for it. */
  readonly display: LabelNames;
}

interface SpanLine {
  readonly at: number;
  readonly span: RawSpan;
  /** Where the reader sees it; undefined where it leaves it out. */
  readonly annotation: Annotation | undefined;
}

/**
 * An `.ann` with one correction: a new annotation is one line at the end with the next free number, a removed one takes
 * its line, any other changes the words of its own line that differ. Offsets count as those of the file do.
 */
export function correctAnn(ann: string, note: BratNote, correction: Correction): Rewritten {
  const lines = annLines(ann);
  const { spans, reading } = spansOf(lines, note);
  if (correction.kind === 'add') return added(ann, lines, spans, correction.annotation, note, reading);
  const found = spans.find(
    ({ annotation }) => annotation && isSameAnnotation(annotation, correction.annotation),
  );
  if (!found) return { refusal: 'gone' };
  if (correction.kind === 'change') return changed(lines, spans, found, correction.to, note, reading);
  const isShared = spans.some(({ at, span }) => at !== found.at && span.id === found.span.id);
  return withoutDependents(lines, found.at, isShared ? undefined : found.span.id);
}

function spansOf(lines: readonly AnnLine[], { text, display }: BratNote) {
  const unheard = new ProblemList('');
  const raw = lines.flatMap(({ content }, at) => {
    const span = textBound(content, at + 1, display, unheard);
    return span ? [{ at, span }] : [];
  });
  const reading = chooseReading(
    text,
    raw.map(({ span }) => span),
  );
  const spans = raw.map(({ at, span }): SpanLine => {
    const [annotation] = placeSpan(text, span, reading, unheard);
    const fragments = annotation && joinOverLines(text, annotation.fragments);
    return { at, span, annotation: annotation && { ...annotation, fragments: fragments! } };
  });
  return { spans, reading };
}

function added(
  ann: string,
  lines: readonly AnnLine[],
  spans: readonly SpanLine[],
  annotation: Annotation,
  note: BratNote,
  reading: OffsetReading,
): Rewritten {
  const name = nameFor(annotation.label, spans, lines, note.display);
  if (name === undefined) return { refusal: 'label' };
  const words = place(annotation, note.text, reading);
  if (!words) return { refusal: 'span' };
  const end = lineBreakOf(ann);
  const before = ann === '' || ann === '\ufeff' || ann.endsWith('\n') ? ann : ann + end;
  return { text: `${before}T${nextNumber(ann)}\t${name} ${words.offsets}\t${words.surface}${end}` };
}

/** Greater than any number after a `T` in the file: what points at a line that is gone must not find another. */
function nextNumber(ann: string): number {
  const taken = [...ann.matchAll(/\bT(\d{1,9})\b/g)].map(([, digits]) => Number(digits));
  return taken.reduce((most, one) => Math.max(most, one), 0) + 1;
}

function changed(
  lines: readonly AnnLine[],
  spans: readonly SpanLine[],
  { at, annotation }: SpanLine,
  to: Annotation,
  note: BratNote,
  reading: OffsetReading,
): Rewritten {
  const name = nameFor(to.label, spans, lines, note.display);
  if (to.label !== annotation!.label && name === undefined) return { refusal: 'label' };
  const words = place(to, note.text, reading);
  if (!words) return { refusal: 'span' };
  const { content, end } = lines[at]!;
  const moved = !isSameAnnotation({ ...annotation!, label: to.label }, to);
  const pieces: [Piece, string][] = [];
  if (to.label !== annotation!.label) pieces.push([Piece.label, name!]);
  if (moved) pieces.push([Piece.offsets, words.offsets], [Piece.surface, words.surface]);
  const line = withPieces(content, pieces) + end;
  return { text: lines.map((one, i) => (i === at ? line : one.content + one.end)).join('') };
}

/** Groups of `TEXT_BOUND`. */
enum Piece {
  label = 2,
  offsets = 3,
  surface = 4,
}

function withPieces(content: string, pieces: readonly (readonly [Piece, string])[]): string {
  const pattern = TEXT_BOUND.find((one) => one.test(content))!;
  const { indices } = new RegExp(pattern.source, `${pattern.flags}d`).exec(content)!;
  let line = content;
  // From the end of the line, so that the places before it hold.
  for (const [piece, text] of [...pieces].reverse()) {
    const found = indices![piece];
    if (found) line = line.slice(0, found[0]) + text + line.slice(found[1]);
  }
  return line;
}

/**
 * What the file calls a label: the name it has there already, the one that `visual.conf` shows so, or BRAT's own way to
 * write it. Undefined where no name would be read as this label.
 */
function nameFor(
  label: string,
  spans: readonly SpanLine[],
  lines: readonly AnnLine[],
  display: LabelNames,
): string | undefined {
  const used = spans.find(({ span }) => span.label === label);
  const known = [...display].find(([, shown]) => shown === label)?.[0];
  const name = (used && nameIn(lines[used.at]!.content)) ?? known ?? bratLabel(label);
  return /^\S+$/.test(name) && labelOf(name, display) === label ? name : undefined;
}

function nameIn(content: string): string {
  return TEXT_BOUND.map((pattern) => pattern.exec(content)).find(Boolean)![Piece.label]!;
}

/** BRAT's offsets and words of an annotation; undefined where nothing of it is left on any line. */
function place({ fragments }: Annotation, text: string, reading: OffsetReading) {
  const pieces = fragments.flatMap((fragment) => withinLines(text, fragment));
  if (pieces.length === 0) return undefined;
  const offsets = pieces.map(({ start, end }) => `${reading.fromUtf16(start)} ${reading.fromUtf16(end)}`);
  return {
    offsets: offsets.join(';'),
    surface: pieces.map(({ start, end }) => text.slice(start, end)).join(' '),
  };
}
