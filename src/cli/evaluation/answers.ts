import path from 'node:path';
import type { CorpusDocument } from '../../core/corpus/document';
import type { FormatName } from '../../core/corpus/formats';
import { decisionViews } from '../../core/evaluate/decisions';
import { pairPredictions } from '../../core/evaluate/pairPredictions';
import type { CountedViews } from '../../core/evaluate/report';
import type { Device, Precision } from '../../core/ports';
import { readCorpusFolder } from '../../node/corpusFolder';
import { openTokenizer } from '../../node/model';
import { printProblems } from '../problems';
import { countOf } from '../table';
import type { ModelOptions } from './modelViews';
import { modelViews } from './modelViews';

/** Somebody's predictions, in whatever view they can be counted. */
export interface Answers {
  readonly by: string;
  /** Where they come from a model that was run for them. */
  readonly model?: { readonly device: Device; readonly precision: Precision };
  readonly predicted: readonly CorpusDocument['annotations'][];
  readonly labels: readonly string[];
  readonly tokens: CountedViews['tokens'];
  readonly textThresholdsFrom: string;
  readonly remarks: readonly string[];
}

export interface FileOptions {
  readonly predictionsFrom?: FormatName;
  readonly notes?: string;
  /** A folder with the tokenizer whose tokens are to be counted too. */
  readonly tokenizer?: string;
  readonly labels?: readonly string[];
}

/** Predictions in a file or folder, paired with gold by their texts. */
export async function answersInFile(
  scored: readonly CorpusDocument[],
  corpus: readonly CorpusDocument[],
  file: string,
  { predictionsFrom: format, notes, tokenizer, labels: given }: FileOptions,
): Promise<Answers> {
  const { documents, problems } = await readCorpusFolder(file, { format, notes });
  printProblems(problems);
  const { annotations, missing, unknown } = pairPredictions(
    scored,
    documents,
    corpus.map(({ text }) => text),
  );
  const labels = given ?? labelsOf([...scored.map((document) => document.annotations), ...annotations]);
  const { views, tokensCut } =
    tokenizer === undefined
      ? { views: [], tokensCut: 0 }
      : decisionViews(scored, annotations, labels, await openTokenizer(tokenizer));
  return {
    by: path.basename(path.resolve(file)),
    predicted: annotations,
    labels: [],
    tokens: views,
    textThresholdsFrom: 'whoever made the predictions',
    remarks: [
      ...some(missing, 'without a prediction, scored as if nothing had been found'),
      ...some(unknown, 'predicted that are not in the corpus, left out'),
      ...cutRemark(tokensCut),
    ],
  };
}

/** What a model predicts when it is run over the notes. */
export async function answersOfModel(
  scored: readonly CorpusDocument[],
  validation: readonly CorpusDocument[],
  options: Omit<ModelOptions, 'onNotice'>,
): Promise<Answers> {
  const onNotice = (message: string): void => console.error(`anamnese: ${message}`);
  const views = await modelViews(scored, validation, { ...options, onNotice });
  return {
    by: views.name,
    model: { device: views.device, precision: views.precision },
    predicted: views.entities.map((entities) =>
      entities.map(({ label, start, end }) => ({ label, fragments: [{ start, end }] })),
    ),
    labels: views.labels,
    tokens: views.tokens,
    textThresholdsFrom: views.textThresholdsFrom,
    remarks: [...cutRemark(views.tokensCut), ...labelRemarks(scored, views.labels)],
  };
}

function cutRemark(tokens: number): string[] {
  return tokens === 0
    ? []
    : [`${tokens} tokens lie beyond the paper protocol's truncation and are not scored there`];
}

function labelRemarks(scored: readonly CorpusDocument[], known: readonly string[]): string[] {
  const inGold = labelsOf(scored.map(({ annotations }) => annotations));
  const foreign = inGold.filter((label) => !known.includes(label));
  if (foreign.length === 0) return [];
  if (foreign.length === inGold.length)
    return [
      `gold has none of the model's labels, so nothing can be right: gold has ${foreign.join(', ')}; the model ${known.join(', ')}`,
    ];
  return [
    `labels of gold that the model does not know, misses in the text view, no part of the token views: ${foreign.join(', ')}`,
  ];
}

export function labelsOf(notes: readonly CorpusDocument['annotations'][]): string[] {
  return [...new Set(notes.flatMap((annotations) => annotations.map(({ label }) => label)))].sort();
}

function some(notes: readonly string[], what: string): string[] {
  if (notes.length === 0) return [];
  const named = notes.slice(0, 5).join(', ') + (notes.length > 5 ? ' …' : '');
  return [`${countOf(notes.length, 'note')} ${what}: ${named}`];
}
