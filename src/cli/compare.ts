import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Command } from 'commander';
import { z } from 'zod';
import type { Comparison } from '../core/evaluate/comparison';
import { compareRuns } from '../core/evaluate/comparison';
import type { Spread } from '../core/evaluate/repeatedRuns';
import { seededRng } from '../core/random';
import { toCount } from './evaluate';
import type { CountsFile } from './evaluation/files';
import { countsFile, FILES, fromCountsFile } from './evaluation/files';

interface CompareOptions {
  readonly baseline: string[];
  readonly system: string[];
  readonly rounds: number;
  readonly seed: number;
  readonly json?: boolean;
}

/** `anamnese compare`: whether two systems differ by more than chance. */
export function addCompare(program: Command): void {
  program
    .command('compare')
    .description('test the difference between two systems that evaluate has scored on the same notes')
    .requiredOption('--baseline <dirs...>', 'folders that evaluate wrote: one run, or one a seed')
    .requiredOption('--system <dirs...>', 'the same of the other system; seeds in the same order')
    .option('--rounds <n>', 'rounds of randomisation and bootstrap', toCount, 10000)
    .option('--seed <n>', 'seed of both', toCount, 1)
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  anamnese compare --baseline scores/gpt --system scores/ours')
    .action(compare);
}

async function compare({ baseline, system, rounds, seed, json }: CompareOptions): Promise<void> {
  const [a, b] = [await Promise.all(baseline.map(readCounts)), await Promise.all(system.map(readCounts))];
  const groups = new Map(a[0]!.notes.map((note, i) => [note, a[0]!.groups[i] ?? note]));
  const compared = compareRuns(
    a.map(fromCountsFile),
    b.map(fromCountsFile),
    (note) => groups.get(note) ?? note,
    {
      rounds,
      rng: seededRng(seed),
    },
  );
  process.stdout.write(json ? JSON.stringify(compared, null, 2) + '\n' : toText(compared));
}

async function readCounts(folder: string): Promise<CountsFile> {
  const file = path.join(folder, FILES.counts);
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new Error(`${file}: cannot be read (${error.code ?? error.message})`);
  });
  const parsed = countsFile.safeParse(JSON.parse(text));
  if (!parsed.success) throw new Error(`${file}: not written by evaluate (${z.prettifyError(parsed.error)})`);
  return parsed.data;
}

function toText(compared: readonly Comparison[]): string {
  const lines = compared.map(({ name, baseline, system, difference, p, adjustedP }) => {
    const { value, low, high } = difference;
    const interval = `${signed(value)} [${signed(low)}, ${signed(high)}]`;
    return `${name.padEnd(46)} ${of(baseline)}  ${of(system)}  ${interval}  p ${p.toFixed(4)}  Holm ${adjustedP.toFixed(4)}`;
  });
  const title = `${'view: metric'.padEnd(46)} baseline  system  difference [95 %]`;
  return [title, ...lines, `p by ${compared[0]?.test ?? 'no test: nothing in common'}`].join('\n') + '\n';
}

function of({ runs, mean, deviation }: Spread): string {
  return runs === 1 ? mean.toFixed(4) : `${mean.toFixed(4)} ± ${deviation!.toFixed(4)} (${runs})`;
}

function signed(value: number): string {
  return `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(4)}`;
}
