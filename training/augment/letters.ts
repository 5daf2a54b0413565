import type { MarkedNote } from '../../src/core/corpus/inlineMarkup';

/** The note with other characters in the same places; what would not fit into the place of one stays. */
export function mapCharacters(
  { text, spans }: MarkedNote,
  map: (character: string, at: number) => string,
): MarkedNote {
  const mapped = Array.from({ length: text.length }, (_, at) => {
    const character = map(text[at]!, at);
    return character.length === 1 ? character : text[at]!;
  });
  return { text: mapped.join(''), spans };
}

/** é gives e; º and other characters that are no letter with an accent stay. */
export function withoutAccent(character: string): string {
  if (character < '\u0080') return character;
  const base = character.normalize('NFD')[0]!;
  return /[a-z]/i.test(base) ? base : character;
}

/** Lower case without accents, character for character. */
export function folded(text: string): string {
  return mapCharacters({ text, spans: [] }, (character) => withoutAccent(character).toLowerCase()).text;
}

/** All capitals. */
export function upper(note: MarkedNote): MarkedNote {
  return mapCharacters(note, (character) => character.toUpperCase());
}

/** No capitals. */
export function lower(note: MarkedNote): MarkedNote {
  return mapCharacters(note, (character) => character.toLowerCase());
}

/** No accents. */
export function noAccents(note: MarkedNote): MarkedNote {
  return mapCharacters(note, withoutAccent);
}

const letter = /\p{L}/u;
const shortCapitals = /(?<![\p{L}\p{N}_])[A-Z0-9]{2,4}(?![\p{L}\p{N}_])/gu;

/** Whether most letters are capitals. */
function isMostlyCapitals(text: string): boolean {
  const letters = text.match(/\p{L}/gu)?.length ?? 0;
  return (text.match(/\p{Lu}/gu)?.length ?? 0) > 0.6 * Math.max(1, letters);
}

/** Lower case but for the first letter of a sentence or line; abbreviations keep their capitals where they stand out. */
export function sentenceCase(note: MarkedNote): MarkedNote {
  const capitals = isMostlyCapitals(note.text);
  const kept = new Set(capitals ? [] : [...note.text.matchAll(shortCapitals)].flatMap(placesOf));
  let begins = true;
  return mapCharacters(note, (character, at) => {
    if (!letter.test(character)) {
      begins ||= character === '.' || character === '\n' || (capitals && character === ':');
      // A number begins a sentence as well as a letter does.
      begins &&= !/[0-9]/.test(character);
      return character;
    }
    const first = begins;
    begins = false;
    if (kept.has(at)) return character;
    return first ? character.toUpperCase() : character.toLowerCase();
  });
}

function placesOf({ index, 0: words }: RegExpExecArray): number[] {
  return Array.from(words, (_, i) => index + i);
}

/** `words` in the capitals of `model`: all, the first, or as they are. */
export function inCapitalsOf(model: string, words: string): string {
  const letters = model.match(/\p{L}/gu) ?? [];
  if (letters.length > 1 && letters.every(isCapital)) return words.toUpperCase();
  return letters.length > 0 && isCapital(letters[0]!)
    ? words.slice(0, 1).toUpperCase() + words.slice(1)
    : words;
}

function isCapital(character: string): boolean {
  return /\p{Lu}/u.test(character);
}
