import path from 'node:path';
import { countConfusion } from '../../core/experiments/confusion';
import type { PredictedNote, TokenScores } from '../../core/experiments/runFiles';
import { RUN_FILES } from '../../core/experiments/runFiles';
import { scoreHistogram } from '../../core/experiments/scoreHistograms';
import { countedOutputs, honestNoteRows, paperNoteRows } from '../../core/evaluate/evaluation';
import type { DeviceChoice } from '../../core/ports';
import { noteKey } from '../../core/split/notes';
import { answersOfModel } from '../evaluation/answers';
import { evaluationOf } from '../evaluation/evaluation';
import { writeEvaluation } from '../evaluation/evaluationFiles';
import type { ModelViews, Padding, ScoredModel } from '../evaluation/modelViews';
import { modelViews, scoreModel } from '../evaluation/modelViews';
import { onnxRuntime } from '../onnxRuntime';
import { sha256 } from '../sha256';
import { writeWholeFile } from '../wholeFile';
import type { RunNotes } from './runNotes';

export interface RunScoring {
  readonly id: string;
  /** Name of the corpus. */
  readonly corpus: string;
  /** Folder of the encoder to score. */
  readonly model: string;
  readonly notes: RunNotes;
  /** Labels that count, all of gold and the model where none are given. */
  readonly labels: readonly string[] | undefined;
  readonly padding: Padding;
  readonly remarks: readonly string[];
  readonly device: DeviceChoice;
  readonly threads: number | undefined;
}

export interface ScoringHooks {
  readonly signal?: AbortSignal | undefined;
  readonly onNote: (done: number, of: number) => void | Promise<void>;
  readonly onNotice: (message: string) => void;
}

/** As `anamnese evaluate` does by default. */
const INTERVALS = { rounds: 2000, seed: 1 };

/**
 * Scores an encoder on the test part at thresholds of the validation part, in single precision, as it was trained, and
 * writes what `RUN_FILES` names but for the record. Equal runs write equal bytes.
 */
export async function scoreRun(folder: string, run: RunScoring, hooks: ScoringHooks): Promise<ScoredModel> {
  const { notes, device, padding, threads } = run;
  const model = await scoreModel(notes.test, notes.validation, {
    model: run.model,
    device,
    precision: 'fp32',
    padding,
    runtime: onnxRuntime(threads === undefined ? {} : { threads }),
    ...hooks,
  });
  const views = modelViews(model, 'shared');
  const answers = answersOfModel(model, views);
  const { split } = notes;
  const part = {
    corpus: run.corpus,
    part: 'test',
    scored: notes.test,
    ...(split && {
      split: { file: RUN_FILES.split, method: split.method, seed: split.seed, ratio: split.ratio },
    }),
  };
  const evaluation = evaluationOf(
    part,
    { ...answers, by: run.id, remarks: [...run.remarks, ...answers.remarks] },
    { labels: run.labels, ...INTERVALS },
  );
  await writeEvaluation(folder, evaluation);
  const write = (name: string, content: string): Promise<void> =>
    writeWholeFile(path.join(folder, name), content + '\n');
  await write(RUN_FILES.tokens, JSON.stringify(tokenScoresOf(model, views)));
  await write(RUN_FILES.predictions, predictionLines(model, views));
  if (split) await write(RUN_FILES.split, JSON.stringify(split, null, 1));
  return model;
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
