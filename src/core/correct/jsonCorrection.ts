import { applyEdits, findNodeAtLocation, modify, parseTree } from 'jsonc-parser';
import type { Annotation } from '../corpus/document';
import { asArray, asObject } from '../corpus/jsonValues';
import type { Span } from '../text/entity';
import type { Correction, Rewritten } from './correction';
import { isSameAnnotation } from './correction';
import type { ItemsOf, JsonPath, ListFormat, RecordItems } from './jsonItems';
import { recordItems } from './jsonItems';
import { labelPath, likeTheOthers, offsetPaths } from './jsonShapes';

/**
 * A record of doccano or Prodigy with one correction: an item more or less in its list of spans, or other values in
 * one. Every other character of the record stays, numbers too large for JavaScript and escapes included.
 */
export function correctRecord(record: string, format: ListFormat, correction: Correction): Rewritten {
  const parsed = recordItems(tryParse(record), format);
  if (!parsed) return { refusal: 'unsafe' };
  if (correction.kind === 'add') return { text: add(record, parsed, correction.annotation, format) };
  const found = parsed.annotations.find(({ annotation }) =>
    isSameAnnotation(annotation, correction.annotation),
  );
  if (!found) return { refusal: 'gone' };
  if (correction.kind === 'remove') return { text: remove(record, parsed, found) };
  const { to } = correction;
  if (isInPlace(found, to)) return { text: change(record, parsed, found, to) };
  const without = remove(record, parsed, found);
  return { text: add(without, recordItems(tryParse(without), format)!, to, format) };
}

/** Whether the items of an annotation can say what it is to be: as many fragments, and items of its own. */
function isInPlace({ annotation, items, labelAt }: ItemsOf, to: Annotation): boolean {
  const isMoved = !isSameAnnotation({ ...annotation, label: to.label }, to);
  return !isMoved || (labelAt === undefined && to.fragments.length === items.length);
}

function add(record: string, parsed: RecordItems, annotation: Annotation, format: ListFormat): string {
  const { path, items = [], text, reading } = parsed;
  const values = annotation.fragments.map((fragment, k) =>
    likeTheOthers(
      items,
      k,
      { ...counted(fragment, reading), label: annotation.label, text: words(text, fragment) },
      format,
    ),
  );
  if (!parsed.items) return withTogether(set(record, path, values), parsed, items.length, values.length);
  const longer = values.reduce<string>(
    (json, value, k) => set(json, [...path, items.length + k], value, true),
    record,
  );
  return withTogether(longer, parsed, items.length, values.length);
}

/** Tells which of the list's new items are one annotation, where it is more than one. */
function withTogether(
  record: string,
  { together, togetherPath }: RecordItems,
  first: number,
  count: number,
): string {
  if (count < 2) return record;
  return set(record, togetherPath, [...together, Array.from({ length: count }, (_, k) => first + k)]);
}

function remove(record: string, parsed: RecordItems, { items, labelAt }: ItemsOf): string {
  const { path, together, togetherPath } = parsed;
  if (labelAt !== undefined)
    return set(record, [...path, items[0]!, ...labelPath(parsed.items![items[0]!], labelAt)], undefined);
  const shorter = [...items]
    .sort((a, b) => b - a)
    .reduce((json, item) => set(json, [...path, item], undefined), record);
  if (together.length === 0) return shorter;
  const left = together
    .filter((group) => group !== items)
    .map((group) => group.map((place) => place - items.filter((item) => item < place).length));
  return set(shorter, togetherPath, left.length > 0 ? left : undefined);
}

function change(record: string, parsed: RecordItems, found: ItemsOf, to: Annotation): string {
  const { path, reading, text } = parsed;
  const inOrder = [...found.items].sort((a, b) => startOf(a) - startOf(b));
  function startOf(item: number): number {
    const [start] = offsetPaths(parsed.items![item]);
    return Number(valueAt(parsed.items![item], start!));
  }
  let json = record;
  for (const [k, item] of inOrder.entries()) {
    const value = parsed.items![item];
    if (to.label !== found.annotation.label)
      json = set(json, [...path, item, ...labelPath(value, found.labelAt)], to.label);
    const [before, after] = [found.annotation.fragments[k]!, to.fragments[k]!];
    if (before.start === after.start && before.end === after.end) continue;
    const [startPath, endPath] = offsetPaths(value);
    const { start, end } = counted(after, reading);
    json = set(json, [...path, item, ...startPath], start);
    json = set(json, [...path, item, ...endPath], end);
    const fields = asObject(value);
    if (typeof fields?.text === 'string') json = set(json, [...path, item, 'text'], words(text, after));
    // Which tokens it covers is no longer known.
    for (const key of ['token_start', 'token_end'])
      if (fields && key in fields) json = set(json, [...path, item, key], undefined);
  }
  return json;
}

function valueAt(value: unknown, path: JsonPath): unknown {
  return path.reduce<unknown>(
    (inner, key) => (typeof key === 'number' ? asArray(inner)?.[key] : asObject(inner)?.[key]),
    value,
  );
}

function counted(
  { start, end }: Span,
  { fromUtf16 }: RecordItems['reading'],
): { start: number; end: number } {
  return { start: fromUtf16(start), end: fromUtf16(end) };
}

function words(text: string, { start, end }: Span): string {
  return text.slice(start, end);
}

/** Without formatting options what is put in brings no white space of its own. An undefined value takes its place away. */
function set(json: string, path: JsonPath, value: unknown, isArrayInsertion = false): string {
  if (value === undefined) return withoutValue(json, path);
  return applyEdits(json, modify(json, path, value, { isArrayInsertion }));
}

/** Takes an item, or a key with its value, out of its list with the comma that parted it from its neighbour. */
function withoutValue(json: string, path: JsonPath): string {
  const value = findNodeAtLocation(parseTree(json)!, path);
  const member = value?.parent?.type === 'property' ? value.parent : value;
  const siblings = member?.parent?.children;
  if (!member || !siblings) return json;
  const at = siblings.indexOf(member);
  const [previous, next] = [siblings[at - 1], siblings[at + 1]];
  const end = member.offset + member.length;
  const [from, to] = next
    ? [member.offset, next.offset]
    : [previous ? previous.offset + previous.length : member.offset, end];
  return json.slice(0, from) + json.slice(to);
}

function tryParse(json: string): unknown {
  try {
    return JSON.parse(json) as unknown;
  } catch {
    return undefined;
  }
}
