import { seededRng } from '../src/core/random';
import type { SplitNote } from '../src/core/split/notes';
import type { SplitMethod } from '../src/core/split/split';
import { splitParts } from '../src/core/split/split';

const SIZES = [25_000, 50_000, 100_000];
const LABELS = 100;
const methods: readonly SplitMethod[] = ['random', 'is', 'sois', 'study-is'];

/** Label l occurs in a share 0.4 / (1 + 0.25 l) of the notes, 5.4 labels a note: as bench/rivals/split.py invents them. */
function inventNotes(count: number): SplitNote[] {
  const rng = seededRng(1);
  const labels = Array.from({ length: LABELS }, (_, label) => `L${String(label).padStart(3, '0')}`);
  return Array.from({ length: count }, (_, note) => ({
    key: note.toString(16).padStart(16, '0'),
    labels: labels.filter((_, label) => rng() < 0.4 / (1 + 0.25 * label)),
    groups: [],
  }));
}

/** Seconds to split notes × 100 labels 60/20/20 at three sizes: the best of `repeat`, after a warm-up. */
export function benchSplits(repeat = 3): void {
  console.log(`split, ${LABELS} labels, 60/20/20, seconds (best of ${repeat})`);
  console.log(['notes', ...methods].map((cell) => cell.padStart(10)).join(''));
  for (const size of SIZES) {
    const notes = inventNotes(size);
    const seconds = methods.map((method) => {
      const times = Array.from({ length: repeat + 1 }, () => timeSplit(notes, method));
      return Math.min(...times.slice(1)).toFixed(2);
    });
    console.log([String(size), ...seconds].map((cell) => cell.padStart(10)).join(''));
  }
}

function timeSplit(notes: readonly SplitNote[], method: SplitMethod): number {
  const start = performance.now();
  splitParts(notes, { method, ratio: [60, 20, 20], seed: 1, minNotes: 10 });
  return (performance.now() - start) / 1000;
}
