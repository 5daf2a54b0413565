import { bratLabel } from '../export/formats';
import { UMLS_GROUPS } from '../labels/umlsGroups';
import { compareSpans } from '../text/entity';
import type { Span } from '../text/entity';
import type { Chunk, ChunkScheme } from './conllTags';
import { tagsOf } from './conllTags';
import { escapeSpace } from './conll';
import type { CorpusDocument } from './document';
import { wordTokens } from './wordTokens';
import type { WriteResult } from './written';
import { loseProvenance, Losses, restOf, wellFormed } from './written';

interface FlatSpan extends Span {
  readonly label: string;
}

/**
 * One file of columns token, spacing, tag, parted by tabs. CoNLL holds no overlaps: of spans that share characters the
 * longest is kept, and the others are reported, as are discontinuous ones, written as their fragments.
 */
export function writeConll(documents: readonly CorpusDocument[], scheme: ChunkScheme = 'IOB2'): WriteResult {
  const losses = new Losses();
  const text = documents.map((document) => toConll(document, scheme, losses)).join('');
  return { files: [{ name: 'corpus.conll', text }], problems: losses.problems };
}

function toConll(document: CorpusDocument, scheme: ChunkScheme, losses: Losses): string {
  loseProvenance(document, losses);
  restOf(document, 'conll', losses);
  const text = wellFormed(document, losses);
  const spans = flatSpans({ ...document, text }, losses);
  const tokens = tokensOf(text, spans);
  const first = new Map(tokens.map(({ start }, i) => [start, i]));
  const last = new Map(tokens.map(({ end }, i) => [end, i]));
  const chunks = spans.map(({ start, end, label }) => ({
    label: conllLabel(label),
    first: first.get(start)!,
    last: last.get(end)!,
  })) satisfies Chunk[];
  const tags = tagsOf(chunks, tokens.length, scheme);
  const leading = text.slice(0, tokens[0]?.start ?? text.length);
  const misc = [
    `Id=${escapeSpace(document.id)}`,
    ...(leading ? [`SpacesBefore=${escapeSpace(leading)}`] : []),
  ];
  const lines = tokens.map(({ start, end }, i) => {
    const gap = text.slice(end, tokens[i + 1]?.start ?? text.length);
    const line = `${text.slice(start, end)}\t${spacing(gap, i === tokens.length - 1)}\t${tags[i]}\n`;
    return gap.includes('\n') ? `${line}\n` : line;
  });
  return `-DOCSTART-\t${misc.join('|')}\tO\n\n${lines.join('')}\n`;
}

function spacing(gap: string, last: boolean): string {
  if (gap === '') return last ? '_' : 'SpaceAfter=No';
  return gap === ' ' && !last ? '_' : `SpacesAfter=${escapeSpace(gap)}`;
}

function flatSpans(document: CorpusDocument, losses: Losses): FlatSpan[] {
  const torn = document.annotations.filter(({ fragments }) => fragments.length > 1).length;
  if (torn > 0) losses.add(document, `${torn} discontinuous annotations are written as their fragments`);
  const all = document.annotations.flatMap(({ label, fragments }) =>
    fragments.map((fragment) => trimmed(document.text, { ...fragment, label })),
  );
  const renamed = document.annotations.filter(({ label }) => !isHeld(label)).length;
  if (renamed > 0) losses.add(document, `${renamed} labels are not held as they are`);
  const spans = all.flatMap(({ span }) => (span.start < span.end ? [span] : []));
  const changed = all.filter(({ cut }) => cut).length;
  if (changed > 0) losses.add(document, `white space at the edges of ${changed} spans is left out`);
  const longestFirst = [...spans].sort((a, b) => b.end - b.start - (a.end - a.start) || compareSpans(a, b));
  const kept = new Uint8Array(document.text.length);
  const flat = longestFirst.filter(({ start, end }) => {
    if (kept.subarray(start, end).includes(1)) return false;
    kept.fill(1, start, end);
    return true;
  });
  const lost = spans.length - flat.length;
  if (lost > 0) losses.add(document, `${lost} spans that overlap longer ones are left out`);
  return flat.sort(compareSpans);
}

function trimmed(text: string, span: FlatSpan): { span: FlatSpan; cut: boolean } {
  const words = text.slice(span.start, span.end);
  const start = span.start + (words.length - words.trimStart().length);
  const end = Math.max(start, span.end - (words.length - words.trimEnd().length));
  return { span: { ...span, start, end }, cut: start !== span.start || end !== span.end };
}

/** Words and single punctuation marks, cut also where a span begins or ends. */
function tokensOf(text: string, spans: readonly FlatSpan[]): Span[] {
  const edges = new Set(spans.flatMap(({ start, end }) => [start, end]));
  const tokens: { start: number; end: number }[] = [];
  for (const word of wordTokens(text)) {
    let { start } = word;
    for (let at = start + 1; at <= word.end; at++) {
      if (at < word.end && !edges.has(at)) continue;
      tokens.push({ start, end: at });
      start = at;
    }
  }
  return tokens;
}

const groupNames = new Map(UMLS_GROUPS.map((group) => [bratLabel(group), group]));

/** Semantic groups are written without spaces, as readers that part columns at any space need them. */
function conllLabel(label: string): string {
  return UMLS_GROUPS.includes(label) ? bratLabel(label) : label.replace(/[\t\r\n]/g, '_').trim() || '_';
}

function isHeld(label: string): boolean {
  return UMLS_GROUPS.includes(label) || (conllLabel(label) === label && !groupNames.has(label));
}
