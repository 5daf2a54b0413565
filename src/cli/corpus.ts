import type { Command } from 'commander';
import type { CorpusReport, Distribution } from '../core/corpus/corpusReport';
import { describeCorpus } from '../core/corpus/corpusReport';
import type { CorpusOptions } from './corpusOptions';
import { readGivenCorpus, withCorpusOptions } from './corpusOptions';
import { printProblems } from './problems';

interface ReportOptions extends CorpusOptions {
  readonly json?: boolean;
}

/** `anamnese corpus`: what a corpus holds. */
export function addCorpus(program: Command): void {
  const command = program
    .command('corpus')
    .description('describe a corpus: notes, tokens, labels, overlaps, duplicates, agreement, problems')
    .argument('<corpus>', 'a corpus file or folder, in any format that convert reads');
  withCorpusOptions(command)
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  anamnese corpus notes/')
    .action(corpus);
}

async function corpus(given: string, { json, ...options }: ReportOptions): Promise<void> {
  const report = describeCorpus(await readGivenCorpus(given, options));
  process.stdout.write(json ? toJson(report) : toText(report));
  printProblems(report.problems, true);
  if (report.notes === 0) process.exitCode = 1;
}

function toJson(report: CorpusReport): string {
  const plain = (_: string, value: unknown): unknown =>
    value instanceof Map ? Object.fromEntries(value as Map<string, unknown>) : value;
  return JSON.stringify(report, plain, 2) + '\n';
}

function toText(report: CorpusReport): string {
  const { overlaps, problems } = report;
  const errors = problems.filter(({ severity }) => severity === 'error').length;
  const lines = [
    row('notes', report.notes, `${report.uniqueTexts} different texts, ${report.groups} groups`),
    row('annotators', report.annotators.length, report.annotators.join(', ')),
    row('characters', report.characters, 'UTF-16 units'),
    row('tokens', report.tokens, 'runs of letters and digits, or single other visible characters'),
    row('entities', report.entities, `${report.notesWithoutEntities} notes have none`),
    '',
    columns('per note', ['min', '25 %', 'median', '75 %', '95 %', 'max', 'mean']),
    spread('characters', report.charactersPerNote),
    spread('tokens', report.tokensPerNote),
    spread('entities', report.entitiesPerNote),
    '',
    columns('label', ['entities', 'notes']),
    ...[...report.labels].map(([label, { entities, notes }]) => columns(label, [entities, notes])),
    '',
    row('overlaps', overlaps.nested + overlaps.crossing + overlaps.sameSpan + overlaps.repeated, 'pairs'),
    row('  nested', overlaps.nested),
    row('  crossing', overlaps.crossing),
    row('  same span', overlaps.sameSpan, 'under different labels'),
    row('  repeated', overlaps.repeated, 'same span and label'),
    row('discontinuous', report.discontinuous),
    '',
    ...sets('same text', report.duplicates),
    ...sets('nearly the same text', report.nearDuplicates),
    ...agreementLines(report),
    row('problems', problems.length, `${errors} errors, ${problems.length - errors} warnings`),
  ];
  return lines.join('\n') + '\n';
}

const row = (name: string, value: number, comment = ''): string =>
  `${name.padEnd(24)}${String(value).padStart(12)}  ${comment}`.trimEnd();

const columns = (name: string, values: readonly (string | number)[]): string =>
  name.padEnd(24) + values.map((value) => String(value).padStart(12)).join('');

function spread(name: string, { min, quarter, median, threeQuarters, p95, max, mean }: Distribution): string {
  return columns(
    name,
    [min, quarter, median, threeQuarters, p95, max, mean].map((value) => Number(value.toFixed(1))),
  );
}

function sets(title: string, groups: readonly (readonly string[])[]): string[] {
  return [row(title, groups.length, 'sets of notes'), ...groups.map((ids) => `  ${ids.join('  ')}`)];
}

function agreementLines({ agreement }: CorpusReport): string[] {
  if (!agreement) return [];
  const { texts, pairs, exact, characters, perLabel } = agreement;
  const rate = (value: number): string => value.toFixed(4);
  return [
    '',
    columns(`agreement (F1)`, ['exact', 'characters']),
    columns(`all (${texts} texts, ${pairs} pairs)`, [rate(exact), rate(characters)]),
    ...[...perLabel].map(([label, f1]) => columns(label, [rate(f1.exact), rate(f1.characters)])),
    '',
  ];
}
