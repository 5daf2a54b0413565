import path from 'node:path';
import type { AnswerProblem, ParsedAnswer } from '../../core/llm/answer';
import { parseAnswer } from '../../core/llm/answer';
import type { GroundedAnswer } from '../../core/llm/ground';
import { addCounts, groundAnswer, NO_COUNTS } from '../../core/llm/ground';
import { hostOf } from '../../core/hosts';
import type { PriceTable } from '../../core/llm/prices';
import { dollars, priceOf, requestCost } from '../../core/llm/prices';
import { addUsage, NO_USAGE } from '../../core/llm/provider';
import type { CorpusDocument } from '../../core/corpus/document';
import { decisionViews } from '../../core/evaluate/decisions';
import type { DecisionViews } from '../../core/evaluate/decisions';
import { countConfusion } from '../../core/experiments/confusion';
import type { LanguageModelRun, PlannedLanguageModel } from '../../core/experiments/plan';
import type { PredictedNote, RunRecord, TokenScores } from '../../core/experiments/runFiles';
import { RUN_FILES } from '../../core/experiments/runFiles';
import { scoreHistogram } from '../../core/experiments/scoreHistograms';
import { noteKey } from '../../core/split/notes';
import { cutRemark } from '../evaluation/answers';
import { evaluationOf } from '../evaluation/evaluation';
import { writeEvaluation } from '../evaluation/evaluationFiles';
import type { JournalEntry } from '../llm/journal';
import { openTokenizer } from '../model';
import { sha256 } from '../sha256';
import { writeWholeFile } from '../wholeFile';
import { runPath, writeRecord } from './planFolder';
import { openPlanned } from './plannedEncoder';
import { recordOf } from './recordOf';
import type { RunNotes } from './runNotes';
import type { RunWork } from './runTask';
import { evaluatedPart, INTERVALS } from './scoreRun';

/** What was asked, and what came of it. */
export interface Asked {
  readonly model: PlannedLanguageModel;
  readonly notes: RunNotes;
  readonly labels: readonly string[];
  /** Ids of the notes that were shown as examples. */
  readonly examples: readonly string[];
  /** To each test note, in their order; notes of one text share one. */
  readonly answers: readonly JournalEntry[];
  readonly prices: readonly PriceTable[];
  /** That this took now. */
  readonly seconds: number;
}

interface ReadAnswers {
  readonly parsed: readonly ParsedAnswer[];
  readonly grounded: readonly GroundedAnswer[];
  readonly predicted: readonly CorpusDocument['annotations'][];
}

/** Grounds the answers, scores them, and writes the files of a run, the record last. */
export async function writeAskedRun(run: LanguageModelRun, work: RunWork, asked: Asked): Promise<void> {
  const { notes, labels, model } = asked;
  const read = readAnswers(asked);
  const languageModel = summaryOf(asked, read);
  const tokens = await tokensOf(run, work, asked, read);
  const folder = runPath(work.task.folder, run.id);
  const evaluation = evaluationOf(
    { corpus: path.basename(work.plan.corpus.path), ...evaluatedPart(notes) },
    {
      by: run.id,
      predicted: read.predicted,
      labels,
      tokens: tokens?.views ?? [],
      textThresholdsFrom: 'none: a language model decides',
      remarks: [...remarksOf(languageModel), ...cutRemark(tokens?.tokensCut ?? 0)],
    },
    { labels, ...INTERVALS },
  );
  await writeEvaluation(folder, evaluation);
  const write = (name: string, content: string): Promise<void> =>
    writeWholeFile(path.join(folder, name), content + '\n');
  await write(RUN_FILES.tokens, JSON.stringify(tokenScoresOf(asked, read, tokens)));
  await write(RUN_FILES.predictions, predictionLines(notes, read));
  await write(RUN_FILES.split, JSON.stringify(notes.split, null, 1));
  const task = { labels, outputs: labels, scheme: 'IO' } as const;
  const cost = { trainSeconds: 0, trainedTokens: 0, peakMemoryBytes: null, scoreSeconds: asked.seconds };
  const scored = { task, device: hostOf(model.endpoint) };
  const end = { plan: work.plan, run, model: scored, notes, learnt: notes.train, trained: undefined, cost };
  await writeRecord(work.task.folder, recordOf({ ...end, languageModel }));
}

function readAnswers({ notes, labels, answers, model }: Asked): ReadAnswers {
  const parsed = answers.map(({ content }) => parseAnswer(content, labels));
  const grounded = parsed.map(({ entities }, i) =>
    groundAnswer(notes.test[i]!.text, entities, model.grounding),
  );
  const predicted = grounded.map(({ entities }) =>
    entities.map(({ label, start, end }) => ({ label, fragments: [{ start, end }] })),
  );
  return { parsed, grounded, predicted };
}

/** The answers counted in an encoder's tokens, where the plan says whose. */
async function tokensOf(
  { id }: LanguageModelRun,
  { task, plan }: RunWork,
  { model, notes, labels }: Asked,
  { predicted }: ReadAnswers,
): Promise<DecisionViews | undefined> {
  if (model.tokensOf === undefined) return undefined;
  const folder = await openPlanned(task.folder, plan, { id, encoder: model.tokensOf });
  return decisionViews(notes.test, predicted, labels, await openTokenizer(folder));
}

