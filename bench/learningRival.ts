// What bench:learning asks of the rival: the very steps that our engine takes under a preset without patience and a
// strategy that leaves notes and loss as they are; and after each epoch the logits of what is scored, so that both
// sides keep their best epoch by the same validation score.
import { execFileSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { dropoutOf } from '../src/core/encoder/dropoutOf';
import type { TokenTask } from '../src/core/evaluate/tokenRows';
import { outputLabels } from '../src/core/labels/tokenTargets';
import type { TokenClassifier } from '../src/core/ports';
import { fitDecision } from '../src/core/train/decision/decision';
import { noteLogits } from '../src/core/train/decision/noteLogits';
import type { TrainingExample } from '../src/core/train/engine';
import { fineTuningTask, trainingSettings } from '../src/core/train/loop/fineTuning';
import type { Learner, LearningTask } from '../src/core/train/loop/learn';
import type { PartScores } from '../src/core/train/loop/runEvents';
import type { HyperParameters } from '../src/core/train/settings/hyperParameters';
import type { FineTuneJob } from '../src/core/train/settings/jobs';
import { fineTuneParameters } from '../src/core/train/settings/overrides';
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

/** Of the windows that were asked about, after each epoch. */
interface Answers {
  readonly seconds: number;
  readonly epochs: readonly (readonly (readonly number[])[])[];
}

/**
 * Fine-tunes with PyTorch and scores the answers as ours are.
 * @param folder for the files that go to and fro
 */
export async function learnRival(job: FineTuneJob, folder: string, python: RivalPython): Promise<Learned> {
  const lesson = await readLesson(job);
  const { base, notes, task, parameters } = lesson;
  const settings = trainingSettings(task, base.longestInput);
  const rival = new Rival(task.outputs);
  const learning = fineTuningTask({
    ...{ engine: rival, tokenizer: base.tokenizer, task, parameters, seed: job.seed },
    ...{ training: notes.training, validation: notes.validation, longestInput: base.longestInput },
  });
  const logitsOf = (part: TrainingNotes['test']) =>
    noteLogits(part, { classifier: rival, tokenizer: base.tokenizer, settings });
  await logitsOf([...notes.validation, ...notes.test]);
  const { seconds, epochs } = await ask(lesson, learning, rival.questions, folder, python);
  let best = { epoch: epochs.length - 1, score: -Infinity };
  for (const [epoch, logits] of epochs.entries()) {
    rival.knows(logits);
    const microF1 = (await learning.validate?.())?.microF1;
    if (microF1 !== undefined && microF1 > best.score) best = { epoch, score: microF1 };
  }
  rival.knows(epochs[best.epoch]!);
  const decision = fitDecision(await logitsOf(notes.validation), task, settings, parameters);
  return { seconds, scores: partScores(await logitsOf(notes.test), task, settings.decoding, decision) };
}

/** Answers with what it has been told; before that, it notes what it is asked. */
class Rival implements TokenClassifier, Learner<TrainingExample> {
  readonly questions: Int32Array[] = [];
  private known: ReadonlyMap<string, Float32Array> | undefined;

  constructor(readonly labels: readonly string[]) {}

  logits(batch: readonly Int32Array[]): Promise<Float32Array[]> {
    return Promise.resolve(batch.map((ids) => (this.known ? this.answer(ids) : this.note(ids))));
  }

  private note(ids: Int32Array): Float32Array {
    this.questions.push(ids);
    return new Float32Array(ids.length * this.labels.length);
  }

  private answer(ids: Int32Array): Float32Array {
    const logits = this.known!.get(String(ids));
    if (!logits) throw new Error('the rival was not asked about a window that is scored');
    return logits;
  }

  /** Rows of logits, in the order of the questions. */
  knows(logits: Answers['epochs'][number]): void {
    this.known = new Map(this.questions.map((ids, i) => [String(ids), Float32Array.from(logits[i]!)]));
  }

  accumulate = (): never => this.refuse();
  update = (): never => this.refuse();

  private refuse(): never {
    throw new Error('the rival learns in a process of its own');
  }
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
  { job, base, parameters, task }: Lesson,
  learning: LearningTask<TrainingExample>,
  questions: readonly Int32Array[],
  folder: string,
  python: RivalPython,
): Promise<Answers> {
  const content = {
    epochs: Array.from({ length: learning.epochs }, (_, epoch) => stepsOf(learning, epoch, task)),
    questions: questions.map((ids) => [...ids]),
    outputs: task.outputs.length,
    dropout: parameters.dropout === 'config' ? dropoutOf(base.config) : parameters.dropout,
    padding: base.config.padId,
    seed: job.seed,
    parameters,
  };
  const files = { lesson: path.join(folder, 'lesson.json'), answers: path.join(folder, 'answers.json') };
  await writeFile(files.lesson, JSON.stringify(content));
  execFileSync(python.program, [SCRIPT, path.resolve(job.encoder), files.lesson, files.answers], {
    env: python.env,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  return JSON.parse(await readFile(files.answers, 'utf8')) as Answers;
}

/** The windows of every step, each token's weight such that the sum over the step is its loss. */
function stepsOf(learning: LearningTask<TrainingExample>, epoch: number, { outputs }: TokenTask) {
  const plan = learning.plan(epoch);
  const width = outputs.length;
  return Array.from({ length: plan.steps }, (_, index) =>
    plan
      .step(index)
      .batches.flat()
      .map(({ ids, targets, weights }) => ({
        ids: [...ids],
        targets: Array.from(ids, (_id, i) => [...targets.subarray(i * width, (i + 1) * width)]),
        weights: [...weights],
      })),
  );
}
