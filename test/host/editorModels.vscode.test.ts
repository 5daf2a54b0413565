import assert from 'node:assert/strict';
import { readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import type { PlanSummary } from '../../src/core/experiments/planSummary';
import type { RunRecord } from '../../src/core/experiments/runFiles';
import { resume } from '../../src/extension/experiments/commands';
import { editorModels } from '../../src/extension/remote/editorModels';
import { SOON_MS } from '../soon';
import { AskedCorpus, AskingWindow, planFolders, stranger } from './askingSupport';
import type { Stranger, StrangerAsked } from './stranger/stranger';
import { until, workspaceFile } from './support';

const RUN = 'parrot-1-asked-1';
const HOST = 'anamnese-test/parrot';

const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));

describe('VS Code’s own language models', () => {
  let few: AskedCorpus;
  let many: AskedCorpus;
  let other: Stranger;
  let window: AskingWindow;
  const model = { name: 'parrot-1', endpoint: `vscode-lm://${HOST}` };
  const asking = (corpus = few) => ({ corpus: corpus.path, models: [model], seeds: [1] });
  const userOf = ({ messages }: StrangerAsked): string => messages.at(-1)!;

  before(() => {
    few = new AskedCorpus('poucas', 24);
    many = new AskedCorpus('muitas', 200);
  });
  beforeEach(async () => {
    other = await stranger();
    other.models = [{ id: 'parrot-1', family: 'parrot' }];
    other.seen = [];
    other.answer = async (asked) => few.right(userOf(asked));
    other.changed();
    window = new AskingWindow(other);
  });
  afterEach(() => window.dispose());
  after(() => {
    other.models = [];
    for (const name of ['poucas', 'muitas', 'experiments'])
      rmSync(workspaceFile(name).fsPath, { recursive: true, force: true });
  });

  async function done(folder: string, plans = window.plans): Promise<PlanSummary> {
    await until('the plan is done', () => !plans.running(folder), 100_000);
    return (await plans.refresh()).find((plan) => plan.folder === folder)!;
  }
  const told = (folder: string): NonNullable<RunRecord['languageModel']> =>
    (JSON.parse(readFileSync(path.join(folder, 'runs', RUN, 'record.json'), 'utf8')) as RunRecord)
      .languageModel!;
  const logOf = (folder: string): string => readFileSync(path.join(folder, 'runner.log'), 'utf8');

  it('are offered as other extensions offer them, and said to be none where they are none', async () => {
    assert.deepEqual(await editorModels(), [model]);
    other.models = [];
    other.changed();
    assert.deepEqual(await editorModels(), []);
    const before = await planFolders();
    assert.equal(await window.compare(asking()), undefined);
    assert.deepEqual(window.person.warned, [
      `VS Code has no language model ${HOST} now. Sign in to GitHub Copilot, or install another extension that offers language models.`,
    ]);
    assert.deepEqual([window.person.asked, await planFolders()], [[], before]);
  });

  it('are asked once somebody agreed, to vendor and family by name, and count as any other', async () => {
    window.person.answer = false;
    assert.equal(await window.compare(asking()), undefined);
    const [question] = window.person.asked;
    assert.ok(
      question!.startsWith(`Send notes of the workspace “${vscode.workspace.name!}” to ${HOST}? `),
      question,
    );
    assert.equal(other.seen.length, 0);

    window.person.answer = true;
    const folder = (await window.compare(asking()))!;
    const { runs } = await done(folder);
    assert.deepEqual(
      runs.map(({ run, state, microF1 }) => [run.id, state, microF1]),
      [[RUN, 'finished', 1]],
    );
    assert.equal(other.seen.length, 5, 'each note of the test part once');
    assert.deepEqual(window.person.secretsAsked, [], 'no key');
    assert.ok(
      other.seen.every(({ messages }) => messages.length === 2 && messages[0]!.includes('"entities"')),
    );
    const { api, host, answers, attempts, tokens, dollars } = told(folder);
    assert.deepEqual([api, host, answers, attempts, dollars], ['vscode', HOST, 5, 5, null]);
    const sum = (of: (asked: StrangerAsked) => number): number =>
      other.seen.reduce((total, asked) => total + of(asked), 0);
    assert.deepEqual(tokens, {
      input: sum(({ messages }) => messages.reduce((total, text) => total + other.tokens(text), 0)),
      cachedInput: 0,
      output: sum((asked) => other.tokens(few.right(userOf(asked)))),
      reasoning: 0,
    });
    assert.match(logOf(folder), /anamnese-test\/parrot was asked 5 times, with \d+ characters in all/);
  });

  it('are asked again where they fail, and keep a refusal, without a word of what is said then', async () => {
    const times = new Map<string, number>();
    other.answer = async (asked) => {
      const user = userOf(asked);
      times.set(user, (times.get(user) ?? 0) + 1);
      const place = [...times.keys()].indexOf(user);
      if (place === 0) throw new Error(`Response got filtered: ${user}`);
      if (place === 1 && times.get(user) === 1) throw vscode.LanguageModelError.Blocked(`no more of ${user}`);
      if (place === 2 && times.get(user) === 1) throw new Error(`cannot take "${user}"`);
      return few.right(user);
    };
    const folder = (await window.compare(asking()))!;
    await done(folder);
    const { refused, attempts, answers } = told(folder);
    assert.deepEqual([refused, attempts, answers], [1, 7, 5]);
    const log = logOf(folder);
    assert.ok(!AskedCorpus.words.some((word) => log.includes(word)), log);
  });

  it('end with what is kept where a model is not allowed, saying so', async () => {
    other.answer = async (asked) => {
      if (other.seen.length > 4) throw vscode.LanguageModelError.NoPermissions('no');
      return few.right(userOf(asked));
    };
    const ends: string[] = [];
    window.plans.onEnd(({ state }) => ends.push(...state.failures.map(({ message }) => message)));
    const folder = (await window.compare(asking()))!;
    const { runs } = await done(folder);
    assert.equal(runs[0]!.state, 'begun');
    assert.match(
      ends.join(),
      /parrot: Anamnese was not allowed to use this language model; \d of 5 notes are answered/,
    );
    other.answer = async (asked) => few.right(userOf(asked));
    await resume(window.context, window.remote, folder);
    assert.equal((await done(folder)).runs[0]!.state, 'finished');
    assert.equal(other.seen.length, 6, 'nothing is asked twice but what failed');
  });

  it('are asked no more once consent is taken back', async () => {
    other.answer = async (asked) => {
      await pause(100);
      return many.right(userOf(asked));
    };
    const folder = (await window.compare(asking(many)))!;
    await until('answers', () => other.seen.length > 8);
    const asked = performance.now();
    await window.remote.consent.revoke();
    await until('the end', () => !window.plans.running(folder));
    assert.ok(performance.now() - asked < SOON_MS, `${performance.now() - asked} ms`);
    const sent = other.seen.length;
    await pause(800);
    assert.equal(other.seen.length, sent, 'nothing follows');
    assert.ok(sent < 40, `${sent} of 40`);
    const question = { ...model, model: model.name, system: '', user: '', schema: {} };
    const { token } = new vscode.CancellationTokenSource();
    assert.equal((await window.remote.ask(question, token)).type, 'declined');
    assert.equal(other.seen.length, sent);
  });

  it('are asked by the next window where one is reloaded, and nothing that was answered is asked again', async () => {
    other.answer = async (asked) => {
      await pause(100);
      return many.right(userOf(asked));
    };
    const folder = (await window.compare(asking(many)))!;
    await until('answers', () => other.seen.length > 8);
    window.dispose();
    const sent = other.seen.length;
    await pause(300);
    const next = new AskingWindow(other, undefined, window);
    await next.plans.lookAt(folder);
    assert.equal((await done(folder, next.plans)).runs[0]!.state, 'finished');
    window = next;
    assert.ok(other.seen.length > sent);
    const again = other.seen.length - 40;
    assert.ok(again <= 4, `${again} asked again: no more than were under way`);
  });
});
