import path from 'node:path';
import type { Command } from 'commander';
import { InvalidArgumentError, Option } from 'commander';
import type { CorpusDocument } from '../core/corpus/document';
import type { FormatName } from '../core/corpus/formats';
import { READABLE } from '../core/corpus/formats';
import { groupsOf } from '../core/evaluate/evaluation';
import { pairPredictions } from '../core/evaluate/pairPredictions';
import type { CountedViews } from '../core/evaluate/report';
import { namedTables, viewReports } from '../core/evaluate/report';
import { textNoteCounts } from '../core/evaluate/textView';
import type { Device, DeviceChoice, Precision } from '../core/ports';
import { seededRng } from '../core/random';
import { readCorpusFolder } from '../node/corpusFolder';
import { toCountsFile, writeEvaluation } from './evaluation/files';
import type { Padding } from './evaluation/modelViews';
import { modelViews, PADDINGS } from './evaluation/modelViews';
import { notesOfParts } from './evaluation/parts';
import { summaryOf } from './evaluation/summary';
import { printProblems } from './problems';

interface EvaluateOptions {
  readonly model?: string;
  readonly predictions?: string;
  readonly from?: FormatName;
  readonly predictionsFrom?: FormatName;
  readonly notes?: string;
  readonly split?: string;
  readonly part: string;
  readonly validationPart?: string;
  readonly labels?: string[];
  readonly out: string;
  readonly rounds: number;
  readonly seed: number;
  readonly device: DeviceChoice;
  readonly precision: Precision | 'auto';
  readonly padding: Padding;
}

/** `anamnese evaluate`: how well a model, or anyone's predictions, do on a corpus. */
export function addEvaluate(program: Command): void {
  program
    .command('evaluate')
    .description('score a model or a file of predictions: paper protocol, honest token and text views')
    .argument('<corpus>', 'gold: a corpus file or folder, in any format that convert reads')
    .addOption(new Option('--model <dir>', 'encoder folder to run').conflicts('predictions'))
    .option('--predictions <path>', 'predictions in any format that convert reads; scored in the text view')
    .addOption(new Option('--from <format>', 'format of gold (default: told by the files)').choices(READABLE))
    .addOption(
      new Option(
        '--predictions-from <format>',
        'format of the predictions (default: told by the files)',
      ).choices(READABLE),
    )
    .option('--notes <dir>', 'folder of the notes, for gold or predictions that only name them')
    .option('--split <file>', 'score one part of a split')
    .option('--part <name>', 'the part to score', 'test')
    .option(
      '--validation-part <name>',
      'the part that thresholds come from (default: validation, if there is one)',
    )
    .option('--labels <labels...>', 'labels to count in the text view (default: all of gold and prediction)')
    .requiredOption('--out <dir>', 'folder for metrics.json, curves.json and counts.json')
    .option('--rounds <n>', 'bootstrap rounds behind the intervals', toCount, 2000)
    .option('--seed <n>', 'seed of the bootstrap', toCount, 1)
    .addOption(
      new Option('--device <device>', 'where to compute')
        .choices(['auto', 'cpu', 'webgpu', 'cuda', 'dml', 'coreml'])
        .default('auto'),
    )
    .addOption(
      new Option('--precision <precision>', 'arithmetic').choices(['auto', 'fp32', 'int8']).default('auto'),
    )
    .addOption(
      new Option(
        '--padding <how>',
        'paper protocol: padding is scored by what the encoder computes for it in fp32, as in the study, or taken for zero, which is faster',
      )
        .choices(PADDINGS)
        .default('computed'),
    )
    .addHelpText('after', '\nExample:\n  anamnese evaluate gold/ --predictions gpt.jsonl --out scores/gpt')
    .action(evaluate);
}

/** Somebody's predictions, in whatever view they can be counted. */
interface Answers {
  readonly by: string;
  /** Where they come from a model that was run for them. */
  readonly model?: { readonly device: Device; readonly precision: Precision };
  readonly predicted: readonly CorpusDocument['annotations'][];
  readonly labels: readonly string[];
  readonly tokens: CountedViews['tokens'];
  readonly textThresholdsFrom: string;
  readonly remarks: readonly string[];
}

