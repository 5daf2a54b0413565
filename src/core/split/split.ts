import type { Rng } from '../ports';
import { seededRng } from '../random';
import { iterativeStratification } from './iterative';
import type { LabelTable } from './labelTable';
import { groupRows, labelTable, withPairs } from './labelTable';
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
  const sorted = Array.from(order, (note) => notes[note]!);
  const stratified = options.method === 'random' ? [] : frequentLabels(notes, options.minNotes);
  const { unitOf, units } = unitsOfNotes(sorted);
  const table = groupRows(tableOf(sorted, stratified, options.method), unitOf, units);
  const ofUnits = partsOfUnits(table, options, seededRng(options.seed));
  const parts = new Int32Array(notes.length);
  for (const [i, note] of order.entries()) parts[note] = ofUnits[unitOf[i]!]!;
  return { parts, stratified };
}

function orderByKey(notes: readonly SplitNote[]): Int32Array {
  const order = Int32Array.from(notes.keys());
  const sorted = notes.every((note, i) => i === 0 || byKey(notes[i - 1]!, note) <= 0);
  return sorted ? order : order.sort((a, b) => byKey(notes[a]!, notes[b]!));
}

/** Labels that occur in at least so many notes, in alphabetical order. */
export function frequentLabels(notes: readonly SplitNote[], minNotes: number): string[] {
  const counts = new Map<string, number>();
  for (const { labels } of notes) for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1);
  return [...counts]
    .filter(([, count]) => count >= minNotes)
    .map(([label]) => label)
    .sort();
}

function tableOf(notes: readonly SplitNote[], labels: readonly string[], method: SplitMethod): LabelTable {
  const table = labelTable(
    notes.map((note) => note.labels),
    labels,
  );
  return method.endsWith('sois') ? withPairs(table) : table;
}

function partsOfUnits(table: LabelTable, { method, ratio }: SplitOptions, rng: Rng): Int32Array {
  if (method === 'random') return randomParts(table.sizes, ratio, rng);
  if (method === 'study-is' || method === 'study-sois') return stepwise(table, ratio, rng);
  return bestOf(table, ratio, rng);
}

/** Where units are few, chance decides much and another start costs little. */
const FEW_UNITS = 1000;
const STARTS = 4;

function bestOf(table: LabelTable, ratio: readonly number[], rng: Rng): Int32Array {
  const start = () => refineParts(table, ratio, iterativeStratification(table, ratio, rng), rng);
  let best = start();
  for (let i = 1; i < STARTS && table.sizes.length <= FEW_UNITS; i++) {
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

function selectUnits(table: LabelTable, units: Int32Array): LabelTable {
  const starts = new Int32Array(units.length + 1);
  for (const [row, unit] of units.entries())
    starts[row + 1] = starts[row]! + table.starts[unit + 1]! - table.starts[unit]!;
  const ids = new Int32Array(starts[units.length]!);
  const counts = new Int32Array(ids.length);
  for (const [row, unit] of units.entries()) {
    const [from, to] = [table.starts[unit]!, table.starts[unit + 1]!];
    ids.set(table.ids.subarray(from, to), starts[row]!);
    counts.set(table.counts.subarray(from, to), starts[row]!);
  }
  return { ...table, sizes: units.map((unit) => table.sizes[unit]!), starts, ids, counts };
}
