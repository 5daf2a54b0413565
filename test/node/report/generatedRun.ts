import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { CorpusDocument } from '../../../src/core/corpus/document';
import { toCountsFile } from '../../../src/core/evaluate/countsFile';
import type { TokenEvaluation } from '../../../src/core/evaluate/evaluation';
import { tokenEvaluation } from '../../../src/core/evaluate/evaluation';
import type { CountedViews } from '../../../src/core/evaluate/report';
import { namedTables, viewReports } from '../../../src/core/evaluate/report';
import { concatRows } from '../../../src/core/evaluate/scoredRows';
import { textNoteCounts } from '../../../src/core/evaluate/textView';
import { thresholdHistogram } from '../../../src/core/evaluate/thresholds';
import type { NoteRows } from '../../../src/core/evaluate/tokenView';
import { rankedFigures, searchThresholds } from '../../../src/core/evaluate/tokenView';
import type { ViewName } from '../../../src/core/evaluate/views';
import type { TrainingRun } from '../../../src/core/experiments/plan';
import type { PredictedNote, RunRecord, TokenScores } from '../../../src/core/experiments/runFiles';
import { RUN_FILES } from '../../../src/core/experiments/runFiles';
import type { Rng } from '../../../src/core/ports';
import { combineSeeds, seededRng, shuffledIndices } from '../../../src/core/random';
import type { ScoredSpan } from '../../../src/core/report/errors';
import { noteKey } from '../../../src/core/split/notes';
import type { SplitFile } from '../../../src/core/split/splitFile';
import { strategies } from '../../../src/core/train/balance/strategy';
import { sha256 } from '../../../src/node/sha256';
import { generatedAnswer } from './generatedCorpus';
import type { GeneratedPlan } from './generatedPlan';
import { generatedRows } from './generatedScores';

const INTERVAL_ROUNDS = 50;

/** Writes the folder of one run; its figures follow from the run's own settings alone. */
export async function writeGeneratedRun(
  folder: string,
  run: TrainingRun,
  plan: GeneratedPlan,
): Promise<void> {
  const place = path.join(folder, 'runs', run.id);
  await mkdir(place, { recursive: true });
  const write = (file: keyof typeof RUN_FILES, content: unknown): Promise<void> =>
    writeFile(
      path.join(place, RUN_FILES[file]),
      typeof content === 'string' ? content : JSON.stringify(content),
    );
  const rng = seededRng(
    combineSeeds(run.seed, strategies.indexOf(run.strategy), run.encoder.length, run.scheme.length),
  );
  const skill = 0.55 + 0.05 * strategies.indexOf(run.strategy) + 0.1 * rng();
  const parts = partsOf(plan.documents, run.seed);
  const answers = parts.test.map((document) => generatedAnswer(document, plan.labels, skill, rng));
  const scored = scoresOf(run, parts.test, plan, skill, rng);
  const counted = countedOf(scored, parts.test, answers, plan.labels);
  const tables = namedTables(counted);
  const group = new Map(parts.test.map(({ id }) => [id, id]));
  await write('metrics', {
    format: 'anamnese metrics 1',
    views: viewReports(counted, (note) => note, { rounds: INTERVAL_ROUNDS, rng }),
  });
  await write('counts', toCountsFile(tables, parts.test, group, sha256));
  await write('tokens', { ...scored.file, confusion: confusionOf(parts.test, answers, plan.labels) });
  await write('predictions', parts.test.map((document, i) => predictedLine(document, answers[i]!)).join(''));
  await write('split', splitOf(run, parts));
  await write('record', recordOf(run, parts, plan, skill, rng));
}

interface Parts {
  readonly train: readonly CorpusDocument[];
  readonly validation: readonly CorpusDocument[];
  readonly test: readonly CorpusDocument[];
}

function partsOf(documents: readonly CorpusDocument[], seed: number): Parts {
  const order = [...shuffledIndices(documents.length, seededRng(seed))].map((i) => documents[i]!);
  const [first, second] = [Math.round(order.length * 0.6), Math.round(order.length * 0.8)];
  return { train: order.slice(0, first), validation: order.slice(first, second), test: order.slice(second) };
}

function splitOf({ seed, strategy }: TrainingRun, parts: Parts): SplitFile {
  const keys = Object.entries(parts).map(([part, notes]: [string, Parts['test']]) => {
    return [part, notes.map(({ text }) => noteKey(text, sha256))] as const;
  });
  return {
    format: 'anamnese-split',
    version: 1,
    method: strategy === 'random' ? 'random' : 'is',
    seed,
    ratio: [60, 20, 20],
    minNotes: 10,
    labels: [],
    parts: Object.fromEntries(keys),
  };
}

interface Scored {
  readonly views: readonly TokenEvaluation[];
  readonly file: Omit<TokenScores, 'confusion'>;
}

