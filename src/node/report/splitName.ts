import type { RunRecord } from '../../core/experiments/runFiles';

/** Digits of a split's hash that tell it from another. */
const HASH_DIGITS = 8;

/** A split as the report names it. */
export function splitName({ split }: Pick<RunRecord, 'split'>): string {
  return split.sha256.slice(0, HASH_DIGITS);
}
