// What bench:learning asks of the rival: the same windows and hyper-parameters, and the logits of what is scored.
import { execFileSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { dropoutOf } from '../src/core/encoder/dropoutOf';
import type { TokenTask } from '../src/core/evaluate/tokenRows';
import { outputLabels } from '../src/core/labels/tokenTargets';
import type { TokenClassifier } from '../src/core/ports';
import { seededRng } from '../src/core/random';
import { placeWindows, planSteps } from '../src/core/train/data/batches';
import { fitDecision } from '../src/core/train/decision/decision';
import { stepExamples } from '../src/core/train/data/examples';
import { epochsFor, noteTokenizer, trainingSettings } from '../src/core/train/loop/fineTuning';
import type { HyperParameters } from '../src/core/train/settings/hyperParameters';
import type { FineTuneJob } from '../src/core/train/settings/jobs';
import { noteLogits } from '../src/core/train/decision/noteLogits';
import { fineTuneParameters } from '../src/core/train/settings/overrides';
import type { PartScores } from '../src/core/train/loop/runEvents';
import type { BaseEncoder } from '../src/node/training/encoderFiles';
import { openBase } from '../src/node/training/encoderFiles';
import { partScores } from '../src/node/training/finalScores';
import type { TrainingNotes } from '../src/node/training/trainingNotes';
import { readTrainingNotes } from '../src/node/training/trainingNotes';
import type { RivalPython } from './torchPython';

const SCRIPT = path.join(__dirname, 'rivals', 'learn.py');

export interface Learned {
  readonly seconds: number;
  readonly scores: PartScores;
}

/** What both sides learn from. */
interface Lesson {
  readonly job: FineTuneJob;
  readonly base: BaseEncoder;
  readonly notes: TrainingNotes;
  readonly parameters: HyperParameters;
  readonly task: TokenTask;
}

/**
 * Fine-tunes with PyTorch and scores the answers as ours are. The rival keeps its last weights, which under the default
 * preset are nearly always the best.
 * @param folder for the files that go to and fro
 */
export async function learnRival(job: FineTuneJob, folder: string, python: RivalPython): Promise<Learned> {
  const lesson = await readLesson(job);
  const { base, notes, task, parameters } = lesson;
  const settings = trainingSettings(task, base.longestInput);
  const logitsOf = (part: TrainingNotes['test'], classifier: TokenClassifier) =>
    noteLogits(part, { classifier, tokenizer: base.tokenizer, settings });
  const questions: Int32Array[] = [];
  const asking = answering(task.outputs, (ids) => {
    questions.push(ids);
    return new Float32Array(ids.length * task.outputs.length);
  });
  await logitsOf([...notes.validation, ...notes.test], asking);
  const { seconds, logits } = await ask(lesson, questions, folder, python);
  const known = new Map(questions.map((ids, i) => [String(ids), Float32Array.from(logits[i]!)]));
  const knowing = answering(task.outputs, (ids) => known.get(String(ids))!);
  const decision = fitDecision(await logitsOf(notes.validation, knowing), task, settings, parameters);
  const test = await logitsOf(notes.test, knowing);
  return { seconds, scores: partScores(test, task, settings.decoding, decision) };
}

async function readLesson(job: FineTuneJob): Promise<Lesson> {
  const base = await openBase(job.encoder);
  const notes = await readTrainingNotes(job);
  const parameters = fineTuneParameters(job, base.config);
  const { labels } = notes;
  const { scheme } = job;
  const outputs = outputLabels(labels, scheme);
  const task: TokenTask = { labels, outputs, scheme, begin: parameters.begin, activation: 'sigmoid' };
  return { job, base, notes, parameters, task };
}

async function ask(
  { job, base, notes, parameters, task }: Lesson,
  questions: readonly Int32Array[],
  folder: string,
  python: RivalPython,
): Promise<{ seconds: number; logits: number[][] }> {
  const tokenized = notes.training.map(noteTokenizer(base.tokenizer, task));
  const places = placeWindows(tokenized, Math.min(parameters.maxLength, base.longestInput), undefined);
  const steps = planSteps(places, parameters.batching, seededRng(job.seed));
  const width = task.outputs.length;
  const content = {
    windows: steps
      .flatMap((step) => stepExamples(step, tokenized, parameters.loss).flat())
      .map(({ ids, targets, weights }) => ({
        ids: [...ids],
        targets: Array.from(ids, (_, i) => [...targets.subarray(i * width, (i + 1) * width)]),
        counts: Array.from(weights, (weight) => (weight > 0 ? 1 : 0)),
      })),
    questions: questions.map((ids) => [...ids]),
    outputs: width,
    dropout: parameters.dropout === 'config' ? dropoutOf(base.config) : parameters.dropout,
    padding: base.config.padId,
    seed: job.seed,
    parameters: { ...parameters, epochs: epochsFor(steps.length, parameters) },
  };
  const files = { lesson: path.join(folder, 'lesson.json'), answers: path.join(folder, 'answers.json') };
  await writeFile(files.lesson, JSON.stringify(content));
  execFileSync(python.program, [SCRIPT, path.resolve(job.encoder), files.lesson, files.answers], {
    env: python.env,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  return JSON.parse(await readFile(files.answers, 'utf8')) as { seconds: number; logits: number[][] };
}

function answering(labels: readonly string[], answer: (ids: Int32Array) => Float32Array): TokenClassifier {
  return { labels, logits: (batch) => Promise.resolve(batch.map(answer)) };
}
