import path from 'node:path';
import type { Command } from 'commander';
import { InvalidArgumentError, Option } from 'commander';
import { READABLE } from '../core/corpus/formats';
import type { Answers } from '../node/evaluation/answers';
import { answersOfModel } from '../node/evaluation/answers';
import { evaluationOf } from '../node/evaluation/evaluation';
import { writeEvaluation } from '../node/evaluation/evaluationFiles';
import type { ModelOptions, TextThresholds } from '../node/evaluation/modelViews';
import { modelViews, PADDINGS, scoreModel, TEXT_THRESHOLDS } from '../node/evaluation/modelViews';
import { encoderFolderOf } from '../node/library/named';
import type { CorpusOptions } from './corpusOptions';
import { readGivenCorpus, withCorpusOptions } from './corpusOptions';
import type { FileOptions } from './evaluation/answers';
import { answersInFile } from './evaluation/answers';
import type { PartNotes, PartOptions } from './evaluation/parts';
import { notesOfParts } from './evaluation/parts';
import { summaryOf } from './evaluation/summary';
import { NoteProgress } from './noteProgress';
import { warn } from './prediction/noteProblems';
import { printProblems } from './problems';
import { countOf } from './table';

interface EvaluateOptions extends CorpusOptions, PartOptions, Omit<FileOptions, 'notes'> {
  readonly model?: string;
  readonly predictions?: string;
  readonly device: ModelOptions['device'];
  readonly precision: ModelOptions['precision'];
  readonly padding: ModelOptions['padding'];
  readonly textThresholds: TextThresholds;
  readonly out: string;
  readonly rounds: number;
  readonly seed: number;
  readonly json?: boolean;
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
    .option('--json', 'print JSON: what metrics.json holds')
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
    .addOption(
      new Option(
        '--model <name>',
        'encoder folder to run, or the name of an encoder that was added',
      ).conflicts('predictions'),
    )
    .option('--predictions <path>', 'predictions in any format that convert reads; scored in the text view')
    .addOption(
      new Option(
        '--predictions-from <format>',
        'format of the predictions (default: told by the files)',
      ).choices(READABLE),
    )
    .option(
      '--tokenizer <name>',
      'folder of a tokenizer or name of an encoder, to score predictions in the token views too',
    )
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
    : runModel(parts, { ...options, model }));
  for (const remark of answers.remarks) console.error(`anamnese: ${remark}`);
  await report(corpus, parts, answers, options);
}

async function runModel(
  { scored, validation }: PartNotes,
  { model, device, precision, padding, textThresholds }: EvaluateOptions & { readonly model: string },
): Promise<Answers> {
  const folder = await encoderFolderOf(model);
  const progress = new NoteProgress('scores');
  const onNote = (done: number, of: number): void => progress.show(done, of);
  const how = { model: folder, device, precision, padding, onNotice: warn, onNote };
  const found = await scoreModel(scored, validation, how).finally(() => progress.end());
  return answersOfModel(found, modelViews(found, textThresholds));
}

async function report(
  given: string,
  { scored, split }: PartNotes,
  answers: Answers,
  { part, out, json, ...options }: EvaluateOptions,
): Promise<void> {
  const corpus = path.basename(path.resolve(given));
  const evaluated = { corpus, part, scored, ...(split && { split }) };
  const evaluation = evaluationOf(evaluated, answers, options);
  await writeEvaluation(out, evaluation);
  if (json) return void process.stdout.write(`${JSON.stringify(evaluation.metrics, null, 2)}\n`);
  const where = split === undefined ? corpus : `${corpus}, part ${part}`;
  const { groups, views } = evaluation.metrics;
  const notes = `${countOf(scored.length, 'note')} in ${countOf(groups, 'group')}`;
  process.stdout.write(`${answers.by} on ${notes} of ${where}\n\n${summaryOf(views)}`);
}

export function toCount(value: string): number {
  const count = Number(value);
  if (!Number.isSafeInteger(count) || count < 1) throw new InvalidArgumentError('a whole number is needed.');
  return count;
}
