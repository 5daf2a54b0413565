import { f1, precision, recall } from '../evaluate/rates';
import type { Counts } from '../evaluate/rates';
import type { OwnTallies } from './tallies';

/** The figures of a run or system, in the order of a row of `runFigures`. */
export const FIGURES = [
  'micro precision',
  'micro recall',
  'micro F1',
  'macro precision',
  'macro recall',
  'macro F1',
] as const;
export type FigureName = (typeof FIGURES)[number];

/** Figures of every run, `[runs, 6]`; NaN where a run has nothing counted. */
export function runFigures(tallies: OwnTallies): Float64Array {
  const runs = tallies.starts.length - 1;
  const figures = new Float64Array(runs * FIGURES.length);
  for (let run = 0; run < runs; run++) writeFigures(tallies, run, figures);
  return figures;
}

/** The rates of rates.ts on bare numbers: a dragged threshold asks for some ten thousand in a frame. */
function writeFigures(tallies: OwnTallies, run: number, figures: Float64Array): void {
  const { starts, truePositives, falsePositives, falseNegatives } = tallies;
  const [from, to] = [starts[run]!, starts[run + 1]!];
  let [allTp, allFp, allFn, precisions, recalls, f1s] = [0, 0, 0, 0, 0, 0];
  for (let i = from; i < to; i++) {
    const [tp, fp, fn] = [truePositives[i]!, falsePositives[i]!, falseNegatives[i]!];
    allTp += tp;
    allFp += fp;
    allFn += fn;
    if (tp === 0) continue;
    precisions += tp / (tp + fp);
    recalls += tp / (tp + fn);
    f1s += (2 * tp) / (2 * tp + fp + fn);
  }
  const pooled = { truePositives: allTp, falsePositives: allFp, falseNegatives: allFn };
  const at = run * FIGURES.length;
  const count = to - from;
  const micro = count === 0 ? [NaN, NaN, NaN] : [precision(pooled), recall(pooled), f1(pooled)];
  figures.set(micro, at);
  figures.set([precisions / count, recalls / count, f1s / count], at + 3);
}

/** One figure of one run. */
export function figureOf(figures: Float64Array, run: number, name: FigureName): number {
  return figures[run * FIGURES.length + FIGURES.indexOf(name)]!;
}

/** Counts of some runs added up by what is counted, in order of first appearance. */
export function pooledCounts(
  tallies: OwnTallies,
  runs: readonly number[],
  namesOf: (run: number) => readonly string[],
): Map<string, Counts> {
  const sums = new Map<string, Counts>();
  for (const run of runs) {
    namesOf(run).forEach((name, i) => {
      const cell = tallies.starts[run]! + i;
      const before = sums.get(name);
      sums.set(name, {
        truePositives: (before?.truePositives ?? 0) + tallies.truePositives[cell]!,
        falsePositives: (before?.falsePositives ?? 0) + tallies.falsePositives[cell]!,
        falseNegatives: (before?.falseNegatives ?? 0) + tallies.falseNegatives[cell]!,
      });
    });
  }
  return sums;
}
