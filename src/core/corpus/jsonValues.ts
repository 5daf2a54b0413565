/** Checks of parsed JSON at the border: what is not of the kind asked for is undefined. */
export type JsonObject = Readonly<Record<string, unknown>>;

export function asObject(value: unknown): JsonObject | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as JsonObject)
    : undefined;
}

export function asArray(value: unknown): readonly unknown[] | undefined {
  return Array.isArray(value) ? (value as unknown[]) : undefined;
}

export function asString(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** A name: a string that is not empty, or a number as its digits. */
export function asName(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** An offset: a number, or a string of digits as some exports have it; NaN for anything else, for checks to refuse. */
export function asOffset(value: unknown): number {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && /^\d{1,15}$/.test(value.trim()) ? Number(value) : NaN;
}

/** The first of several keys that the object has. */
export function firstOf(object: JsonObject, keys: readonly string[]): unknown {
  const key = keys.find((name) => object[name] !== undefined && object[name] !== null);
  return key === undefined ? undefined : object[key];
}

/** An object without some of its keys; undefined where nothing is left. */
export function without(object: JsonObject, keys: readonly string[]): JsonObject | undefined {
  const left = Object.entries(object).filter(([key]) => !keys.includes(key));
  return left.length === 0 ? undefined : Object.fromEntries(left);
}

/** The objects of a list; anything else in it is passed over. */
export function objectsIn(value: unknown): JsonObject[] {
  return (asArray(value) ?? []).filter((item): item is JsonObject => asObject(item) !== undefined);
}
