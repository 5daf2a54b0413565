import type { Utf16 } from '../text/offsets';
import { offsetMap } from '../text/offsets';

/** What a file says about a stretch of a note: offsets as it counts them, and the words it claims to lie there. */
export interface ClaimedSpan {
  readonly fragments: readonly (readonly [start: number, end: number])[];
  readonly surface?: string;
}

/** One way to understand a file's offsets. */
export interface OffsetReading {
  /** What it counts otherwise than code points of the text as it is; empty for that. */
  readonly name: string;
  /** Greatest offset that lies in the text. */
  readonly length: number;
  toUtf16(offset: number): Utf16;
  /** The other way round. */
  fromUtf16(offset: Utf16): number;
}

/** What one UTF-16 unit adds to an offset. A rule that does not apply to the unit leaves the weight as it is. */
type Rule = (text: string, at: number, weight: number) => number;

const leadingSpace = (text: string): number => /^\s*/.exec(text)![0].length;

const rules: { name: string; applies: (text: string) => boolean; weigh: (text: string) => Rule }[] = [
  {
    name: 'UTF-16 units',
    applies: (text) => /[\ud800-\udbff][\udc00-\udfff]/.test(text),
    weigh: () => (text, at, weight) => (isLow(text, at) ? 1 : weight),
  },
  {
    name: 'a line break of two characters as one',
    applies: (text) => text.includes('\r\n'),
    weigh: () => (text, at, weight) => (text[at] === '\n' && text[at - 1] === '\r' ? 0 : weight),
  },
  {
    name: 'a line break of one character as two',
    applies: (text) => /(^|[^\r])\n/.test(text),
    weigh: () => (text, at, weight) => (text[at] === '\n' && text[at - 1] !== '\r' ? 2 : weight),
  },
  {
    name: 'no byte-order mark',
    applies: (text) => text.startsWith('\ufeff'),
    weigh: () => (_, at, weight) => (at === 0 ? 0 : weight),
  },
  {
    name: 'no white space at the beginning',
    applies: (text) => /^\s/.test(text),
    weigh: (text) => {
      const space = leadingSpace(text);
      return (_, at, weight) => (at < space ? 0 : weight);
    },
  },
  {
    name: 'composed characters (NFC)',
    applies: (text) => /\p{M}/u.test(text) && text.normalize('NFC') !== text,
    weigh: (text) => {
      const absorbed = absorbedMarks(text);
      return (_, at, weight) => (absorbed.has(at) ? 0 : weight);
    },
  },
];

/** The reading that most formats document: Unicode code points of the text as it is. */
export function codePoints(text: string): OffsetReading {
  const { toUtf16, toCodePoint } = offsetMap(text);
  return { name: '', length: toCodePoint(text.length), toUtf16, fromUtf16: toCodePoint };
}

/**
 * The reading under which most of the claimed words lie where the file says: code points, or what tools are seen to
 * count instead (UTF-16 units, line breaks as one or two, no byte-order mark, composed letters). Ties go to the plainer.
 */
export function chooseReading(text: string, spans: readonly ClaimedSpan[]): OffsetReading {
  const plain = codePoints(text);
  const claimed = spans.filter(({ surface }) => surface !== undefined && loose(surface) !== '');
  let [best, most] = [plain, countFits(text, claimed, plain)];
  if (most === claimed.length) return plain;
  for (const combination of combinations(rules.filter(({ applies }) => applies(text)))) {
    const reading = weighted(text, combination);
    const fits = countFits(text, claimed, reading);
    if (fits > most) [best, most] = [reading, fits];
  }
  return best;
}

/** Whether the claimed words lie at a span, loosely: white space, punctuation, case and composition aside. */
export function fits(text: string, span: ClaimedSpan, reading: OffsetReading): boolean {
  const words = span.fragments.map(([start, end]) =>
    text.slice(reading.toUtf16(start), reading.toUtf16(end)),
  );
  const [found, claimed] = [words.join(' '), span.surface ?? ''];
  return found === claimed || loose(found) === loose(claimed);
}

function countFits(text: string, spans: readonly ClaimedSpan[], reading: OffsetReading): number {
  return spans.reduce((count, span) => count + (fits(text, span, reading) ? 1 : 0), 0);
}

function loose(words: string): string {
  const letters = words
    .normalize('NFC')
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, '');
  return letters || words.replace(/\s+/g, '');
}

/** Every choice of some rules but none, smaller choices first. */
function combinations<T>(items: readonly T[]): T[][] {
  const all = items.reduce<T[][]>((sets, item) => [...sets, ...sets.map((set) => [...set, item])], [[]]);
  return all.slice(1).sort((a, b) => a.length - b.length);
}

function weighted(text: string, chosen: readonly (typeof rules)[number][]): OffsetReading {
  const weigh = chosen.map((rule) => rule.weigh(text));
  const before = new Int32Array(text.length + 1);
  for (let i = 0; i < text.length; i++) {
    before[i + 1] =
      before[i]! + weigh.reduce((weight, rule) => rule(text, i, weight), isLow(text, i) ? 0 : 1);
  }
  const name = chosen.map((rule) => rule.name).join(', ');
  return {
    name,
    length: before[text.length]!,
    toUtf16: (offset) => lastAtMost(before, offset),
    fromUtf16: (offset) => before[offset]!,
  };
}

/** The last place with no more than `offset` before it: units that count nothing belong to what they follow. */
function lastAtMost(before: Int32Array, offset: number): number {
  let [low, high] = [0, before.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (before[middle]! <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}

function isLow(text: string, at: number): boolean {
  const [unit, previous] = [text.charCodeAt(at), text.charCodeAt(at - 1)];
  return unit >= 0xdc00 && unit <= 0xdfff && previous >= 0xd800 && previous <= 0xdbff;
}

/** Places of combining marks that composition joins with the letter before them. */
function absorbedMarks(text: string): Set<number> {
  const absorbed = new Set<number>();
  for (const { 0: cluster, index } of text.matchAll(/\P{M}\p{M}+/gu)) {
    const lost = [...cluster].length - [...cluster.normalize('NFC')].length;
    const letter = String.fromCodePoint(cluster.codePointAt(0)!).length;
    for (let k = 0; k < lost; k++) absorbed.add(index + letter + k);
  }
  return absorbed;
}
