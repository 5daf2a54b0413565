import type { Interval } from '../evaluate/bootstrap';
import { pairedBootstrap, wholeSum } from '../evaluate/bootstrap';
import type { Resampling } from '../evaluate/bootstrap';
import { unpairedTest } from '../evaluate/comparison';
import type { Metric } from '../evaluate/metric';
import { approximateRandomisation } from '../evaluate/randomisation';
import { correctedResampledT, correctedWelchT, multiBootstrap } from '../evaluate/repeatedRuns';
import type { RunCounts, SystemRunsRead } from './scoredSystems';
import { isTokenTable } from './scoredSystems';

/** What comes of comparing two systems in one figure. */
export interface PairTest {
  /** System less baseline, with its 95 % interval. */
  readonly difference: Interval;
  readonly p: number;
  readonly test: string;
}

/** How the runs of a baseline `a` and a system `b` go together, which decides the test. */
export type RunPairing =
  | { readonly by: 'notes'; readonly a: readonly RunCounts[]; readonly b: readonly RunCounts[] }
  /** `a[i]` and `b[i]` are of the same split. */
  | { readonly by: 'splits'; readonly a: readonly RunCounts[]; readonly b: readonly RunCounts[] }
  | { readonly by: 'nothing'; readonly a: readonly RunCounts[]; readonly b: readonly RunCounts[] };

/** Pairs two systems' runs, or says why they cannot be compared in a table. */
export function pairRuns(
  baseline: SystemRunsRead,
  system: SystemRunsRead,
  table: string,
): RunPairing | { readonly untested: string } {
  const [a, b] = [baseline.runs, system.runs];
  if ([...a, ...b].some(({ corpus }) => corpus !== a[0]!.corpus))
    return { untested: 'the corpus has changed between the runs' };
  // Not a hypothesis: it would only make the correction of the others stricter.
  if (b.every((run) => a.some((one) => isTwin(one, run))))
    return { untested: 'the same training as the baseline' };
  if (isTokenTable(table) && baseline.name.scheme !== system.name.scheme)
    return { untested: 'IO and BIO count different outputs: compare them in the text view' };
  if (isTokenTable(table) && baseline.name.encoder !== system.name.encoder)
    return { untested: 'encoders may count different tokens: compare them in the text view' };
  if ([...a, ...b].every((run) => sameNotes(run, a[0]!))) return { by: 'notes', a, b };
  const pairs = a.flatMap((one) => {
    const other = b.find((run) => run.split.sha256 === one.split.sha256 && sameNotes(run, one));
    return other ? [{ one, other }] : [];
  });
  const paired = { a: pairs.map(({ one }) => one), b: pairs.map(({ other }) => other) };
  if (pairs.length === 1) return { by: 'notes', ...paired };
  if (pairs.length > 1) return { by: 'splits', ...paired };
  if (a.length > 1 && b.length > 1) return { by: 'nothing', a, b };
  return { untested: 'on different notes, at least two runs of each are needed' };
}

function sameNotes({ table: { notes: a } }: RunCounts, { table: { notes: b } }: RunCounts): boolean {
  return a.length === b.length && a.every((note, i) => note === b[i]);
}

export function testPair({ by, a, b }: RunPairing, metric: Metric, options: Resampling): PairTest {
  if (by === 'notes') return testNotes(a, b, metric, options);
  const [ofA, ofB] = [a, b].map((runs) => runs.map(({ table }) => metric(wholeSum(table)))) as [
    number[],
    number[],
  ];
  const testToTrain = ratioOf([...a, ...b]);
  if (by === 'nothing') {
    const { p, value, low, high } = correctedWelchT(ofA, ofB, testToTrain, options.level)!;
    const test = unpairedTest(a.length, b.length);
    return { difference: { value, low, high }, p, test };
  }
  const differences = ofA.map((value, i) => ofB[i]! - value);
  const { mean, low, high, p } = correctedResampledT(differences, testToTrain, options.level)!;
  return {
    difference: { value: mean, low, high },
    p,
    test: `corrected resampled t-test, ${a.length} common splits`,
  };
}

function testNotes(
  runsA: readonly RunCounts[],
  runsB: readonly RunCounts[],
  metric: Metric,
  options: Resampling,
): PairTest {
  const [a, b] = [runsA, runsB].map((runs) => runs.map(({ table }) => table)) as [
    RunCounts['table'][],
    RunCounts['table'][],
  ];
  if (a.length === 1 && b.length === 1) {
    const { p } = approximateRandomisation(a[0]!, b[0]!, metric, options);
    const { value, low, high } = pairedBootstrap(a[0]!, b[0]!, metric, options);
    return {
      difference: { value, low, high },
      p,
      test: 'approximate randomisation over the notes of one split',
    };
  }
  const pairing = runsA.length === runsB.length && runsA.every(({ seed }, i) => seed === runsB[i]!.seed);
  const kind = pairing ? 'paired' : 'unpaired';
  const { p, ...difference } = multiBootstrap(a, b, metric, options, kind);
  return { difference, p, test: `multi-bootstrap over ${kind} seeds and notes` };
}

/** Size of the test part over that of the training part, mean of the runs that trained. */
function ratioOf(runs: readonly RunCounts[]): number {
  const ratios = runs.flatMap(({ split: { notes } }) => (notes.train > 0 ? [notes.test / notes.train] : []));
  return ratios.length === 0 ? STUDY_RATIO : ratios.reduce((sum, ratio) => sum + ratio, 0) / ratios.length;
}

/** Of 60/20/20. */
const STUDY_RATIO = 1 / 3;

/** Whether two runs have the results of one training. */
function isTwin(a: RunCounts, b: RunCounts): boolean {
  return (a.sameAs ?? a.id) === (b.sameAs ?? b.id);
}
