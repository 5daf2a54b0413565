import type { ComparedSystem, SystemName, TestedDifference } from '../../core/experiments/strategyComparison';
import { compareStrategies } from '../../core/experiments/strategyComparison';
import { seededRng } from '../../core/random';
import { readScoredRuns } from '../../node/experiments/scoredRuns';
import { aligned } from '../table';
import type { PlanOptions } from './planOptions';

/** What the strategies are compared in: the same units for every encoder and scheme, at thresholds of validation. */
const TABLE = 'text, words';
const SHOWN = ['micro F1', 'macro F1'] as const;

/** Means of the finished runs and differences from the first system, in the text view's words. */
export async function printStrategies(
  folder: string,
  { rounds = 10000, seed = 1 }: PlanOptions,
): Promise<void> {
  const runs = await readScoredRuns(folder);
  const baseline = baselineOf(runs.map(({ record }) => ({ ...record, encoder: record.encoder.name })));
  const compared = compareStrategies(runs, baseline, { table: TABLE, rounds, rng: seededRng(seed) });
  const header = ['system', 'runs', ...SHOWN.flatMap((name) => [name, 'difference [95 %]', 'Holm p'])];
  const rows = compared.systems.map((system) => [
    nameOf(system),
    String(system.runs.length),
    ...SHOWN.flatMap((name) => cells(system, name)),
  ]);
  const remarks = new Set(compared.systems.flatMap(remarksOf));
  const lines = [`${TABLE}, thresholds of the validation notes`, ...aligned([header, ...rows]), ...remarks];
  process.stdout.write(`${lines.join('\n')}\n`);
}

/** The study's: a random split, where the plan has one, else what comes first. */
function baselineOf(names: readonly SystemName[]): SystemName {
  const { encoder, strategy, scheme } = names.find((one) => one.strategy === 'random') ?? names[0]!;
  return { encoder, strategy, scheme };
}

function cells(system: ComparedSystem, name: (typeof SHOWN)[number]): string[] {
  const figure = system.figures[name];
  if (!figure) return ['-', '', ''];
  const { mean, deviation, fromBaseline } = figure;
  const value = deviation === undefined ? mean.toFixed(4) : `${mean.toFixed(4)} ± ${deviation.toFixed(4)}`;
  if (system.isBaseline) return [value, 'baseline', ''];
  return fromBaseline
    ? [value, interval(fromBaseline), fromBaseline.adjustedP.toFixed(4)]
    : [value, 'not tested', ''];
}

function interval({ difference: { value, low, high } }: TestedDifference): string {
  return `${signed(value)} [${signed(low)}, ${signed(high)}]`;
}

function signed(value: number): string {
  return `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(4)}`;
}

/** What was only scored has no strategy, but notes of its own. */
function nameOf({ encoder, strategy, scheme, notes, asked }: SystemName): string {
  if (asked) return `${encoder} asked`;
  return strategy === 'none' ? `${encoder} as it is (${notes})` : `${encoder} ${strategy} ${scheme}`;
}

function remarksOf(system: ComparedSystem): string[] {
  const { untested, figures } = system;
  if (untested !== undefined) return [`${nameOf(system)} is not tested: ${untested}`];
  const tests = Object.values(figures).flatMap(({ fromBaseline }) =>
    fromBaseline ? [fromBaseline.test] : [],
  );
  return tests.length > 0 ? [`p of ${nameOf(system)} by ${tests[0]!}`] : [];
}
