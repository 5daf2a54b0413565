import { median } from './median';

/** What was measured again and again, in milliseconds, and what its median is to stay within. */
export interface Aimed {
  readonly name: string;
  readonly values: readonly number[];
  readonly aim: number;
}

/** The medians over their aims, to the tenth that is printed, a line each; what was not measured misses its aim too. */
export function missedAims(measures: readonly Aimed[]): string[] {
  return measures.flatMap(({ name, values, aim }) => {
    if (values.length === 0) return [`${name}: not measured`];
    const middle = Math.round(10 * median(values)) / 10;
    return middle <= aim ? [] : [`${name}: ${middle} ms, where ${aim} is the aim`];
  });
}
