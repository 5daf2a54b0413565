/** Marks a number kept as it was written; a private-use character, which JSON.stringify leaves as it is. */
const MARK = '\uE0A0';

/**
 * Parses JSON so that `stringifyKeepingNumbers` writes its numbers as they were: `2.0` is a float to whoever reads it in
 * Python, and transformers refuses `2` in its place. Numbers that would change are strings meanwhile.
 */
export function parseKeepingNumbers(text: string): unknown {
  const stringOrNumber = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;
  const marked = text.replaceAll(stringOrNumber, (token) =>
    token.startsWith('"') || String(Number(token)) === token ? token : `"${MARK}${token}"`,
  );
  return JSON.parse(marked);
}

export function stringifyKeepingNumbers(value: unknown): string {
  return JSON.stringify(value, null, 2).replaceAll(new RegExp(`"${MARK}([-+.\\deE]+)"`, 'g'), '$1');
}
