import type { Span } from '../text/entity';
import { offsetMap } from '../text/offsets';
import type { BratRest } from './brat';
import { isLineGap } from './brat';
import type { LabelNames } from './bratLabels';
import { bratConfiguration } from './bratConfiguration';
import { bratNames, canDisplay } from './bratLabels';
import type { Annotation, CorpusDocument } from './document';
import type { WriteResult } from './written';
import { loseProvenance, Losses, restOf, wellFormed } from './written';

/** An `.ann` and a `.txt` a note, with the two settings files that let BRAT show the labels by their own names. */
export function writeBrat(
  documents: readonly CorpusDocument[],
  fileName: (document: CorpusDocument) => string,
): WriteResult {
  const losses = new Losses();
  const names = bratNames(documents.flatMap(({ annotations }) => annotations.map(({ label }) => label)));
  const files = documents.flatMap((document) => {
    loseProvenance(document, losses);
    const lost = document.annotations.filter(({ label }) => !canDisplay(label)).length;
    if (lost > 0) losses.add(document, `${lost} labels are not held as they are`);
    const name = fileName(document);
    return [
      { name: `${name}.ann`, text: toAnn(document, names, losses) },
      { name: `${name}.txt`, text: wellFormed(document, losses) },
    ];
  });
  const lines = documents.flatMap((document) => bratRest(document)?.lines ?? []);
  return { files: [...files, ...bratConfiguration(names, lines)], problems: losses.problems };
}

function toAnn(document: CorpusDocument, names: LabelNames, losses: Losses): string {
  const ids = bratIds(document.annotations);
  const { toCodePoint } = offsetMap(document.text);
  const rest = restOf<BratRest>(document, 'brat', losses);
  const lines = document.annotations.flatMap(({ label, fragments, id }, i) => {
    const order = id === undefined ? undefined : rest?.orders[id];
    const pieces = inOrder(fragments, order).flatMap((fragment) => withinLines(document.text, fragment));
    if (!isHeld(document.text, fragments, pieces))
      losses.add(document, `${ids[i]}: line breaks at its edges or between its fragments are not held`);
    if (pieces.length === 0) return [];
    const offsets = pieces.map(({ start, end }) => `${toCodePoint(start)} ${toCodePoint(end)}`).join(';');
    const surface = pieces.map(({ start, end }) => document.text.slice(start, end)).join(' ');
    return [`${ids[i]}\t${names.get(label)!} ${offsets}\t${surface}\n`];
  });
  return lines.join('') + (rest?.lines ?? []).map((line) => `${line}\n`).join('');
}

/** Fragments as the file had them, if they still are as many. */
function inOrder(fragments: readonly Span[], order: readonly number[] | undefined): readonly Span[] {
  return order?.length === fragments.length ? order.map((place) => fragments[place]!) : fragments;
}

function bratRest({ rest }: CorpusDocument): BratRest | undefined {
  const given = rest as { format?: unknown; content?: BratRest } | undefined;
  return given?.format === 'brat' ? given.content : undefined;
}

/** BRAT's own ids where annotations have them, each once; the next free one elsewhere, which nothing refers to. */
function bratIds(annotations: readonly Annotation[]): string[] {
  const taken = new Set<string>();
  const given = annotations.map(({ id }) => {
    const keeps = id !== undefined && /^T\d+$/.test(id) && !taken.has(id);
    if (keeps) taken.add(id);
    return keeps ? id : undefined;
  });
  let next = 1;
  return given.map((id) => {
    if (id !== undefined) return id;
    while (taken.has(`T${next}`)) next++;
    return `T${next++}`;
  });
}

/** The stretches of a span between its line breaks, blank lines left out: BRAT's spans do not cross lines. */
export function withinLines(text: string, { start, end }: Span): Span[] {
  return [...text.slice(start, end).matchAll(/[^\r\n]+/g)]
    .filter((piece) => piece[0].trim() !== '' || !/[\r\n]/.test(text.slice(start, end)))
    .map((piece) => ({ start: start + piece.index, end: start + piece.index + piece[0].length }));
}

/** Whether reading the pieces gives the fragments again. */
function isHeld(text: string, fragments: readonly Span[], pieces: readonly Span[]): boolean {
  const gapOfLines = fragments.some(
    ({ start }, i) => i > 0 && isLineGap(text.slice(fragments[i - 1]!.end, start)),
  );
  const edges = fragments.every(
    ({ start, end }) =>
      pieces.some((piece) => piece.start === start) && pieces.some((piece) => piece.end === end),
  );
  return edges && !gapOfLines;
}
