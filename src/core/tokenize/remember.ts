/**
 * Remembers a pure function's most recent results. Two generations stand in for a strict least-recently-used order,
 * which would cost more than it saves: when the young one is full it becomes the old one, and the old one is dropped.
 */
export function remember<Value>(compute: (key: string) => Value, capacity = 32_768): (key: string) => Value {
  let young = new Map<string, Value>();
  let old = young;
  return (key) => {
    const known = young.get(key);
    if (known !== undefined) return known;
    const value = old.get(key) ?? compute(key);
    if (young.size >= capacity / 2) {
      old = young;
      young = new Map();
    }
    young.set(key, value);
    return value;
  };
}
