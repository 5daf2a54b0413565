import type { MarkedNote } from '../../src/core/corpus/inlineMarkup';
import type { Rng } from '../../src/core/ports';
import { chance, pick, shuffled } from './chance';
import { noAccents, upper } from './letters';
import { sortedSpans } from './rewrite';

/** Shorter pieces say too little to learn from, UTF-16 units. */
const SHORTEST_PIECE = 60;

/** The part of a note between two places that cut no span. */
export function piece({ text, spans }: MarkedNote, start: number, end: number): MarkedNote {
  return {
    text: text.slice(start, end),
    spans: spans
      .filter((span) => start <= span.start && span.end <= end)
      .map((span) => ({ ...span, start: span.start - start, end: span.end - start })),
  };
}

/** Where a note can be cut: after a line break or a full stop, in no span. */
export function seams({ text, spans }: MarkedNote): number[] {
  return [...text.matchAll(/\n+|\. +/g)]
    .map(({ index, 0: found }) => index + found.length)
    .filter((at) => !spans.some((span) => span.start < at && at < span.end));
}

/** The note without its beginning or its end, where what is left is worth it. */
export function dropEnds(note: MarkedNote, rng: Rng): MarkedNote {
  const cuts = seams(note);
  if (cuts.length < 2) return note;
  const at = pick(cuts, rng);
  const part = chance(0.6, rng) ? piece(note, at, note.text.length) : piece(note, 0, at);
  return part.text.length > SHORTEST_PIECE && part.spans.length > 0 ? part : note;
}

/** One note after another. */
export function join(first: MarkedNote, second: MarkedNote, between = '\n'): MarkedNote {
  const shift = first.text.length + between.length;
  const later = second.spans.map((span) => ({
    ...span,
    start: span.start + shift,
    end: span.end + shift,
  }));
  return {
    text: first.text + between + second.text,
    spans: sortedSpans([...first.spans, ...later]),
  };
}

/** The note's sentences and lines in another order. */
export function shuffleSentences(note: MarkedNote, rng: Rng): MarkedNote {
  const cuts = [0, ...seams(note), note.text.length];
  const parts = cuts.slice(1).map((end, i) => piece(note, cuts[i]!, end));
  const visible = parts.filter(({ text }) => text !== '');
  return shuffled(visible, rng).reduce((done, part) => join(done, part, /\s$/.test(done.text) ? '' : ' '));
}

/** A CID-10 title at the end, in capitals without accents, as nursing notes have it. */
export function closingTitle(note: MarkedNote, rng: Rng, titles: readonly string[]): MarkedNote {
  const text = pick(titles, rng);
  const title = noAccents(upper({ text, spans: [{ label: 'Disorders', start: 0, end: text.length }] }));
  const body = { ...note, text: note.text.trimEnd() };
  const betweens = body.text.endsWith('.') ? [' ', '\n', '   '] : [' ', '. ', '\n', '  '];
  return join(body, title, pick(betweens, rng));
}
