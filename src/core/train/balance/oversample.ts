import type { Rng } from '../../ports';
import { randomBelow } from '../../random';
import { notesPerLabel } from './imbalance';

/**
 * `study`: the study's adaptive oversampling as published. `every-minority`: the same, but every note with a minority
 * label can be drawn, and the pass for single labels serves every label that still lacks notes.
 */
export type Oversampling = 'study' | 'every-minority';

const TARGET = 0.8;
const ROUNDS = 15;

/**
 * Notes to train on once more, as indices in the order they were drawn; a note may come several times.
 *
 * A label is a minority label when it occurs in fewer notes than 0.8 times the mean over `labels`; what it lacks of
 * that target is its deficit. Up to 15 rounds draw candidates by roulette wheel on their fitness, each
 * min(total deficit, 2 × candidates) times, and keep a draw when one of its minority labels has a deficit still; a
 * kept draw counts for all its labels. Then each label whose deficit exceeds half of the candidates that carry it is
 * served from those alone, at even chances.
 */
export function oversample(
  noteLabels: readonly (readonly string[])[],
  labels: readonly string[],
  kind: Oversampling,
  rng: Rng,
): number[] {
  const counts = notesPerLabel(noteLabels, labels);
  const target = (TARGET * counts.reduce((sum, count) => sum + count, 0)) / Math.max(1, labels.length);
  const deficits = new Map<string, number>();
  for (const [i, label] of labels.entries())
    if (counts[i]! < target) deficits.set(label, Math.ceil(target - counts[i]!));
  const candidates = candidatesOf(noteLabels, labels, deficits, kind);
  const drawn = drawRounds(candidates, deficits, rng);
  for (const label of deficits.keys()) serveLabel(label, candidates, deficits, kind, drawn, rng);
  return drawn;
}

interface Candidate {
  readonly note: number;
  readonly minority: readonly string[];
  readonly fitness: number;
}

function candidatesOf(
  noteLabels: readonly (readonly string[])[],
  labels: readonly string[],
  deficits: ReadonlyMap<string, number>,
  kind: Oversampling,
): Candidate[] {
  const known = new Set(labels);
  const fewest = kind === 'study' ? 2 : 1;
  return [...noteLabels.entries()].flatMap(([note, own]) => {
    const minority = own.filter((label) => deficits.has(label));
    const others = own.filter((label) => known.has(label)).length - minority.length;
    return minority.length < fewest ? [] : [{ note, minority, fitness: fitnessOf(minority.length, others) }];
  });
}

/** The study's: many minority labels first, then two beside at least three other labels. */
function fitnessOf(minority: number, others: number): number {
  if (minority >= 3) return 3;
  return minority === 2 && others >= 3 ? 1.5 : 1;
}

function drawRounds(candidates: readonly Candidate[], deficits: Map<string, number>, rng: Rng): number[] {
  const drawn: number[] = [];
  if (candidates.length === 0) return drawn;
  const spin = rouletteWheel(candidates, rng);
  for (let round = 0; round < ROUNDS && totalDeficit(deficits) > 0; round++) {
    const draws = Math.min(totalDeficit(deficits), 2 * candidates.length);
    for (let i = 0; i < draws; i++) keepIfLacking(spin(), deficits, drawn);
  }
  return drawn;
}

function keepIfLacking({ note, minority }: Candidate, deficits: Map<string, number>, drawn: number[]): void {
  if (!minority.some((label) => deficits.get(label)! > 0)) return;
  drawn.push(note);
  for (const label of minority) deficits.set(label, Math.max(0, deficits.get(label)! - 1));
}

function serveLabel(
  label: string,
  candidates: readonly Candidate[],
  deficits: Map<string, number>,
  kind: Oversampling,
  drawn: number[],
  rng: Rng,
): void {
  const carrying = candidates.filter(({ minority }) => minority.includes(label));
  const least = kind === 'study' ? carrying.length / 2 : 0;
  if (carrying.length === 0 || deficits.get(label)! <= least) return;
  while (deficits.get(label)! > 0)
    keepIfLacking(carrying[randomBelow(carrying.length, rng)]!, deficits, drawn);
}

function totalDeficit(deficits: ReadonlyMap<string, number>): number {
  return [...deficits.values()].reduce((sum, deficit) => sum + deficit, 0);
}

/** Draws with replacement, each candidate with a chance in proportion to its fitness. */
function rouletteWheel(candidates: readonly Candidate[], rng: Rng): () => Candidate {
  let sum = 0;
  const upTo = candidates.map(({ fitness }) => (sum += fitness));
  return () => {
    const at = rng() * sum;
    let [low, high] = [0, upTo.length - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (upTo[middle]! <= at) low = middle + 1;
      else high = middle;
    }
    return candidates[low]!;
  };
}
