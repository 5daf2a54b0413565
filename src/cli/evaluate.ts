import path from 'node:path';
import type { Command } from 'commander';
import { InvalidArgumentError, Option } from 'commander';
import { version } from '../../package.json';
import type { CorpusDocument } from '../core/corpus/document';
import { READABLE } from '../core/corpus/formats';
import { groupsOf } from '../core/evaluate/evaluation';
import type { CountedViews } from '../core/evaluate/report';
import { namedTables, viewReports } from '../core/evaluate/report';
import { textNoteCounts } from '../core/evaluate/textView';
import { seededRng } from '../core/random';
import type { CorpusOptions } from './corpusOptions';
import { readGivenCorpus, withCorpusOptions } from './corpusOptions';
import type { Answers, FileOptions } from './evaluation/answers';
import { answersInFile, answersOfModel, labelsOf } from './evaluation/answers';
import { toCountsFile, writeEvaluation } from './evaluation/files';
import type { ModelOptions } from './evaluation/modelViews';
import { PADDINGS, TEXT_THRESHOLDS } from './evaluation/modelViews';
import type { PartNotes, PartOptions } from './evaluation/parts';
import { notesOfParts } from './evaluation/parts';
import { summaryOf } from './evaluation/summary';
import { printProblems } from './problems';
import { countOf } from './table';

interface EvaluateOptions extends CorpusOptions, PartOptions, Omit<FileOptions, 'notes'> {
  readonly model?: string;
  readonly predictions?: string;
  readonly device: ModelOptions['device'];
  readonly precision: ModelOptions['precision'];
  readonly padding: ModelOptions['padding'];
  readonly textThresholds: ModelOptions['textThresholds'];
  readonly out: string;
  readonly rounds: number;
  readonly seed: number;
}

/** `anamnese evaluate`: how well a model, or anyone's predictions, do on a corpus. */
export function addEvaluate(program: Command): void {
  const command = program
    .command('evaluate')
    .description('score a model or a file of predictions: paper protocol, honest token and text views')
    .argument('<corpus>', 'gold: a corpus file or folder, in any format that convert reads')
    .requiredOption('--out <dir>', 'folder for metrics.json, curves.json and counts.json');
  withAnswerOptions(command);
  withCorpusOptions(command)
    .option('--split <file>', 'score one part of a split')
    .option('--part <name>', 'the part to score', 'test')
    .option(
      '--validation-part <name>',
      'the part that thresholds come from (default: validation, if there is one)',
    )
    .option('--labels <labels...>', 'labels to count in the text view (default: all of gold and prediction)')
    .option('--rounds <n>', 'bootstrap rounds behind the intervals', toCount, 2000)
    .option('--seed <n>', 'seed of the bootstrap', toCount, 1)
    .addHelpText(
      'after',
      '\nExamples:\n  anamnese evaluate gold/ --predictions gpt.jsonl --out scores/gpt\n' +
        '  anamnese evaluate gold.jsonl --model models/anamnese-default --split split.json --out scores/ours',
    )
    .action(evaluate);
}

/** Who answers, and how. */
function withAnswerOptions(command: Command): void {
  command
    .addOption(new Option('--model <dir>', 'encoder folder to run').conflicts('predictions'))
    .option('--predictions <path>', 'predictions in any format that convert reads; scored in the text view')
    .addOption(
      new Option(
        '--predictions-from <format>',
        'format of the predictions (default: told by the files)',
      ).choices(READABLE),
    )
    .option('--tokenizer <dir>', 'folder of a tokenizer, to score predictions in the token views too')
    .addOption(
      new Option('--device <device>', 'where a model is computed')
        .choices(['auto', 'cpu', 'webgpu', 'cuda', 'dml', 'coreml'])
        .default('auto'),
    )
    .addOption(
      new Option('--precision <precision>', 'arithmetic; auto is the model’s own, and fp32 for padded notes')
        .choices(['auto', 'fp32', 'int8'])
        .default('auto'),
    )
    .addOption(
      new Option(
        '--padding <how>',
        'paper protocol: score padding by what the encoder computes for it, as the study does, or as zero, which takes a fraction of the time',
      )
        .choices(PADDINGS)
        .default('computed'),
    )
    .addOption(
      new Option(
        '--text-thresholds <kind>',
        'text view: one threshold of the validation part, or one a label',
      )
        .choices(TEXT_THRESHOLDS)
        .default('shared'),
    );
}

async function evaluate(corpus: string, options: EvaluateOptions): Promise<void> {
  const { model, predictions } = options;
  if ((model === undefined) === (predictions === undefined)) {
    throw new Error('--model or --predictions is needed, and not both');
  }
  const { documents, problems } = await readGivenCorpus(corpus, options);
  printProblems(problems);
  const parts = await notesOfParts(documents, options);
  printProblems(parts.problems);
  if (parts.scored.length === 0) throw new Error(`${corpus}: no note to score`);
  const answers = await (model === undefined
    ? answersInFile(parts.scored, documents, predictions!, options)
    : answersOfModel(parts.scored, parts.validation, { ...options, model }));
  for (const remark of answers.remarks) console.error(`anamnese: ${remark}`);
  await report(corpus, parts, answers, options);
}

async function report(
  corpus: string,
  { scored, split }: PartNotes,
  answers: Answers,
  options: EvaluateOptions,
): Promise<void> {
  const { tokens, textThresholdsFrom } = answers;
  const labels = countedLabels(scored, answers, options.labels);
  const text = textNoteCounts(scored, answers.predicted, labels);
  const counted: CountedViews = { tokens, text, textThresholdsFrom };
  const groups = groupsOf(scored);
  const { rounds, seed } = options;
  const views = viewReports(counted, (note) => groups.get(note)!, { rounds, rng: seededRng(seed) });
  const metrics = {
    format: 'anamnese metrics 1',
    version,
    corpus: path.basename(path.resolve(corpus)),
    part: split === undefined ? 'all notes' : options.part,
    split,
    notes: scored.length,
    groups: new Set(groups.values()).size,
    predictionsBy: answers.by,
    model: answers.model,
    labels,
    intervals: { method: 'percentile bootstrap over groups of notes', level: 0.95, rounds, seed },
    remarks: answers.remarks,
    views,
  };
  const curves = tokens.flatMap(({ view, ranked }) => (ranked ? [[view, ranked.curves] as const] : []));
  await writeEvaluation(
    options.out,
    metrics,
    Object.fromEntries(curves),
    toCountsFile(namedTables(counted), scored, groups),
  );
  const where = split === undefined ? metrics.corpus : `${metrics.corpus}, part ${options.part}`;
  const notes = `${countOf(scored.length, 'note')} in ${countOf(metrics.groups, 'group')}`;
  process.stdout.write(`${answers.by} on ${notes} of ${where}\n\n${summaryOf(views)}`);
}

function countedLabels(
  scored: readonly CorpusDocument[],
  { labels, predicted }: Answers,
  given: readonly string[] | undefined,
): readonly string[] {
  const found = labelsOf([...scored.map(({ annotations }) => annotations), ...predicted]);
  return given ?? [...new Set([...labels, ...found])];
}

export function toCount(value: string): number {
  const count = Number(value);
  if (!Number.isSafeInteger(count) || count < 1) throw new InvalidArgumentError('a whole number is needed.');
  return count;
}
