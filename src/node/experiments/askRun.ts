import path from 'node:path';
import { answerSchema } from '../../core/llm/answer';
import { chooseExamples, exampleOf } from '../../core/llm/examples';
import type { LanguageModelRun, PlannedLanguageModel } from '../../core/experiments/plan';
import { hostOf } from '../../core/hosts';
import { systemPrompt, userPrompt } from '../../core/llm/prompt';
import { seededRng } from '../../core/random';
import type { KeyedRequest } from '../llm/askAll';
import { askAll, requestKey } from '../llm/askAll';
import { Journal, readJournal } from '../llm/journal';
import { checkConsent } from '../llm/consent';
import { openProvider } from '../llm/openProvider';
import { checkPolicy } from '../llm/policy';
import { labelsOf } from '../training/trainingNotes';
import { readPrices } from '../llm/readPrices';
import { writeAskedRun } from './askedScores';
import { resolveIn, runPath } from './planFolder';
import type { RunNotes } from './runNotes';
import { testNotes } from './runNotes';
import type { RunOutcome, RunWork } from './runTask';

/** Beside a run of a language model: every answer that it gave. */
export const ANSWERS = 'answers.jsonl';

/** Requests under way at once where nothing is said. */
const CONCURRENCY = 8;
/** The same of VS Code’s models, which the person chats with meanwhile. */
const OF_EDITOR = 4;
/** Seconds that an answer may take where nothing is said: with much thinking they take minutes. */
const TIMEOUT = 600;

/**
 * Asks a language model about every test note that it has not answered yet, and scores its answers.
 * @throws Error before anything is sent where nobody agreed to that, or a key is missing; Error where a note is left
 *   without an answer, with those that were given kept
 */
export async function askRun(run: LanguageModelRun, work: RunWork): Promise<RunOutcome> {
  const { task, plan, documents, hooks } = work;
  const model = plannedModel(run, work);
  checkConsent(model, task.asking?.agreed ?? []);
  await checkPolicy(model.endpoint);
  const prices = await readPrices(task.asking?.prices);
  const corpus = resolveIn(task.folder, plan.corpus.path);
  const notes = testNotes(run.seed, plan.training.preset, documents, corpus);
  if (notes.test.length === 0) throw new Error('its split leaves no notes to score: more are needed');
  const labels = labelsOf(notes.train, { labels: plan.training.labels, corpus });
  const { asked, examples } = questionsOf(model, notes, labels, run.seed);
  const began = performance.now();
  const journal = await Journal.open(path.join(runPath(task.folder, run.id), ANSWERS));
  try {
    for (const message of journal.problems) await tell(message);
    await takeOver(run, work, journal, asked);
    const left = asked.some(({ key }) => !journal.get(key));
    if (left) await ask(model, asked, journal);
    const answers = asked.map(({ key }) => journal.get(key)!);
    const seconds = (performance.now() - began) / 1000;
    await writeAskedRun(run, work, { model, notes, labels, examples, answers, prices, seconds });
  } finally {
    await journal.close();
  }
  return 'finished';

  async function tell(message: string): Promise<void> {
    await hooks.onEvent({ type: 'run', id: run.id, event: { type: 'notice', message } });
  }

  async function ask(settings: PlannedLanguageModel, questions: readonly KeyedRequest[], to: Journal) {
    const usual = settings.api === 'vscode' ? OF_EDITOR : CONCURRENCY;
    const { timeout = TIMEOUT, concurrency = usual, ...limits } = task.asking ?? {};
    const provider = await openProvider(settings, process.env, timeout * 1000, hooks.askEditor);
    const onAnswer = (done: number, of: number) =>
      void hooks.onEvent({ type: 'scoring', id: run.id, done, of });
    const host = hostOf(settings.endpoint);
    const onSent = (requests: number, characters: number) =>
      void tell(`${host} was asked ${requests} times, with ${characters} characters in all`);
    await askAll(questions, provider, to, { ...limits, concurrency, signal: hooks.signal, onAnswer, onSent });
  }
}

function plannedModel({ id, encoder }: LanguageModelRun, { task, plan }: RunWork): PlannedLanguageModel {
  const model = plan.languageModels?.find(({ name }) => name === encoder);
  if (!model) throw new Error(`${task.folder}: the plan has no language model ${encoder}, which ${id} needs`);
  return model;
}

/** The question about each test note, in the notes' order. */
function questionsOf(
  model: PlannedLanguageModel,
  { train, test }: RunNotes,
  labels: readonly string[],
  seed: number,
): { readonly asked: readonly KeyedRequest[]; readonly examples: readonly string[] } {
  const examples = chooseExamples(train, labels, model.shots, seededRng(seed));
  if (examples.length < model.shots)
    throw new Error(`${model.shots} examples are asked for, but the training part has ${examples.length}`);
  const shown = examples.map((document) => exampleOf(document, labels));
  const system = systemPrompt(model.template, labels, shown);
  const schema = answerSchema(labels);
  const asked = test.map(({ text }) => {
    const request = { system, user: userPrompt(model.template, text), schema };
    return { key: requestKey(model, request), request };
  });
  return { asked, examples: examples.map(({ id }) => id) };
}

/** Answers that other runs of the plan had to the same questions, such as those that only ground them otherwise. */
async function takeOver(
  run: LanguageModelRun,
  { task, plan }: RunWork,
  journal: Journal,
  asked: readonly KeyedRequest[],
): Promise<void> {
  for (const { kind, id } of plan.runs) {
    const missing = asked.filter(({ key }) => !journal.get(key));
    if (missing.length === 0) return;
    if (kind !== 'prompt' || id === run.id) continue;
    const { entries } = await readJournal(path.join(runPath(task.folder, id), ANSWERS));
    for (const { key } of missing) {
      const entry = entries.get(key);
      if (entry) await journal.add(entry);
    }
  }
}
