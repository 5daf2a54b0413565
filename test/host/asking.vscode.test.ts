import assert from 'node:assert/strict';
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import type { PlanSummary } from '../../src/core/experiments/planSummary';
import type { ReportHeader } from '../../src/core/report/reportHeader';
import { compareModels, resume } from '../../src/extension/experiments/commands';
import type { Plans } from '../../src/extension/experiments/plans';
import { remoteUse } from '../../src/extension/remote/consent';
import { askReporter } from '../../src/extension/report/reporter';
import { firstForbidden } from '../../src/node/llm/policy';
import { AGREED_HOSTS } from '../../src/protocol/planRunner';
import { forbiddenEndpoint } from '../../src/protocol/survey';
import type { Asked, Reaction } from '../node/llm/llmServer';
import { LlmServer } from '../node/llm/llmServer';
import { toyVocabulary } from '../node/training/toyNotes';
import { SOON_MS } from '../soon';
import { AskedCorpus, AskingWindow, planFolders, root, stranger } from './askingSupport';
import { api, until, withSetting, workspaceFile } from './support';

const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Waits until nobody carries the plan out any more. */
async function done(folder: string, plans: Plans): Promise<PlanSummary> {
  await until('the plan is done', () => !plans.running(folder), 100_000);
  return (await plans.refresh()).find((plan) => plan.folder === folder)!;
}

const states = ({ runs }: PlanSummary): string[] => runs.map(({ state }) => state);

