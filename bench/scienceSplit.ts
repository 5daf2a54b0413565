// The split part of npm run bench:science: the time and the evenness of our splits and of the Python packages', of the
// very same notes, and how our time grows with the notes.
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { seededRng } from '../src/core/random';
import type { LabelTable } from '../src/core/split/labelTable';
import { frequentTable } from '../src/core/split/labelTable';
import type { SplitMeasures } from '../src/core/split/measures';
import { measureSplit } from '../src/core/split/measures';
import type { SplitNote } from '../src/core/split/notes';
import { withPairs } from '../src/core/split/pairs';
import type { SplitMethod } from '../src/core/split/split';
import { splitParts } from '../src/core/split/split';
import { askRival, inFolder, rivalPython } from './rivalPython';
import type { Timed } from './timed';
import { better, timed } from './timed';

const LABELS = 100;
const RATIO = [60, 20, 20];
const SIZES = [25_000, 50_000, 100_000];
const methods: readonly SplitMethod[] = ['random', 'is', 'sois', 'study-is', 'study-sois'];
/** Runs of ours before and after a rival, of which the fastest counts. */
const RUNS = 8;

interface Rival {
  readonly name: string;
  /** Our method of the same order. */
  readonly method: SplitMethod;
  /** scikit-multilearn's grow faster than linearly, so they are smaller. */
  readonly sizes: readonly number[];
  /** How many times as fast ours is to be at the largest size. */
  readonly aim: number;
}

const RIVALS: readonly Rival[] = [
  { name: 'iterative-stratification', method: 'is', sizes: SIZES, aim: 1 },
  { name: 'scikit-multilearn order 1', method: 'is', sizes: [5000, 10_000, 20_000], aim: 100 },
  { name: 'scikit-multilearn order 2', method: 'sois', sizes: [5000, 10_000, 20_000], aim: 100 },
];

export function benchSplits(): void {
  const notes = inventNotes(SIZES.at(-1)!);
  console.log(`Splits: ${LABELS} labels, 5.4 a note, 60/20/20, seconds; the fastest of ${RUNS} runs`);
  console.log(['notes', ...methods].map((cell) => cell.padStart(12)).join(''));
  for (const size of SIZES) {
    const seconds = methods.map((method) => timeSplit(notes.slice(0, size), method).seconds.toFixed(3));
    console.log([String(size), ...seconds].map((cell) => cell.padStart(12)).join(''));
  }
  const python = rivalPython('split', ['skmultilearn.model_selection', 'iterstrat.ml_stratifiers', 'numpy']);
  inFolder((folder) => {
    writeFileSync(path.join(folder, 'labels.u8'), labelMatrix(notes));
    for (const rival of RIVALS) compareSizes(rival, notes, python, folder);
  });
}

function compareSizes(rival: Rival, notes: readonly SplitNote[], python: string, folder: string): void {
  console.log(`\n${rival.name}, two steps, and ${rival.method}, on the same notes`);
  for (const size of rival.sizes) {
    const own = notes.slice(0, size);
    const table = withPairs(
      frequentTable(
        own.map(({ labels }) => labels),
        1,
      ).table,
    );
    const before = timeSplit(own, rival.method);
    const theirs = askRival<RivalTime>(python, 'split.py', [folder, LABELS, size, rival.name, 1].map(String));
    const ours = better(before, timeSplit(own, rival.method));
    const theirParts = Int32Array.from(readFileSync(path.join(folder, 'parts.u8')));
    const ratio = theirs.seconds / ours.seconds;
    const isLast = size === rival.sizes.at(-1);
    const aim = isLast ? ` (aim ${rival.aim}x: ${ratio >= rival.aim ? 'reached' : 'missed'})` : '';
    console.log(
      `  ${String(size).padStart(7)} notes: ${theirs.seconds.toFixed(3)} s, ours ${ours.seconds.toFixed(3)} s ` +
        `(first run ${ours.firstSeconds.toFixed(3)}); ${ratio.toFixed(0)}x as fast${aim}, ` +
        `${(theirs.cpuSeconds / ours.cpuSeconds).toFixed(0)}x in CPU time\n` +
        `          ${evenness('theirs', table, theirParts)}; ${evenness('ours', table, ours.result)}`,
    );
  }
}

interface RivalTime {
  readonly version: string;
  readonly seconds: number;
  readonly cpuSeconds: number;
}

function evenness(whose: string, table: LabelTable, parts: Int32Array): string {
  const { labelDistribution, pairDistribution, examplesDistribution }: SplitMeasures = measureSplit(
    table,
    parts,
    RATIO,
  );
  const label = labelDistribution.toExponential(1);
  return `${whose} LD ${label}, LDP ${pairDistribution!.toExponential(1)}, ED ${examplesDistribution.toFixed(1)}`;
}

function timeSplit(notes: readonly SplitNote[], method: SplitMethod): Timed<Int32Array> {
  return timed(() => splitParts(notes, { method, ratio: RATIO, seed: 1, minNotes: 1 }).parts, RUNS);
}

/** Label l occurs in a share 0.4 / (1 + 0.25 l) of the notes. */
function inventNotes(count: number): SplitNote[] {
  const rng = seededRng(1);
  const labels = Array.from({ length: LABELS }, (_, label) => `L${String(label).padStart(3, '0')}`);
  return Array.from({ length: count }, (_, note) => ({
    key: note.toString(16).padStart(16, '0'),
    labels: labels.filter((_, label) => rng() < 0.4 / (1 + 0.25 * label)),
    groups: [],
  }));
}

/** 0 and 1, row-major `[notes, LABELS]`. */
function labelMatrix(notes: readonly SplitNote[]): Uint8Array {
  const matrix = new Uint8Array(notes.length * LABELS);
  for (const [note, { labels }] of notes.entries())
    for (const label of labels) matrix[note * LABELS + Number(label.slice(1))] = 1;
  return matrix;
}
