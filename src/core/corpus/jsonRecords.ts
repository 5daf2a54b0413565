/** A record of a JSON file, parsed by itself so that a broken one takes no other with it. */
export interface JsonRecord {
  /** Its value; undefined where it does not parse. */
  readonly value: unknown;
  /** The line it begins on, from 1. */
  readonly line: number;
  /** Its stretch of the file's text. */
  readonly start: number;
  readonly end: number;
  /** Its key, where the file is one object of records. */
  readonly key?: string;
  /** A key of its own that it has twice: two records run into one, of which parsing keeps the last. */
  readonly repeated?: string;
}

/**
 * The records of a JSON or JSON Lines file: one a line, the items of an array, the values of one big object (told by
 * `isRecord`: an object that is no record itself), or objects one after the other. Blank lines and a byte-order mark
 * are passed over.
 */
export function jsonRecords(text: string, isRecord: (value: object) => boolean): JsonRecord[] {
  const source = text.startsWith('\ufeff') ? ` ${text.slice(1)}` : text;
  if (isLines(source)) return fromLines(source);
  const stretches = splitTop(source);
  if (stretches.length !== 1) return fromStretches(source, stretches);
  const [only] = stretches;
  const value = tryParse(source.slice(only!.start, only!.end));
  if (source[only!.start] === '[') return fromStretches(source, splitInside(source, only!));
  const inner = splitInside(source, only!);
  const isMap =
    value === undefined
      ? inner.length > 0 && inner.every(({ start, key }) => key !== undefined && source[start] === '{')
      : isObject(value) && !isRecord(value) && isObjectMap(value);
  return isMap ? fromStretches(source, inner) : fromStretches(source, stretches);
}

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function isObjectMap(value: object): boolean {
  const values: unknown[] = Object.values(value);
  return values.length > 0 && values.every(isObject);
}

/** JSON Lines: the first filled line is a value of its own, and no array of records. */
function isLines(source: string): boolean {
  const lines = source.matchAll(/\S[^\n]*/g);
  const first = lines.next().value?.[0];
  if (first === undefined) return true;
  const second = lines.next().value?.[0].trimStart();
  const value = tryParse(first);
  if (value === undefined) return second !== undefined && tryParse(second) !== undefined && /^\{/.test(first);
  return second !== undefined || (Array.isArray(value) && typeof value[0] === 'string');
}

function fromLines(source: string): JsonRecord[] {
  let next = 0;
  return source.split('\n').flatMap((content, i) => {
    const from = next;
    next += content.length + 1;
    const trimmed = content.trim();
    if (trimmed === '') return [];
    const start = from + content.indexOf(trimmed);
    return [{ ...parseRecord(trimmed), line: i + 1, start, end: start + trimmed.length }];
  });
}

function parseRecord(json: string): Pick<JsonRecord, 'value' | 'repeated'> {
  const value = tryParse(json);
  if (!isObject(value)) return { value };
  const keys = splitInside(json, { start: 0, end: json.length }).flatMap(({ key }) => key ?? []);
  const seen = new Set<string>();
  const repeated = keys.find((key) => seen.size === seen.add(key).size);
  return { value, ...(repeated === undefined ? {} : { repeated }) };
}

interface Stretch {
  readonly start: number;
  readonly end: number;
  readonly key?: string;
}

function fromStretches(source: string, stretches: readonly Stretch[]): JsonRecord[] {
  let [line, counted] = [1, 0];
  return stretches.map(({ start, end, key }) => {
    for (; counted < start; counted++) if (source[counted] === '\n') line++;
    return {
      ...parseRecord(source.slice(start, end)),
      line,
      start,
      end,
      ...(key === undefined ? {} : { key }),
    };
  });
}

/** The values that follow each other at the top of the file. */
function splitTop(source: string): Stretch[] {
  return split(source, 0, source.length);
}

/** The items of an array, or the values of an object with their keys. */
function splitInside(source: string, { start, end }: Stretch): Stretch[] {
  const closed = source[end - 1] === (source[start] === '[' ? ']' : '}');
  return split(source, start + 1, closed ? end - 1 : end);
}

/** Cuts `from..to` at the commas and gaps outside of brackets and quotes; a value after `"key":` gets the key. */
function split(source: string, from: number, to: number): Stretch[] {
  const stretches: Stretch[] = [];
  let key: string | undefined;
  let at = from;
  while (at < to) {
    const character = source[at]!;
    if (/[\s,]/.test(character)) {
      at++;
      continue;
    }
    const end = valueEnd(source, at, to);
    const colon = /\s*:/y;
    colon.lastIndex = end;
    if (character === '"' && colon.test(source) && colon.lastIndex <= to) {
      const parsed = tryParse(source.slice(at, end));
      key = typeof parsed === 'string' ? parsed : source.slice(at, end);
      at = colon.lastIndex;
      continue;
    }
    stretches.push({ start: at, end, ...(key === undefined ? {} : { key }) });
    key = undefined;
    at = end;
  }
  return stretches;
}

const structure = /["[\]{}]/g;
/** Where the value that begins here ends: at its closing bracket or quote, else before the next comma or gap. */
function valueEnd(source: string, start: number, to: number): number {
  const first = source[start]!;
  if (first === '"') return Math.min(to, stringEnd(source, start));
  if (first !== '{' && first !== '[') {
    const plain = /[^\s,:"[\]{}]*/y;
    plain.lastIndex = start;
    plain.test(source);
    return Math.min(to, Math.max(plain.lastIndex, start + 1));
  }
  let depth = 0;
  structure.lastIndex = start;
  for (let found = structure.exec(source); found && found.index < to; found = structure.exec(source)) {
    if (found[0] === '"') structure.lastIndex = stringEnd(source, found.index);
    else if (found[0] === '{' || found[0] === '[') depth++;
    else if (--depth === 0) return found.index + 1;
  }
  return to;
}

function stringEnd(source: string, start: number): number {
  for (let quote = source.indexOf('"', start + 1); quote >= 0; quote = source.indexOf('"', quote + 1)) {
    let escapes = quote;
    while (source[escapes - 1] === '\\') escapes--;
    if ((quote - escapes) % 2 === 0) return quote + 1;
  }
  return source.length;
}

function tryParse(json: string): unknown {
  try {
    return JSON.parse(json) as unknown;
  } catch {
    return undefined;
  }
}
