import type { Annotation } from '../../corpus/document';
import { f1 } from '../../evaluate/rates';
import type { Counts } from '../../evaluate/rates';
import type { Calibration } from '../../predict/calibration';
import type { Decoding } from '../../predict/decode';
import { entityLabels, labelScores } from '../../predict/decode';
import type { NoteLogits } from './noteLogits';
import { scoredTokens } from './noteLogits';

/** Thresholds on calibrated probabilities: one for all labels, and one each that lies near it. */
export interface FittedThresholds {
  readonly common: number;
  readonly perLabel: Readonly<Record<string, number>>;
}

/** 0.10, 0.11 … 0.80. */
const GRID = Array.from({ length: 71 }, (_, i) => (10 + i) / 100);
/** F1 is averaged over so many neighbouring thresholds: the peak of a noisy curve is chance. */
const WIDTH = 9;
/** A label's own threshold lies within this of the common one. */
const REACH = 0.15;
/** Characters of a label at which its own best and the common threshold count the same. */
const PRIOR = 800;

/**
 * Fits thresholds by character F1 on notes the encoder was not trained on. The scores are the decoder's, so that what
 * is fitted is what is used; white space between tokens, which joining adds, is left out at every threshold.
 */
export function fitThresholds(
  notes: readonly NoteLogits[],
  calibration: Calibration,
  decoding: Decoding,
): FittedThresholds {
  const labels = entityLabels(decoding.outputs, decoding.scheme);
  const curves = characterCurves(notes, calibration, decoding, labels);
  const common = GRID[argmax(smooth(pooledF1(curves), () => 0))]!;
  const perLabel = labels.map((label, i) => [label, ownThreshold(curves[i]!, common)] as const);
  return { common, perLabel: Object.fromEntries(perLabel) };
}

/** Counts of characters at each threshold of the grid, `[labels][thresholds]`. */
function characterCurves(
  notes: readonly NoteLogits[],
  calibration: Calibration,
  decoding: Decoding,
  labels: readonly string[],
): Counts[][] {
  const bins = labels.map(() => ({ hits: newBins(), misses: newBins() }));
  for (const note of notes) {
    const { text, annotations } = note.document;
    const inGold = labels.map((label) => charactersUpTo(text.length, annotations, label));
    for (const tokens of scoredTokens(note, calibration)) {
      const scores = labelScores(text, tokens, decoding);
      for (let i = 0, at = 0; i < tokens.starts.length; i++) {
        const [start, end] = [tokens.starts[i]!, tokens.ends[i]!];
        for (let label = 0; label < labels.length; label++, at++) {
          const hits = inGold[label]![end]! - inGold[label]![start]!;
          const bin = thresholdsUpTo(scores[at]!);
          bins[label]!.hits[bin]! += hits;
          bins[label]!.misses[bin]! += end - start - hits;
        }
      }
    }
  }
  return bins.map(({ hits, misses }) => countsFrom(hits, misses));
}

/** Bin b counts scores that reach b thresholds. */
const newBins = (): Float64Array => new Float64Array(GRID.length + 1);

function thresholdsUpTo(score: number): number {
  let count = Math.min(GRID.length, Math.max(0, Math.floor((score - GRID[0]!) * 100)));
  while (count < GRID.length && score >= GRID[count]!) count++;
  while (count > 0 && score < GRID[count - 1]!) count--;
  return count;
}

function countsFrom(hits: Float64Array, misses: Float64Array): Counts[] {
  const all = hits.reduce((sum, one) => sum + one, 0);
  const counts = new Array<Counts>(GRID.length);
  for (let t = GRID.length - 1, found = 0, wrong = 0; t >= 0; t--) {
    found += hits[t + 1]!;
    wrong += misses[t + 1]!;
    counts[t] = { truePositives: found, falsePositives: wrong, falseNegatives: all - found };
  }
  return counts;
}

/** How many characters before each offset are marked with a label, `[length + 1]`. */
function charactersUpTo(length: number, annotations: readonly Annotation[], label: string): Int32Array {
  const marked = new Uint8Array(length);
  for (const annotation of annotations) {
    if (annotation.label !== label) continue;
    for (const { start, end } of annotation.fragments) marked.fill(1, start, end);
  }
  const sums = new Int32Array(length + 1);
  for (let i = 0; i < length; i++) sums[i + 1] = sums[i]! + marked[i]!;
  return sums;
}

function pooledF1(curves: readonly Counts[][]): number[] {
  const sum = (t: number, key: keyof Counts): number =>
    curves.reduce((total, label) => total + label[t]![key], 0);
  return GRID.map((_, t) =>
    f1({
      truePositives: sum(t, 'truePositives'),
      falsePositives: sum(t, 'falsePositives'),
      falseNegatives: sum(t, 'falseNegatives'),
    }),
  );
}

/** The best threshold of a label near the common one, pulled to it the more, the fewer characters there are. */
function ownThreshold(curve: readonly Counts[], common: number): number {
  const scores = smooth(curve.map(f1), (values, i) => values[i < 0 ? 0 : values.length - 1]!);
  const near = scores.map((score, t) => (Math.abs(GRID[t]! - common) <= REACH + 1e-9 ? score : -1));
  const characters = curve[0]!.truePositives + curve[0]!.falseNegatives;
  const share = characters / (characters + PRIOR);
  return Number((share * GRID[argmax(near)]! + (1 - share) * common).toFixed(3));
}

/** The mean over neighbours; `beyond` says what lies past the ends. */
function smooth(
  values: readonly number[],
  beyond: (values: readonly number[], i: number) => number,
): number[] {
  return values.map((_, i) => {
    let sum = 0;
    for (let k = i - (WIDTH >> 1); k <= i + (WIDTH >> 1); k++) sum += values[k] ?? beyond(values, k);
    return sum / WIDTH;
  });
}

/** The first of the largest. */
function argmax(values: readonly number[]): number {
  return values.reduce((best, value, i) => (value > values[best]! ? i : best), 0);
}