function scoresOf(
  { scheme }: TrainingRun,
  test: readonly CorpusDocument[],
  { labels, tokens }: GeneratedPlan,
  skill: number,
  rng: Rng,
): Scored {
  const outputs = scheme === 'IO' ? [...labels] : labels.flatMap((label) => [`B-${label}`, `I-${label}`]);
  const ids = test.map(({ id }) => id);
  const honest = generatedRows(ids, outputs, tokens, skill, rng);
  const paper = generatedRows(ids, outputs, Math.round(tokens * 1.2), skill * 0.95, rng);
  const thresholds = searchThresholds(outputs, paper);
  const view = (name: ViewName, rows: NoteRows[]): TokenEvaluation => ({
    ...tokenEvaluation(name, rows, outputs, { thresholds, from: 'validation', computed: 'by lot' }),
    ranked: rankedFigures(outputs, rows),
  });
  const file: Scored['file'] = {
    format: 'anamnese tokens 1',
    outputs,
    honest: histogramOf(outputs, honest),
    paper: histogramOf(outputs, paper),
    operating: { honest: thresholds.shared, paper: thresholds.shared },
  };
  return { views: [view('paper protocol', paper), view('honest token', honest)], file };
}

function histogramOf(outputs: readonly string[], notes: readonly NoteRows[]): TokenScores['honest'] {
  const rows = concatRows(
    outputs,
    notes.map((note) => note.rows),
  );
  const { bins, thresholds } = thresholdHistogram(rows);
  const size = thresholds.length + 1;
  const of = (label: number, positive: number): number[] => {
    const from = (label * 2 + positive) * size;
    return [...bins.subarray(from, from + size)];
  };
  return {
    thresholds: [...thresholds],
    negatives: outputs.map((_, label) => of(label, 0)),
    positives: outputs.map((_, label) => of(label, 1)),
  };
}

function countedOf(
  { views }: Scored,
  test: readonly CorpusDocument[],
  answers: readonly (readonly ScoredSpan[])[],
  labels: readonly string[],
): CountedViews {
  const predicted = answers.map((spans) =>
    spans.map(({ label, start, end }) => ({ label, fragments: [{ start, end }] })),
  );
  return { tokens: views, text: textNoteCounts(test, predicted, labels), textThresholdsFrom: 'validation' };
}

function confusionOf(
  test: readonly CorpusDocument[],
  answers: readonly (readonly ScoredSpan[])[],
  labels: readonly string[],
): number[][] {
  const none = labels.length;
  const table = Array.from({ length: none + 1 }, () => new Array<number>(none + 1).fill(0));
  test.forEach(({ text, annotations }, note) => {
    for (let at = 0; at < text.length; at++) {
      const gold = annotations.find(({ fragments: [one] }) => one!.start <= at && at < one!.end)?.label;
      const predicted = answers[note]!.find(({ start, end }) => start <= at && at < end)?.label;
      const place = (label: string | undefined): number =>
        label === undefined ? none : labels.indexOf(label);
      table[place(gold)]![place(predicted)]!++;
    }
  });
  return table;
}

function predictedLine({ id, text }: CorpusDocument, entities: readonly ScoredSpan[]): string {
  const note: PredictedNote = { note: id, key: noteKey(text, sha256), entities: [...entities] };
  return JSON.stringify(note) + '\n';
}

function recordOf(
  run: TrainingRun,
  parts: Parts,
  { plan, labels }: GeneratedPlan,
  skill: number,
  rng: Rng,
): RunRecord {
  const epochs = 12;
  const outputs = run.scheme === 'IO' ? [...labels] : labels.flatMap((label) => [`B-${label}`, `I-${label}`]);
  return {
    format: 'anamnese-record',
    version: 1,
    id: run.id,
    encoder: { name: run.encoder, sha256: sha256(run.encoder) },
    strategy: run.strategy,
    scheme: run.scheme,
    seed: run.seed,
    corpus: { name: 'notes.jsonl', sha256: plan.corpus.sha256 },
    split: {
      method: run.strategy === 'random' ? 'random' : 'iterative',
      sha256: sha256(`${run.seed}`),
      notes: { train: parts.train.length, validation: parts.validation.length, test: parts.test.length },
    },
    labels: [...labels],
    outputs,
    labelNotes: Object.fromEntries(
      Object.entries(parts).map(([part, notes]) => [part, labels.map((label) => notesWith(notes, label))]),
    ),
    parameters: { epochs },
    history: Array.from({ length: epochs }, (_, epoch) => {
      const learnt = skill * (1 - Math.exp(-(epoch + 1) / 3)) + 0.02 * rng();
      return {
        epoch,
        loss: 0.6 * Math.exp(-epoch / 4),
        validation: { microF1: learnt, macroF1: learnt * 0.93, threshold: 0.4 },
      };
    }),
    bestEpoch: epochs - 2,
    environment: {
      version: '0.1.0',
      node: '20',
      runtime: '1.30.0',
      system: 'linux',
      processor: 'x86-64',
      cores: 2,
      device: 'cpu',
    },
    cost: {
      trainSeconds: 500 + 200 * rng(),
      scoreSeconds: 20 + 5 * rng(),
      peakMemoryBytes: 2.1e9 + 1e8 * rng(),
      trainedTokens: 2e6,
    },
    finishedAt: '2026-01-01T00:00:00Z',
  };
}

function notesWith(notes: readonly CorpusDocument[], label: string): number {
  return notes.filter(({ annotations }) => annotations.some((one) => one.label === label)).length;
}
