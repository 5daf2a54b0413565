import type { ComparedMetric, Comparison, SystemRuns } from '../../core/evaluate/comparison';
import { compareSystems } from '../../core/evaluate/comparison';
import type { Spread } from '../../core/evaluate/repeatedRuns';
import { seededRng } from '../../core/random';
import type { ScoredSystem } from '../evaluation/systems';
import { readSystem } from '../evaluation/systems';
import { aligned } from '../table';

/** What `compare` is told to test systems that `evaluate` has scored. */
export interface TestOptions {
  readonly baseline: string[];
  readonly system?: string[];
  readonly systems?: string[];
  readonly metrics: ComparedMetric[];
  readonly only?: string[];
  readonly testToTrain: number;
  readonly rounds: number;
  readonly seed: number;
  readonly json?: boolean;
}

/** Tests whether systems that `evaluate` has scored differ from a baseline by more than chance, and prints it. */
export async function testSystems(options: TestOptions): Promise<void> {
  const { rounds, seed, metrics, only, testToTrain } = options;
  if (!options.system && !options.systems) throw new Error('--system or --systems is needed');
  const baseline = await readSystem(options.baseline);
  const systems = await Promise.all(
    options.systems ? options.systems.map((folder) => readSystem([folder])) : [readSystem(options.system!)],
  );
  const runs = [baseline, ...systems].flatMap((system) => system.runs);
  const groups = new Map(runs.flatMap((run) => [...run.groups]));
  const compared = compareSystems(tablesOf(baseline), systems.map(tablesOf), {
    metrics,
    wanted: (table) => !only || only.some((text) => table.includes(text)),
    groupOf: (note) => groups.get(note) ?? note,
    testToTrain,
    rounds,
    rng: seededRng(seed),
  });
  if (compared.length === 0) throw new Error('nothing to compare: the systems have no such table in common');
  process.stdout.write(
    options.json ? JSON.stringify(compared, null, 2) + '\n' : toText(baseline.name, compared),
  );
}

function tablesOf({ name, runs }: ScoredSystem): SystemRuns {
  return { name, runs: runs.map(({ tables }) => tables) };
}

function toText(baseline: string, compared: readonly Comparison[]): string {
  const systems = [...new Set(compared.map(({ system }) => system))];
  const blocks = systems.map((system) => {
    const own = compared.filter((one) => one.system === system);
    const header = ['', baseline, system, 'difference [95 %]', 'p', 'Holm'];
    const rows = own.map(({ name, baselineRuns, systemRuns, difference, p, adjustedP }) => [
      name,
      figure(baselineRuns),
      figure(systemRuns),
      `${signed(difference.value)} [${signed(difference.low)}, ${signed(difference.high)}]`,
      p.toFixed(4),
      adjustedP.toFixed(4),
    ]);
    const tests = [...new Set(own.map(({ test }) => test))];
    return [...aligned([header, ...rows]), `p by ${tests.join('; ')}`].join('\n') + '\n';
  });
  const family = `Holm's correction is over ${compared.length === 1 ? 'this one comparison' : `all ${compared.length} comparisons`}.`;
  return blocks.join('\n') + family + '\n';
}

function figure({ runs, mean, deviation }: Spread): string {
  return runs === 1 ? mean.toFixed(4) : `${mean.toFixed(4)} ± ${deviation!.toFixed(4)} (${runs})`;
}

function signed(value: number): string {
  return `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(4)}`;
}
