import path from 'node:path';
import type { CorpusDocument } from '../../core/corpus/document';
import type { FormatName } from '../../core/corpus/formats';
import { decisionViews } from '../../core/evaluate/decisions';
import { pairPredictions } from '../../core/evaluate/pairPredictions';
import { readCorpusFolder } from '../../node/corpusFolder';
import type { Answers } from '../../node/evaluation/answers';
import { cutRemark, labelsOf } from '../../node/evaluation/answers';
import { encoderFolderOf } from '../../node/library/named';
import { openTokenizer } from '../../node/model';
import { printProblems } from '../problems';
import { countOf } from '../table';

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
      : decisionViews(scored, annotations, labels, await openTokenizer(await encoderFolderOf(tokenizer)));
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

function some(notes: readonly string[], what: string): string[] {
  if (notes.length === 0) return [];
  const named = notes.slice(0, 5).join(', ') + (notes.length > 5 ? ' …' : '');
  return [`${countOf(notes.length, 'note')} ${what}: ${named}`];
}
