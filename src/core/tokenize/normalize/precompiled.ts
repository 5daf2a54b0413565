import type { Edit } from '../alignedText';
import { remember } from '../remember';
import { type Charsmap, readCharsmap } from './charsmap';
import type { Normalizer } from './normalizer';

/** Only what is not printable ASCII, and the printable characters beside it, can be graphemes of several characters. */
const runs = /(?:[\x20-\x7e]?[^\x20-\x7e]+)+[\x20-\x7e]?|[\x20-\x7e]+(?![^\x20-\x7e])/gu;
const printable = /^[\x20-\x7e]+$/;

/**
 * SentencePiece's normalisation (nmt_nfkc and its kin) as the `tokenizers` library does it: a grapheme of less than
 * six bytes is looked up whole, any other one character at a time. Throws TokenizerFileError.
 */
export function precompiled(base64: string): Normalizer {
  const charsmap = readCharsmap(base64);
  const graphemes = new Intl.Segmenter('und', { granularity: 'grapheme' });
  const editsWithin = remember((grapheme) => graphemeEdits(charsmap, grapheme));
  const asciiStays = keepsAscii(charsmap);
  return (text) => {
    const edits: Edit[] = [];
    for (const { 0: run, index } of text.matchAll(runs)) {
      if (asciiStays && printable.test(run)) continue;
      for (const { segment, index: within } of graphemes.segment(run)) {
        for (const edit of editsWithin(segment)) edits.push(moved(edit, index + within));
      }
    }
    return edits;
  };
}

function keepsAscii(charsmap: Charsmap): boolean {
  return Array.from({ length: 0x5f }, (_, i) => String.fromCharCode(0x20 + i)).every(
    (character) => charsmap.lookUp(character) === undefined,
  );
}

/** The edits of one grapheme, counted from its own start. */
function graphemeEdits(charsmap: Charsmap, grapheme: string): readonly Edit[] {
  const short = new TextEncoder().encode(grapheme).length < 6;
  const whole = short ? charsmap.lookUp(grapheme) : undefined;
  if (whole !== undefined) return [{ start: 0, end: grapheme.length, text: whole }];
  const edits: Edit[] = [];
  let at = 0;
  for (const character of grapheme) {
    const end = at + character.length;
    const text = charsmap.lookUp(character);
    if (text !== undefined) edits.push({ start: at, end, text });
    at = end;
  }
  return edits;
}

const moved = ({ start, end, text }: Edit, by: number): Edit => ({ start: start + by, end: end + by, text });