/** All that a plan's folder holds, but for the answers that quote their notes, and the corpus's own text. */
function written(folder: string): string {
  return readdirSync(folder, { recursive: true, encoding: 'utf8', withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== 'answers.jsonl')
    .map((entry) => readFileSync(path.join(entry.parentPath, entry.name), 'utf8'))
    .join('\n');
}

/** What the report of a plan says. */
async function reportOf(folder: string): Promise<ReportHeader> {
  const file = path.join(folder, 'saved.html');
  const reporter = path.join(root, 'dist', 'reporter.js');
  await askReporter(reporter, { type: 'save', planFolder: folder, file, texts: false });
  const json = /id="report-header">(.*?)<\/script>/s.exec(readFileSync(file, 'utf8'))![1]!;
  return JSON.parse(json) as ReportHeader;
}

describe('asking language models', () => {
  let few: AskedCorpus;
  let many: AskedCorpus;
  let server: LlmServer;
  let react: (asked: Asked) => Reaction | Promise<Reaction>;
  let window: AskingWindow;

  /** The server on this machine, by an address that is not known to be this machine's. */
  const elsewhere = (): string => server.url().replace('127.0.0.1', '0.0.0.0');
  const hostElsewhere = (): string => new URL(elsewhere()).host;
  const asking = (corpus = few): Parameters<AskingWindow['compare']>[0] => ({
    corpus: corpus.path,
    models: [{ name: 'own-model', endpoint: elsewhere() }],
    seeds: [1],
  });

  before(async () => {
    few = new AskedCorpus('poucas', 24);
    many = new AskedCorpus('muitas', 200);
    server = await new LlmServer((asked) => react(asked)).listen();
  });
  beforeEach(async () => {
    react = few.reaction;
    server.seen.length = 0;
    window = new AskingWindow(await stranger());
  });
  afterEach(() => window.dispose());
  after(async () => {
    await server.close();
    for (const name of ['poucas', 'muitas', 'experiments'])
      rmSync(workspaceFile(name).fsPath, { recursive: true, force: true });
  });

  it('asks a server of this machine, without a question to anybody; the results stand in the report', async () => {
    const { plans } = (await api()).experiments;
    const given = { ...asking(), models: [{ name: 'gpt-5-mini@low', endpoint: server.url() }] };
    const folder = await vscode.commands.executeCommand<string>('anamnese.compareLanguageModels', given);
    assert.match(path.basename(folder), /^\d{4}-\d\d-\d\d-language-models$/);
    const { runs } = await done(folder, plans);
    assert.deepEqual(
      runs.map(({ run, state, microF1 }) => [run.id, state, microF1]),
      [['gpt-5-mini-low-asked-1', 'finished', 1]],
    );
    assert.equal(server.seen.length, 5, 'each note of the test part once');
    const log = readFileSync(path.join(folder, 'runner.log'), 'utf8');
    assert.match(log, /127\.0\.0\.1:\d+ was asked 5 times, with \d+ characters in all/);
    assert.ok(!AskedCorpus.words.some((word) => log.includes(word)));

    const { systems, runs: reported } = await reportOf(folder);
    assert.deepEqual(
      systems.map(({ encoder, asked }) => [encoder, asked]),
      [['gpt-5-mini-low', { examples: 1, grounding: 'in-order' }]],
    );
    assert.equal(reported[0]!.asking!.answers, 5);
    assert.ok(Number(reported[0]!.asking!.dollars) > 0, 'the study’s table of costs');
  });

  it('sends nothing before somebody has agreed, to this endpoint and for this workspace, and nothing without', async () => {
    const before = await planFolders();
    let agree: (agreed: boolean) => void = () => undefined;
    window.person.answer = new Promise<boolean>((resolve) => (agree = resolve));
    const declined = window.compare(asking());
    await until('the question', () => window.person.asked.length > 0);
    const [question] = window.person.asked;
    assert.ok(question!.includes(`“${vscode.workspace.name!}” to ${hostElsewhere()}?`), question);
    assert.ok(question!.includes('The connection is not encrypted.'), question);
    await pause(500);
    assert.equal(server.seen.length, 0);
    assert.deepEqual(await planFolders(), before, 'no plan is made while the question stands');
    agree(false);
    assert.equal(await declined, undefined);
    assert.deepEqual([server.seen.length, window.remote.consent.agreed], [0, []]);
    assert.deepEqual(await planFolders(), before);

    window.person.answer = true;
    const folder = (await window.compare(asking()))!;
    assert.deepEqual(states(await done(folder, window.plans)), ['finished']);
    assert.equal(server.seen.length, 5);
    assert.deepEqual(window.remote.consent.agreed, [hostElsewhere()]);
    const again = (await window.compare({ ...asking(), seeds: [2] }))!;
    assert.deepEqual(states(await done(again, window.plans)), ['finished']);
    assert.equal(window.person.asked.length, 2, 'nobody is asked twice about the same');
  });

  it('asks about each endpoint by itself, and makes nothing where one of them is declined', async () => {
    const models = [
      { name: 'own-model', endpoint: elsewhere() },
      { name: 'gpt-5', endpoint: 'https://llm.example.org/v1' },
    ];
    window.person.agrees = async (question) => {
      window.person.asked.push(question);
      return !question.includes('llm.example.org');
    };
    assert.equal(await window.compare({ ...asking(), models }), undefined);
    assert.equal(window.person.asked.length, 2);
    assert.equal(server.seen.length, 0);
  });

  it('stops when consent is taken back, and asks again before it goes on', async () => {
    react = async (asked) => {
      await pause(150);
      return many.reaction(asked);
    };
    const folder = (await window.compare(asking(many)))!;
    await until('answers', () => server.seen.length > 8);
    const asked = performance.now();
    await window.remote.consent.revoke();
    await until('the end', () => !window.plans.running(folder));
    assert.ok(performance.now() - asked < SOON_MS, `${performance.now() - asked} ms`);
    assert.match(window.person.heard.join(), /no longer sent to 0\.0\.0\.0:\d+\.$/);
    const sent = server.seen.length;
    assert.ok(sent < 40, `${sent} of 40`);
    await pause(1000);
    assert.equal(server.seen.length, sent, 'nothing follows');
    assert.deepEqual(window.remote.consent.agreed, []);

    window.person.answer = false;
    await resume(window.context, window.remote, folder);
    assert.equal(window.person.asked.length, 2);
    assert.equal(window.plans.running(folder), undefined);
    assert.equal(server.seen.length, sent);
    // Whoever starts its process in another way gets no further.
    await window.plans.start(folder);
    assert.notDeepEqual(states(await done(folder, window.plans)), ['finished']);
    assert.equal(server.seen.length, sent);

    window.person.answer = true;
    react = many.reaction;
    await resume(window.context, window.remote, folder);
    assert.deepEqual(states(await done(folder, window.plans)), ['finished']);
    const again = server.seen.length - 40;
    assert.ok(again <= 8, `${again} asked again: no more than were under way when it stopped`);
    const journal = readFileSync(path.join(folder, 'runs', 'own-model-asked-1', 'answers.jsonl'), 'utf8');
    assert.equal(journal.trim().split('\n').length, 40);
  });

  it('sends nothing while all remote use is turned off, which no workspace can turn on', async () => {
    await withSetting('remote.enabled', false, async () => {
      assert.equal(remoteUse(), 'off');
      assert.equal(await window.compare(asking()), undefined);
      assert.deepEqual(window.person.warned, ['Sending notes to other machines is turned off.']);
      assert.deepEqual(window.person.asked, []);
      // A server of this machine may be asked all the same.
      const models = [{ name: 'own-model', endpoint: server.url() }];
      const folder = (await window.compare({ ...asking(), models }))!;
      assert.deepEqual(states(await done(folder, window.plans)), ['finished']);
    });
    const settings = vscode.workspace.getConfiguration('anamnese');
    for (const target of [vscode.ConfigurationTarget.Workspace, vscode.ConfigurationTarget.WorkspaceFolder])
      await assert.rejects(Promise.resolve(settings.update('remote.enabled', true, target)));
    assert.equal(remoteUse(), 'allowed');
  });

  it('stops at once where remote use is turned off meanwhile, and takes up what was agreed to when it is on', async () => {
    react = async (asked) => {
      await pause(150);
      return many.reaction(asked);
    };
    const folder = (await window.compare(asking(many)))!;
    await until('answers', () => server.seen.length > 8);
    await withSetting('remote.enabled', false, async () => {
      await until('the end', () => !window.plans.running(folder));
      assert.deepEqual(await window.remote.environment(), { [AGREED_HOSTS]: '' });
      await resume(window.context, window.remote, folder);
      assert.equal(window.person.warned.length, 1);
      assert.equal(window.plans.running(folder), undefined);
    });
    assert.deepEqual(window.remote.consent.agreed, [hostElsewhere()]);
  });

  it('heeds the policy of the machine’s administrator before it asks anybody', async () => {
    const file = path.join(path.dirname(few.path), 'policy.json');
    writeFileSync(file, JSON.stringify({ format: 'anamnese-policy', version: 1, remote: false }));
    const survey = Object.assign(Object.create(window.survey) as typeof window.survey, {
      // As the process answers, with a file that tests can write.
      ask: ((type, request) =>
        (type as unknown) === forbiddenEndpoint
          ? firstForbidden((request as { endpoints: string[] }).endpoints, file)
          : window.survey.ask(type, request)) as typeof window.survey.ask,
    });
    assert.equal(await window.compare(asking(), { survey }), undefined);
    assert.deepEqual([window.person.asked, server.seen.length], [[], 0]);
    const told = `Notes are not sent to ${hostElsewhere()}: the policy of this machine’s administrator (${file}) `;
    assert.ok(window.person.warned[0]!.startsWith(told), window.person.warned[0]);
    // The machine that runs this has none: what the process itself answers.
    const endpoints = [elsewhere(), 'https://api.openai.com/v1'];
    assert.deepEqual(
      await window.survey.ask(forbiddenEndpoint, { endpoints }),
      await firstForbidden(endpoints),
    );
  });

  it('sends nothing of a workspace that is not trusted, whatever was agreed to', async () => {
    assert.equal(remoteUse(), 'allowed');
    assert.equal(remoteUse(false), 'untrusted');
    let isTrusted = true;
    const { person, remote, survey, plans } = (window = new AskingWindow(await stranger(), () =>
      remoteUse(isTrusted),
    ));
    assert.ok(await remote.consent.ask([elsewhere()]));
    isTrusted = false;
    assert.deepEqual(await remote.environment(), { [AGREED_HOSTS]: '' });
    assert.equal(await window.compare(asking(), { survey, plans }), undefined);
    assert.deepEqual(person.warned, ['Notes of a workspace that is not trusted are sent nowhere.']);
    assert.equal(server.seen.length, 0);
  });

  it('stands beside encoders that are trained on the same splits, in one plan and one comparison', async () => {
    const encoder = workspaceFile('poucas/encoder').fsPath;
    mkdirSync(encoder, { recursive: true });
    const oracle = path.join(root, 'test', 'oracles', 'encoders', 'bert');
    for (const name of ['config.json', 'model.safetensors'])
      cpSync(path.join(oracle, name), path.join(encoder, name));
    writeFileSync(path.join(encoder, 'vocab.txt'), toyVocabulary());
    const given = {
      corpus: few.path,
      encoders: [encoder],
      task: 'mixed' as const,
      training: { strategies: ['is'] as const, schemes: ['IO'] as const, seeds: [1, 2], epochs: 2 },
      languageModels: [{ name: 'own-model', endpoint: elsewhere() }],
    };
    window.person.answer = false;
    assert.equal(await compareModels(window.context, window.remote, given), undefined);
    assert.deepEqual([window.person.asked.length, server.seen.length], [1, 0]);
    window.person.answer = true;
    const folder = (await compareModels(window.context, window.remote, given))!;
    assert.match(path.basename(folder), /-models(-\d+)?$/);
    const { runs } = await done(folder, window.plans);
    assert.deepEqual(
      runs.map(({ run, state }) => [run.kind, run.encoder, run.seed, state]),
      [
        ['train', 'encoder', 1, 'finished'],
        ['train', 'encoder', 2, 'finished'],
        ['prompt', 'own-model', 1, 'finished'],
        ['prompt', 'own-model', 2, 'finished'],
      ],
    );
    const header = await reportOf(folder);
    const splits = header.runs.map(({ seed, split }) => `${seed} ${split}`);
    assert.equal(new Set(splits).size, 2, 'the same notes for both');
    const compared = header.comparisons.filter(({ view }) => view === 'characters');
    assert.ok(compared.some(({ baseline, system }) => baseline !== system));
  });

  it('keeps keys where the system keeps secrets: each for its own server, and in no file of the plan', async () => {
    const { secrets } = await stranger();
    const key = 'sk-an-invented-key';
    const { person, remote } = window;
    person.secret = undefined;
    assert.equal(await window.compare(asking()), undefined, 'nobody says what the key is');
    assert.deepEqual(person.secretsAsked, [`Key for ${hostElsewhere()}`]);
    person.secret = ` ${key} `;
    const folder = (await window.compare(asking()))!;
    assert.equal(await secrets.get('ANAMNESE_LLM_KEY'), key);
    assert.deepEqual(states(await done(folder, window.plans)), ['finished']);
    assert.deepEqual([...new Set(server.seen.map(({ authorization }) => authorization))], [`Bearer ${key}`]);
    assert.ok(!written(folder).includes(key));
    await window.compare({ ...asking(), seeds: [3] });
    assert.equal(person.secretsAsked.length, 2, 'a key that is there is not asked for');

    await secrets.store('OPENAI_API_KEY', 'sk-of-openai');
    assert.deepEqual(await remote.keys.known(), {
      OPENAI_API_KEY: 'sk-of-openai',
      ANAMNESE_LLM_KEY: key,
    });
    server.seen.length = 0;
    const again = (await window.compare({
      ...asking(),
      models: [{ name: 'gpt-5', endpoint: elsewhere() }],
    }))!;
    await done(again, window.plans);
    assert.ok(server.seen.every(({ authorization }) => authorization === `Bearer ${key}`));
    await withSetting('remote.enabled', false, async () =>
      assert.deepEqual(await remote.environment(), { [AGREED_HOSTS]: '' }),
    );
    for (const name of ['OPENAI_API_KEY', 'ANAMNESE_LLM_KEY']) await secrets.delete(name);
    assert.deepEqual(await remote.keys.known(), {});
  });
});
