import path from 'node:path';
import { countConfusion } from '../../core/experiments/confusion';
import type { PlannedRun } from '../../core/experiments/plan';
import type { PredictedNote, TokenScores } from '../../core/experiments/runFiles';
import { RUN_FILES } from '../../core/experiments/runFiles';
import { scoreHistogram } from '../../core/experiments/scoreHistograms';
import { countedOutputs, honestNoteRows, paperNoteRows } from '../../core/evaluate/evaluation';
import { noteKey } from '../../core/split/notes';
import { answersOfModel } from '../evaluation/answers';
import type { EvaluatedPart } from '../evaluation/evaluation';
import { evaluationOf } from '../evaluation/evaluation';
import { writeEvaluation } from '../evaluation/evaluationFiles';
import type { ModelOptions, ModelViews, ScoredModel } from '../evaluation/modelViews';
import { modelViews, scoreModel } from '../evaluation/modelViews';
import { onnxRuntime } from '../onnxRuntime';
import { sha256 } from '../sha256';
import { writeWholeFile } from '../wholeFile';
import { runPath } from './planFolder';
import type { RunNotes } from './runNotes';
import type { RunWork } from './runTask';

/** What of a run is scored. */
export interface RunScoring {
  /** Folder of the encoder. */
  readonly model: string;
  readonly notes: RunNotes;
  /** What has to be said of its figures. */
  readonly remarks: readonly string[];
  /** Labels that count, all of gold and the model where none are given. */
  readonly labels: readonly string[] | undefined;
}

/** As `anamnese evaluate` does by default. */
export const INTERVALS = { rounds: 2000, seed: 1 };

/**
 * Scores an encoder on the test part at thresholds of the validation part, in single precision, as it was trained, and
 * writes what `RUN_FILES` names but for the record. Equal runs write equal bytes.
 * @returns what it said, and how long it took
 */
export async function scoreTest(
  run: PlannedRun,
  work: RunWork,
  scoring: RunScoring,
): Promise<{ readonly model: ScoredModel; readonly scoreSeconds: number }> {
  const { notes } = scoring;
  if (notes.test.length === 0) throw new Error('its split leaves no notes to score: more are needed');
  const began = performance.now();
  const model = await scoreModel(notes.test, notes.validation, modelOptions(run.id, work, scoring.model));
  await writeScores(run.id, work, scoring, model);
  return { model, scoreSeconds: (performance.now() - began) / 1000 };
}

function modelOptions(id: string, { task, plan, hooks }: RunWork, model: string): ModelOptions {
  const { device = 'auto', threads } = task;
  const notice = (message: string) => hooks.onEvent({ type: 'run', id, event: { type: 'notice', message } });
  return {
    model,
    device,
    precision: 'fp32',
    padding: plan.scoring?.padding ?? 'zero',
    runtime: onnxRuntime(threads === undefined ? {} : { threads }),
    signal: hooks.signal,
    onNote: (done, of) => hooks.onEvent({ type: 'scoring', id, done, of }),
    onNotice: (message) => void notice(message),
  };
}

async function writeScores(
  id: string,
  { task, plan }: RunWork,
  { notes, remarks, labels }: RunScoring,
  model: ScoredModel,
): Promise<void> {
  const views = modelViews(model, 'shared');
  const answers = answersOfModel(model, views);
  const evaluation = evaluationOf(
    { corpus: path.basename(plan.corpus.path), ...evaluatedPart(notes) },
    { ...answers, by: id, remarks: [...remarks, ...answers.remarks] },
    { labels, ...INTERVALS },
  );
  const folder = runPath(task.folder, id);
  await writeEvaluation(folder, evaluation);
  const write = (name: string, content: string): Promise<void> =>
    writeWholeFile(path.join(folder, name), content + '\n');
  await write(RUN_FILES.tokens, JSON.stringify(tokenScoresOf(model, views)));
  await write(RUN_FILES.predictions, predictionLines(model, views));
  if (notes.split) await write(RUN_FILES.split, JSON.stringify(notes.split, null, 1));
}

export function evaluatedPart({ split, test }: RunNotes): Omit<EvaluatedPart, 'corpus'> {
  const part = { part: 'test', scored: test };
  if (!split) return part;
  const { method, seed, ratio } = split;
  return { ...part, split: { file: RUN_FILES.split, method, seed, ratio } };
}

function tokenScoresOf({ scored, task }: ScoredModel, { tokens, entities }: ModelViews): TokenScores {
  const outputs = countedOutputs(task);
  const shared = (view: string): number => tokens.find((one) => one.view === view)!.thresholds.shared;
  const marked = scored.map(({ document: { text, annotations: gold } }, i) => {
    const predicted = entities[i]!.map(({ label, start, end }) => ({ label, fragments: [{ start, end }] }));
    return { text, gold, predicted };
  });
  return {
    format: 'anamnese tokens 1',
    outputs,
    honest: scoreHistogram(outputs, honestNoteRows(scored, task)),
    paper: scoreHistogram(outputs, paperNoteRows(scored, task)),
    operating: { honest: shared('honest token'), paper: shared('paper protocol') },
    confusion: countConfusion(marked, task.labels),
  };
}

function predictionLines({ scored }: ScoredModel, { entities }: ModelViews): string {
  return scored
    .map(({ document: { id, text } }, i): PredictedNote => {
      const found = entities[i]!.map(({ label, start, end, score }) => ({ label, start, end, score }));
      return { note: id, key: noteKey(text, sha256), entities: found };
    })
    .map((line) => JSON.stringify(line))
    .join('\n');
}
