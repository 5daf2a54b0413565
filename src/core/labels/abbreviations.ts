/** What clinical abbreviations can stand for. */
export type Abbreviations = ReadonlyMap<string, readonly string[]>;

/** Reads lines of `abbreviation<tab>expansion`; an abbreviation with several expansions has several lines. */
export function parseAbbreviations(lines: string): Abbreviations {
  const known = new Map<string, string[]>();
  for (const line of lines.split(/\r?\n/)) {
    const [short, long] = line.split('\t');
    if (short && long) known.set(short, [...(known.get(short) ?? []), long]);
  }
  return known;
}

/** The abbreviations among these words, in their order, each with what it can stand for. Case matters: `IC`, not `ic`. */
export function abbreviationsIn(
  words: string,
  known: Abbreviations,
): { short: string; long: readonly string[] }[] {
  const found = new Set(words.match(/[\p{L}\p{N}]+/gu)?.filter((word) => known.has(word)));
  return [...found].map((short) => ({ short, long: known.get(short)! }));
}
