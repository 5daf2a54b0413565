import { asArray, asObject } from '../corpus/jsonValues';
import type { JsonPath, ListFormat } from './jsonItems';

/** What an item of a list of spans says. */
export interface ItemContent {
  readonly start: number;
  readonly end: number;
  readonly label: string;
  readonly text: string;
}

const STARTS = ['start', 'start_offset', 'begin'];
const ENDS = ['end', 'end_offset', 'stop'];
const LABELS = ['label', 'labels', 'type'];

/** Where an item has its label: `[start, end, label]`, `[label, start, end]`, or an object's key. */
export function labelPath(item: unknown, labelAt: number | undefined): JsonPath {
  if (asArray(item)) return [isRotated(item) ? 0 : 2];
  const key = keyOf(item, LABELS);
  const list = asArray(asObject(item)?.[key]);
  return list ? [key, labelAt ?? 0] : [key];
}

/** Where an item has its start and its end. */
export function offsetPaths(item: unknown): [start: JsonPath, end: JsonPath] {
  if (asArray(item)) return isRotated(item) ? [[1], [2]] : [[0], [1]];
  return [[keyOf(item, STARTS)], [keyOf(item, ENDS)]];
}

function isRotated(item: unknown): boolean {
  const list = asArray(item);
  return typeof list?.[0] === 'string' && typeof list[2] === 'number';
}

/** A new item in the shape of those that are there, or in the format's own; `k` counts the new ones before it. */
export function likeTheOthers(
  items: readonly unknown[],
  k: number,
  content: ItemContent,
  format: ListFormat,
): unknown {
  const { start, end, label } = content;
  const model = items.find((item) => asArray(item) ?? asObject(item));
  const fields = asObject(model);
  if (!fields) {
    if (isRotated(model)) return [label, start, end];
    return model || format === 'doccano' ? [start, end, label] : { start, end, label };
  }
  const labelKey = keyOf(model, LABELS);
  return {
    ...nextId(items, k),
    [keyOf(model, STARTS)]: start,
    [keyOf(model, ENDS)]: end,
    [labelKey]: Array.isArray(fields[labelKey]) ? [label] : label,
    ...(typeof fields.text === 'string' ? { text: content.text } : {}),
  };
}

/** Where every item has a number for a name, so has a new one: the next. */
function nextId(items: readonly unknown[], k: number): { id?: number } {
  const ids = items.map((item) => asObject(item)?.id);
  if (!ids.every((id): id is number => Number.isSafeInteger(id))) return {};
  return { id: ids.reduce((most, id) => Math.max(most, id), 0) + 1 + k };
}

function keyOf(item: unknown, names: readonly string[]): string {
  const fields = asObject(item) ?? {};
  return names.find((name) => fields[name] !== undefined && fields[name] !== null) ?? names[0]!;
}