function tokenScoresOf(
  { notes, labels }: Asked,
  { predicted }: ReadAnswers,
  tokens: DecisionViews | undefined,
): TokenScores {
  const outputs = tokens ? [...labels] : [];
  const marked = notes.test.map(({ text, annotations: gold }, i) => ({
    text,
    gold,
    predicted: predicted[i]!,
  }));
  return {
    format: 'anamnese tokens 1',
    outputs,
    honest: scoreHistogram(outputs, tokens?.rows.honest ?? []),
    paper: tokens ? scoreHistogram(outputs, tokens.rows.paper) : null,
    operating: { honest: BETWEEN, paper: tokens ? BETWEEN : null },
    confusion: countConfusion(marked, labels),
  };
}

/** What is decided scores 1, all else 0: any threshold tells them apart. */
const BETWEEN = 0.5;

function predictionLines({ test }: RunNotes, { grounded }: ReadAnswers): string {
  return test
    .map(({ id, text }, i): PredictedNote => {
      const entities = grounded[i]!.entities.map((entity) => ({ ...entity, score: 1 }));
      entities.sort((a, b) => a.start - b.start || a.end - b.end);
      return { note: id, key: noteKey(text, sha256), entities };
    })
    .map((line) => JSON.stringify(line))
    .join('\n');
}

type Summary = NonNullable<RunRecord['languageModel']>;

/** Each text is counted once: it was asked about once. */
function summaryOf(asked: Asked, { parsed, grounded }: ReadAnswers): Summary {
  const { model, answers, prices, examples } = asked;
  const byKey = new Map(answers.map(({ key }, i) => [key, i]));
  const firsts = [...byKey.values()];
  const own = firsts.map((i) => answers[i]!);
  const price = priceOf(pricedName(model), prices);
  const sum = (of: (entry: JournalEntry) => number): number => own.reduce((total, one) => total + of(one), 0);
  const picodollars = price && own.reduce((total, { usage }) => total + requestCost(usage, price), 0n);
  const problems = firsts.flatMap((i) => parsed[i]!.problems);
  const count = (problem: AnswerProblem): number => problems.filter((one) => one === problem).length;
  return {
    model: model.model,
    api: model.api,
    host: hostOf(model.endpoint),
    ...(model.effort && { effort: model.effort }),
    grounding: model.grounding,
    examples: [...examples],
    answers: own.length,
    attempts: sum(({ attempts }) => attempts),
    refused: sum(({ ended }) => (ended === 'refused' ? 1 : 0)),
    cut: sum(({ ended }) => (ended === 'cut' ? 1 : 0)),
    answerSeconds: sum(({ seconds }) => seconds),
    tokens: own.map(({ usage }) => usage).reduce(addUsage, NO_USAGE),
    dollars: picodollars === undefined ? null : dollars(picodollars),
    prices: price ? { date: price.date, source: price.source } : null,
    quotations: firsts.map((i) => grounded[i]!.counts).reduce(addCounts, NO_COUNTS),
    problems: {
      unreadable: count('unreadable'),
      repaired: count('repaired'),
      notAnEntity: count('notAnEntity'),
      unknownLabel: count('unknownLabel'),
    },
  };
}

/** What VS Code passes on has other prices than the model of the same name at its maker's. */
function pricedName({
  api,
  endpoint,
  model,
}: Pick<PlannedLanguageModel, 'api' | 'endpoint' | 'model'>): string {
  return api === 'vscode' ? hostOf(endpoint) : model;
}

/** What has to be said of the figures. */
function remarksOf({
  quotations,
  problems,
  refused,
  cut,
  answers,
  dollars: cost,
  ...told
}: Summary): string[] {
  const model = told.api === 'vscode' ? told.host : told.model;
  const { exact, folded, invented, surplus } = quotations;
  const all = exact + folded + invented + surplus;
  const some = (count: number, what: string): string[] => (count === 0 ? [] : [`${count} of ${what}`]);
  return [
    ...some(folded, `${all} quotations found but for case, accents or blanks`),
    ...some(invented, `${all} quotations are not in their notes: they count for nothing`),
    ...some(surplus, `${all} quotations come more often than in their notes: the rest count for nothing`),
    ...some(problems.unreadable, `${answers} answers could not be read: scored as if nothing had been found`),
    ...some(problems.repaired, `${answers} answers were no whole JSON, and were read as far as they go`),
    ...some(problems.notAnEntity, `${all + problems.notAnEntity} entities lacked words or label: left out`),
    ...some(problems.unknownLabel, `${all + problems.unknownLabel} entities had unknown labels: left out`),
    ...some(refused, `${answers} answers were refused: scored as if nothing had been found`),
    ...some(cut, `${answers} answers were cut off at the limit of tokens`),
    ...(cost === null ? [`no price of ${model} is known: give a table of prices for its cost`] : []),
  ];
}
