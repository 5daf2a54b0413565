import type { Rng } from '../ports';
import { seededRng } from '../random';
import { iterativeStratification } from './iterative';
import type { LabelTable } from './labelTable';
import { frequentTable, groupRows, selectUnits } from './labelTable';
import { withPairs } from './pairs';
import type { SplitNote } from './notes';
import { byKey, unitsOfNotes } from './notes';
import { refineParts } from './refine';
import { randomParts } from './sizes';

/**
 * - `random`: the study's shuffle and cuts.
 * - `is`: iterative stratification of order 1 (Sechidis et al. 2011), then exact sizes and exchanges that even labels out.
 * - `sois`: the same with order 2 (Szymański & Kajdanowicz 2017).
 * - `study-is`, `study-sois`: the study's two steps: the last part first, then the others from what is left, by
 *   iterative stratification alone, sizes as they come. The study names order 1; scikit-multilearn 0.2.0's
 *   `iterative_train_test_split`, which it calls, runs order 2.
 */
export const splitMethods = ['random', 'is', 'sois', 'study-is', 'study-sois'] as const;
export type SplitMethod = (typeof splitMethods)[number];

export interface SplitOptions {
  readonly method: SplitMethod;
  /** Relative sizes of the parts, such as 60, 20, 20; equal ones for folds. */
  readonly ratio: readonly number[];
  readonly seed: number;
  /** Labels in fewer notes are left out of stratification; the study's is 10. */
  readonly minNotes: number;
}

/** A split of notes: the part of each, `[notes]`, with the labels it was stratified by. */
export interface NoteParts {
  readonly parts: Int32Array;
  readonly stratified: readonly string[];
}

/**
 * Splits notes into parts, never tearing a group apart. A function of the notes, whatever their order, and the
 * options. Sizes are within one note of their share, one group where notes have groups; `study-…` bounds none.
 */
export function splitParts(notes: readonly SplitNote[], options: SplitOptions): NoteParts {
  const order = orderByKey(notes);
  const sorted = order ? Array.from(order, (note) => notes[note]!) : notes;
  const { unitOf, units } = unitsOfNotes(sorted);
  const { labels, table } = stratificationTable(sorted, options);
  const ofUnits = partsOfUnits(groupRows(table, unitOf, units), options, seededRng(options.seed));
  const parts = new Int32Array(notes.length);
  for (let i = 0; i < parts.length; i++) parts[order ? order[i]! : i] = ofUnits[unitOf[i]!]!;
  return { parts, stratified: labels };
}

/** The notes in order of their keys; undefined where they are. */
function orderByKey(notes: readonly SplitNote[]): Int32Array | undefined {
  if (notes.every((note, i) => i === 0 || notes[i - 1]!.key <= note.key)) return undefined;
  return Int32Array.from(notes.keys()).sort((a, b) => byKey(notes[a]!, notes[b]!));
}

/** The labels that a method heeds, and which notes have them, or pairs of them. */
function stratificationTable(notes: readonly SplitNote[], { method, minNotes }: SplitOptions) {
  const noteLabels = notes.map((note) => note.labels);
  const { labels, table } = frequentTable(noteLabels, method === 'random' ? Infinity : minNotes);
  return { labels, table: method.endsWith('sois') ? withPairs(table) : table };
}

function partsOfUnits(table: LabelTable, { method, ratio }: SplitOptions, rng: Rng): Int32Array {
  if (method === 'random') return randomParts(table.sizes, ratio, rng);
  if (method === 'study-is' || method === 'study-sois') return stepwise(table, ratio, rng);
  return bestOf(table, ratio, rng);
}

/** Up to so many units chance decides much, and other starts and more exchanges cost little. */
const FEW_UNITS = 1000;
const OF_FEW = { starts: 4, steps: 6e5 } as const;
const OF_MANY = { starts: 1, steps: 3e5 } as const;

function bestOf(table: LabelTable, ratio: readonly number[], rng: Rng): Int32Array {
  const { starts, steps } = table.sizes.length <= FEW_UNITS ? OF_FEW : OF_MANY;
  // Steps beyond those grow with the occurrences, and time with them.
  const start = () =>
    refineParts(table, ratio, iterativeStratification(table, ratio, rng), steps + table.ids.length, rng);
  let best = start();
  for (let i = 1; i < starts; i++) {
    const other = start();
    if (other.cost < best.cost) best = other;
  }
  return best.parts;
}

/** The last part against all others, then the last of those, until one is left: 0.2, then 0.25 of the rest for 60/20/20. */
function stepwise(table: LabelTable, ratio: readonly number[], rng: Rng): Int32Array {
  const parts = new Int32Array(table.sizes.length);
  let rest = Int32Array.from(parts.keys());
  for (let part = ratio.length - 1; part > 0; part--) {
    const others = ratio.slice(0, part).reduce((sum, size) => sum + size, 0);
    const halves = iterativeStratification(selectUnits(table, rest), [others, ratio[part]!], rng);
    for (const [i, half] of halves.entries()) if (half === 1) parts[rest[i]!] = part;
    rest = rest.filter((_, i) => halves[i] === 0);
  }
  return parts;
}
