import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { ScoredRows } from '../../../src/core/evaluate/scoredRows';

type Numbers = (number | null)[];

/** A case of test/oracles/metrics.json; null stands for NaN, and for the infinite first threshold of a ROC curve. */
export interface MetricsCase {
  readonly name: string;
  readonly labels: number;
  readonly truth: number[];
  readonly scores: number[];
  readonly single: boolean;
  readonly logits?: number[];
  readonly atHalf: Record<'precision' | 'recall' | 'f1' | 'support', number[]>;
  readonly study: { threshold: number } & Record<
    'micro' | 'macro',
    { precision: number; recall: number; f1: number; rocAuc: number | null }
  >;
  readonly labelThresholds: number[];
  readonly rocAuc: { perLabel: Numbers; micro: number | null };
  readonly averagePrecision: { perLabel: number[]; micro: number; macro: number };
  readonly calibrationError: { perLabel: number[]; micro: number };
  readonly curves: Record<
    'precision' | 'recall' | 'thresholds' | 'falsePositiveRate' | 'truePositiveRate' | 'rocThresholds',
    Numbers
  >[];
}

export const oracle: {
  readonly cases: readonly MetricsCase[];
  readonly student: readonly { t: number; degrees: number; twoSided: number }[];
} = JSON.parse(readFileSync(path.join(__dirname, '..', '..', 'oracles', 'metrics.json'), 'utf8'));

export function rowsOf({ labels, truth, scores, single }: MetricsCase): ScoredRows {
  return {
    labels: Array.from({ length: labels }, (_, i) => `L${i}`),
    scores: single ? Float32Array.from(scores) : Float64Array.from(scores),
    truth: Uint8Array.from(truth),
  };
}

/** Equal to 1e-12; what is NaN or infinite there is undefined, NaN or infinite here. */
export function assertClose(
  actual: Iterable<number | undefined>,
  expected: readonly (number | null)[],
  what: string,
): void {
  const values = [...actual];
  assert.equal(values.length, expected.length, `${what}: length`);
  expected.forEach((wanted, i) => {
    const value = values[i] ?? NaN;
    const same = wanted === null ? !Number.isFinite(value) : Math.abs(value - wanted) <= 1e-12;
    assert.ok(same, `${what}[${i}]: ${value} instead of ${wanted}`);
  });
}
