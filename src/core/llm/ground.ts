import type { QuotedEntity } from './answer';
import type { FoldedText } from './fold';
import { foldText, foldWords } from './fold';
import type { Grounding } from './modelNames';

/** A quotation with its place in the note, UTF-16, half-open. */
export interface GroundedEntity {
  readonly label: string;
  readonly start: number;
  readonly end: number;
}

/** What became of an answer's quotations; the counts add up to all of them. */
export interface GroundedAnswer {
  readonly entities: readonly GroundedEntity[];
  readonly counts: GroundingCounts;
}

export interface GroundingCounts {
  /** Found letter by letter. */
  readonly exact: number;
  /** Found but for case, accents or blanks. */
  readonly folded: number;
  /** Their words are nowhere in the note. */
  readonly invented: number;
  /** Their words are in the note, but less often than the answer has them. */
  readonly surplus: number;
}

export const NO_COUNTS: GroundingCounts = { exact: 0, folded: 0, invented: 0, surplus: 0 };

export function addCounts(a: GroundingCounts, b: GroundingCounts): GroundingCounts {
  return {
    exact: a.exact + b.exact,
    folded: a.folded + b.folded,
    invented: a.invented + b.invented,
    surplus: a.surplus + b.surplus,
  };
}

/** Gives quotations their places, none of them being dropped without being counted. */
export function groundAnswer(
  text: string,
  quoted: readonly QuotedEntity[],
  grounding: Grounding,
): GroundedAnswer {
  return grounding === 'in-order' ? inOrder(text, quoted) : atFirstMatch(text, quoted);
}

/** As the study's code does: repeated mentions fall on one place, and inside of words if that comes first. */
function atFirstMatch(text: string, quoted: readonly QuotedEntity[]): GroundedAnswer {
  const found = new Map<string, GroundedEntity>();
  const counts = { ...NO_COUNTS };
  for (const { label, text: words } of quoted) {
    const start = text.indexOf(words);
    const entity = { label, start, end: start + words.length };
    if (start < 0) counts.invented++;
    else if (found.has(keyOf(entity))) counts.surplus++;
    else counts.exact++;
    if (start >= 0) found.set(keyOf(entity), entity);
  }
  return { entities: [...found.values()], counts };
}

interface Place {
  readonly start: number;
  readonly end: number;
  readonly exact: boolean;
}

/**
 * Each mention takes the next place of its words that its label has not taken: from the mention before it onwards, else
 * from the note's beginning; letter by letter, else but for case, accents and blanks; and whole words, unless the note
 * has its words only within others.
 */
function inOrder(text: string, quoted: readonly QuotedEntity[]): GroundedAnswer {
  const places = new PlaceFinder(text);
  const taken = new Set<string>();
  const entities: GroundedEntity[] = [];
  const counts = { ...NO_COUNTS };
  let after = 0;
  for (const { label, text: words } of quoted) {
    const all = places.of(words);
    const free = all.filter((place) => !taken.has(keyOf({ label, ...place })));
    const place = nextPlace(free, after);
    if (!place) {
      counts[all.length === 0 ? 'invented' : 'surplus']++;
      continue;
    }
    counts[place.exact ? 'exact' : 'folded']++;
    const entity = { label, start: place.start, end: place.end };
    taken.add(keyOf(entity));
    entities.push(entity);
    after = place.start;
  }
  return { entities, counts };
}

function nextPlace(free: readonly Place[], after: number): Place | undefined {
  const later = free.filter(({ start }) => start >= after);
  for (const places of [later, free]) {
    const place = places.find(({ exact }) => exact) ?? places[0];
    if (place) return place;
  }
  return undefined;
}

const keyOf = ({ label, start, end }: GroundedEntity): string => `${start} ${end} ${label}`;

const WORD = /[\p{L}\p{N}]/u;

/** Where words are in a note, but for case, accents and blanks. */
class PlaceFinder {
  private readonly folded: FoldedText;
  private readonly known = new Map<string, readonly Place[]>();

  constructor(private readonly text: string) {
    this.folded = foldText(text);
  }

  /** In the note's order; whole words alone, unless there are none. */
  of(words: string): readonly Place[] {
    const known = this.known.get(words) ?? this.find(words.trim());
    this.known.set(words, known);
    return known;
  }

  private find(words: string): readonly Place[] {
    const sought = foldWords(words);
    if (sought === '') return [];
    const { text, starts, ends } = this.folded;
    const places: Place[] = [];
    for (let at = text.indexOf(sought); at >= 0; at = text.indexOf(sought, at + 1)) {
      const [start, end] = [starts[at]!, ends[at + sought.length - 1]!];
      places.push({ start, end, exact: this.text.slice(start, end) === words });
    }
    const whole = places.filter((place) => this.isWhole(place));
    return whole.length > 0 ? whole : places;
  }

  /** Whether no word goes on beyond either end. */
  private isWhole({ start, end }: Place): boolean {
    const crosses = (at: number): boolean =>
      at > 0 &&
      at < this.text.length &&
      WORD.test(charBefore(this.text, at)) &&
      WORD.test(charAt(this.text, at));
    return !crosses(start) && !crosses(end);
  }
}

function charAt(text: string, at: number): string {
  return String.fromCodePoint(text.codePointAt(at)!);
}

function charBefore(text: string, at: number): string {
  const low = text.charCodeAt(at - 1);
  return low >= 0xdc00 && low <= 0xdfff && at > 1 ? text.slice(at - 2, at) : text[at - 1]!;
}
