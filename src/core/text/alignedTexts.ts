import type { Utf16 } from './offsets';

/** Where offsets of one copy of a note lie in another one, both ways. */
export interface Alignment {
  there(offset: Utf16): Utf16;
  back(offset: Utf16): Utf16;
}

/**
 * A note as it is compared with its copies: editors and corpus files differ in a byte-order mark at the beginning, the
 * kind of line breaks, and white space at the end. Everything else of a note is the note.
 */
export function canonicalText(text: string): string {
  return text
    .replace(/^\ufeff/, '')
    .replaceAll(/\r\n?/g, '\n')
    .trimEnd();
}

/** The alignment of two copies of one note; undefined where they are not the same note (see `canonicalText`). */
export function alignTexts(here: string, there: string): Alignment | undefined {
  if (here === there) return { there: (offset) => offset, back: (offset) => offset };
  if (canonicalText(here) !== canonicalText(there)) return undefined;
  const [one, other] = [places(here), places(there)];
  return { there: (offset) => move(offset, one, other), back: (offset) => move(offset, other, one) };
}

interface Places {
  /** Of each offset, `[length + 1]`, the canonical one. */
  readonly toCanonical: Int32Array;
  /** Of each canonical offset, the first in the text. */
  readonly toText: Int32Array;
}

function places(text: string): Places {
  const toCanonical = new Int32Array(text.length + 1);
  for (let i = 0; i < text.length; i++) {
    const dropped = (i === 0 && text[i] === '\ufeff') || (text[i] === '\r' && text[i + 1] === '\n');
    toCanonical[i + 1] = toCanonical[i]! + (dropped ? 0 : 1);
  }
  const toText = new Int32Array(toCanonical.at(-1)! + 1);
  for (let i = text.length; i >= 0; i--) toText[toCanonical[i]!] = i;
  if (text.startsWith('\ufeff')) toText[0] = 1;
  return { toCanonical, toText };
}

function move(offset: Utf16, from: Places, to: Places): Utf16 {
  const canonical = from.toCanonical[Math.min(offset, from.toCanonical.length - 1)]!;
  return to.toText[Math.min(canonical, to.toText.length - 1)]!;
}