async function evaluate(corpus: string, options: EvaluateOptions): Promise<void> {
  if ((options.model === undefined) === (options.predictions === undefined)) {
    throw new Error('--model or --predictions is needed, and not both');
  }
  const { documents, problems } = await readCorpusFolder(corpus, {
    format: options.from,
    notes: options.notes,
  });
  printProblems(problems);
  const { scored, validation, problems: disagreements } = await notesOfParts(documents, options);
  printProblems(disagreements);
  if (scored.length === 0) throw new Error(`${corpus}: no note to score`);
  const answers = await (options.model === undefined
    ? answersInFile(scored, options.predictions!, options)
    : answersOfModel(scored, validation, options.model, options));
  for (const remark of answers.remarks) console.error(`anamnese: ${remark}`);
  await report(corpus, scored, answers, options);
}

async function answersInFile(
  scored: readonly CorpusDocument[],
  file: string,
  { predictionsFrom: format, notes }: EvaluateOptions,
): Promise<Answers> {
  const { documents, problems } = await readCorpusFolder(file, { format, notes });
  printProblems(problems);
  const { annotations, missing, unknown } = pairPredictions(scored, documents);
  return {
    by: path.basename(path.resolve(file)),
    predicted: annotations,
    labels: [],
    tokens: [],
    textThresholdsFrom: 'whoever made the predictions',
    remarks: [
      ...some(missing, 'without a prediction, scored as if nothing had been found'),
      ...some(unknown, 'predicted that are none of the scored notes, left out'),
    ],
  };
}

async function answersOfModel(
  scored: readonly CorpusDocument[],
  validation: readonly CorpusDocument[],
  model: string,
  options: EvaluateOptions,
): Promise<Answers> {
  const onNotice = (message: string): void => console.error(`anamnese: ${message}`);
  const views = await modelViews(scored, validation, { ...options, model, onNotice });
  const foreign = labelsOf(scored.map(({ annotations }) => annotations)).filter(
    (label) => !views.labels.includes(label),
  );
  const cut = `${views.tokensCut} tokens lie beyond the paper protocol's truncation and are not scored there`;
  const unknown = `labels of gold that the model does not know, misses in the text view, no part of the token views: ${foreign.join(', ')}`;
  return {
    by: views.name,
    model: { device: views.device, precision: views.precision },
    predicted: views.entities.map((entities) =>
      entities.map(({ label, start, end }) => ({ label, fragments: [{ start, end }] })),
    ),
    labels: views.labels,
    tokens: views.tokens,
    textThresholdsFrom: views.textThresholdsFrom,
    remarks: [...(views.tokensCut > 0 ? [cut] : []), ...(foreign.length > 0 ? [unknown] : [])],
  };
}

async function report(
  corpus: string,
  scored: readonly CorpusDocument[],
  answers: Answers,
  options: EvaluateOptions,
): Promise<void> {
  const { predicted, tokens, textThresholdsFrom } = answers;
  const found = labelsOf([...scored.map(({ annotations }) => annotations), ...predicted]);
  const labels = options.labels ?? [...new Set([...answers.labels, ...found])];
  const text = textNoteCounts(scored, predicted, labels);
  const counted: CountedViews = { tokens, text, textThresholdsFrom };
  const groups = groupsOf(scored);
  const { rounds, seed } = options;
  const views = viewReports(counted, (note) => groups.get(note)!, { rounds, rng: seededRng(seed) });
  const metrics = {
    format: 'anamnese metrics 1',
    corpus: path.basename(path.resolve(corpus)),
    part: options.split === undefined ? 'all notes' : options.part,
    notes: scored.length,
    groups: new Set(groups.values()).size,
    predictionsBy: answers.by,
    model: answers.model,
    labels,
    intervals: { method: 'percentile bootstrap over groups of notes', level: 0.95, rounds, seed },
    remarks: answers.remarks,
    views,
  };
  const curves = Object.fromEntries(tokens.map(({ view, ranked }) => [view, ranked.curves]));
  await writeEvaluation(options.out, metrics, curves, toCountsFile(namedTables(counted), groups));
  process.stdout.write(`${answers.by} on ${scored.length} notes of ${metrics.corpus}\n${summaryOf(views)}`);
}

function labelsOf(notes: readonly CorpusDocument['annotations'][]): string[] {
  return [...new Set(notes.flatMap((annotations) => annotations.map(({ label }) => label)))].sort();
}

function some(notes: readonly string[], what: string): string[] {
  if (notes.length === 0) return [];
  const named = notes.slice(0, 5).join(', ') + (notes.length > 5 ? ' …' : '');
  return [`${notes.length} notes ${what}: ${named}`];
}

export function toCount(value: string): number {
  const count = Number(value);
  if (!Number.isSafeInteger(count) || count < 1) throw new InvalidArgumentError('a whole number is needed.');
  return count;
}
