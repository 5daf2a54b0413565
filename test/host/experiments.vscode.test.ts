import assert from 'node:assert/strict';
import { cpSync, existsSync, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import type { PlanSummary } from '../../src/core/experiments/planSummary';
import { plansToAddTo } from '../../src/core/experiments/plansToAddTo';
import type { FoundCorpus, FoundEncoder } from '../../src/core/experiments/survey';
import { trainedModels } from '../../src/core/experiments/trainedModels';
import { runsOf } from '../../src/extension/experiments/choices';
import { encoderItems, knownEncoders } from '../../src/extension/experiments/chooseEncoders';
import { planItems } from '../../src/extension/experiments/choosePlan';
import { Flow } from '../../src/extension/experiments/flows';
import { addToPlan, trainingOrder, trainingSettings } from '../../src/extension/experiments/order';
import { Plans } from '../../src/extension/experiments/plans';
import { Survey } from '../../src/extension/experiments/survey';
import { inventedNotes, toyVocabulary } from '../node/training/toyNotes';
import { api, until, workspaceFile } from './support';
import { SOON_MS } from '../soon';

const root = path.resolve(__dirname, '../..');

/** What the commands are told instead of asking: a tiny encoder, notes that it can learn. */
const toy = () => ({
  corpus: workspaceFile('brinquedo/notas.jsonl').fsPath,
  encoders: [workspaceFile('brinquedo/encoder').fsPath],
});
const settings = { schemes: ['IO'], seeds: [1, 2], epochs: 3 };

async function plans(): Promise<Plans> {
  return (await api()).experiments.plans;
}

async function planOf(folder: string): Promise<PlanSummary> {
  return (await (await plans()).refresh()).find((plan) => plan.folder === folder)!;
}

/** Waits until nobody carries the plan out any more. */
async function done(folder: string): Promise<PlanSummary> {
  const all = await plans();
  await until('the plan is done', () => !all.running(folder), 150_000);
  return planOf(folder);
}

const finished = ({ runs }: PlanSummary): string[] =>
  runs.filter(({ state }) => state === 'finished').map(({ run }) => run.id);

/** Waits until a run trains after so many are finished. */
async function training(folder: string, after: number, all: Plans): Promise<void> {
  await until(
    `training after ${after} runs`,
    () => {
      const state = all.running(folder)?.state;
      return state && state.progress.finished >= after && (state.run?.progress ?? 0) > 0;
    },
    100_000,
  );
}

/** What looks through the workspace, as these suites' own bundle speaks with it. */
let survey: Survey;

describe('experiments', () => {
  before(() => {
    const log = vscode.window.createOutputChannel('survey of the suite', { log: true });
    survey = new Survey(path.join(root, 'dist', 'surveyor.js'), log);
    const folder = workspaceFile('brinquedo').fsPath;
    mkdirSync(path.join(folder, 'encoder'), { recursive: true });
    const encoder = path.join(root, 'test', 'oracles', 'encoders', 'bert');
    for (const name of ['config.json', 'model.safetensors'])
      cpSync(path.join(encoder, name), path.join(folder, 'encoder', name));
    writeFileSync(path.join(folder, 'encoder', 'vocab.txt'), toyVocabulary());
    writeFileSync(path.join(folder, 'notas.jsonl'), inventedNotes(40, 7));
  });
  after(() => {
    survey.dispose();
    for (const name of ['brinquedo', 'experiments'])
      rmSync(workspaceFile(name).fsPath, { recursive: true, force: true });
  });

  it('finds the corpora, and shows a problem at its file and line for as long as it is there', async () => {
    const corpora = await vscode.commands.executeCommand<FoundCorpus[]>('anamnese.checkCorpus');
    assert.deepEqual(
      corpora.map((corpus) => [
        vscode.workspace.asRelativePath(corpus.path),
        corpus.notes,
        corpus.problems.length,
      ]),
      [
        ['corpus', 40, 0],
        ['brinquedo/notas.jsonl', 40, 0],
      ],
    );
    const ann = workspaceFile('corpus/nota-01.ann');
    const bytes = await vscode.workspace.fs.readFile(ann);
    const text = new TextDecoder().decode(bytes);
    const lines = text.split('\n');
    lines[3] = 'T4\tDisorders 99990 99995\tfebre';
    await vscode.workspace.fs.writeFile(ann, new TextEncoder().encode(lines.join('\n')));
    const [problem] = await until('a diagnostic', () => {
      const found = vscode.languages.getDiagnostics(ann);
      return found.length > 0 && found;
    });
    assert.equal(problem!.range.start.line, 3);
    assert.equal(problem!.severity, vscode.DiagnosticSeverity.Error);
    assert.equal(problem!.source, 'Anamnese');
    await vscode.workspace.fs.writeFile(ann, bytes);
    await until('no diagnostic any more', () => vscode.languages.getDiagnostics(ann).length === 0);
  });

  it('compares two strategies with two seeds, which another window sees and this one can leave', async () => {
    const all = await plans();
    const told = { ...toy(), training: { ...settings, strategies: ['is', 'clamped'] } };
    const folder = await vscode.commands.executeCommand<string>('anamnese.compareStrategies', told);
    assert.match(path.basename(folder), /^\d{4}-\d\d-\d\d-strategies$/);
    await training(folder, 0, all);
    // A window that opens afterwards, as after a reload.
    const other = new Plans({ bundle: path.join(root, 'dist', 'planRunner.js') }, survey);
    const ends: string[] = [];
    other.onEnd(({ state }) => ends.push(state.end!.reason));
    await other.look();
    assert.equal(other.running(folder)?.pid, all.running(folder)?.pid);
    assert.equal(other.running(folder)?.state.progress.total, 4);
    await training(folder, 1, other);
    const plan = await done(folder);
    assert.equal(finished(plan).length, 4);
    assert.ok(plan.runs.every(({ microF1 }) => microF1! > 0));
    await until('the other window hears of the end', () => ends.length > 0);
    assert.deepEqual(ends, ['finished']);
    other.dispose();
  });

  it('cancels within a second, resumes, and goes on after its process is killed; no run is lost', async () => {
    const all = await plans();
    const told = { ...toy(), training: { ...settings, strategies: ['is', 'weighted'], epochs: 8 } };
    const folder = await vscode.commands.executeCommand<string>('anamnese.compareStrategies', told);
    await training(folder, 1, all);
    const asked = performance.now();
    await vscode.commands.executeCommand('anamnese.cancel', folder);
    await until('stopped', () => !all.running(folder));
    assert.ok(performance.now() - asked < SOON_MS, `${performance.now() - asked} ms`);
    const atStop = finished(await planOf(folder));
    assert.ok(atStop.length >= 1 && atStop.length < 4);

    await vscode.commands.executeCommand('anamnese.resume', folder);
    await training(folder, atStop.length, all);
    process.kill(all.running(folder)!.pid, 'SIGKILL');
    await until('its death is noticed', () => all.isInterrupted(folder));
    const atDeath = finished(await planOf(folder));
    assert.deepEqual(atDeath.slice(0, atStop.length), atStop);

    await vscode.commands.executeCommand('anamnese.resume', folder);
    await until('it is carried out again', () => all.running(folder));
    assert.equal(all.isInterrupted(folder), false);
    assert.equal(finished(await done(folder)).length, 4);
  });

  it('trains a model that then can mark notes, evaluates it on notes it never saw, and compares two', async () => {
    const told = { ...toy(), training: { strategies: ['is'], schemes: ['IO'], seeds: [42], epochs: 3 } };
    const trained = await vscode.commands.executeCommand<string>('anamnese.trainOnCorpus', told);
    const [run, ...others] = (await done(trained)).runs;
    assert.deepEqual(others, []);
    assert.ok(existsSync(path.join(run!.model!, 'anamnese.json')));

    const models = [run!.model!, path.join(root, 'models', 'anamnese-default')];
    const corpus = toy().corpus;
    const own = { corpus, encoders: models.slice(0, 1), notes: 'own' };
    const evaluated = await vscode.commands.executeCommand<string>('anamnese.evaluateModel', own);
    const [score] = (await done(evaluated)).runs;
    assert.equal(score!.microF1, run!.microF1, 'the same notes, the same model, the same figure');

    const both = { corpus, encoders: models, notes: 'all', task: 'evaluate' };
    const compared = await vscode.commands.executeCommand<string>('anamnese.compareModels', both);
    const plan = await done(compared);
    assert.deepEqual(
      plan.runs.map(({ run, state }) => [run.encoder, state]),
      [
        ['encoder-is-io-42', 'finished'],
        ['anamnese-default', 'finished'],
      ],
    );
  });

  it('offers the models that plans trained, by plan, strategy and seed', async () => {
    const trained = trainedModels(await (await plans()).refresh());
    const [defaultModel, encodersFolder] = [path.join(root, 'models', 'anamnese-default'), '/encoders'];
    const places = trained.map(({ folder }) => folder);
    const known = await knownEncoders(survey, defaultModel, places);
    const items = encoderItems(known, { marking: true, defaultModel, encodersFolder, trained });
    const shown = items.map(({ label, description, encoder }) =>
      [label, encoder ? description?.replace(/\d{4}-\d\d-\d\d/, 'DATE') : ''].join(' | '),
    );
    const heading = shown.indexOf('Trained by plans | ');
    assert.match(shown[0]!, /^anamnese-default \| /);
    assert.ok(heading > 0 && shown.at(-1)!.includes('Choose a folder…'), shown.join('\n'));
    const offered = shown.slice(heading + 1, -1);
    assert.ok(offered.includes('IS · IO · encoder · seed 42 | Training · DATE'), offered.join('\n'));
    assert.ok(
      offered.some((line) => /^IS( \+ \w+)? · IO · encoder · seed [12] \| Strategies · DATE/.test(line)),
    );
    assert.equal(offered.length, trained.length);
    assert.ok(trained.every(({ folder }) => items.some(({ encoder }) => encoder?.path === folder)));
  });

  it('adds a strategy to a plan of the same notes and settings, and trains nothing there again', async () => {
    const all = await plans();
    const asked = {
      strategies: ['is', 'clamped', 'weighted'] as const,
      schemes: ['IO'] as const,
      seeds: [1, 2],
      preset: 'default' as const,
      epochs: 3,
    };
    const { corpus, encoders } = toy();
    const [found] = (await vscode.commands.executeCommand<FoundCorpus[]>('anamnese.checkCorpus')).filter(
      ({ path: place }) => place === corpus,
    );
    const runs = runsOf([{ name: 'encoder' } as FoundEncoder], asked);
    const wanted = { corpusSha256: found!.sha256, training: trainingSettings(asked), runs };
    const candidates = plansToAddTo(wanted, await all.refresh());
    assert.match(candidates[0]!.plan.name, /-strategies$/);
    assert.equal(candidates[0]!.finished, 4);
    const [first, ...others] = planItems(candidates, runs.length);
    assert.match(first!.label, /Add to Strategies \d{4}-\d\d-\d\d$/);
    assert.equal(first!.description, 'has 4 of these 6 runs');
    assert.equal(others.filter(({ plan }) => plan === null).length, 1);
    const { folder, name } = candidates[0]!.plan;
    const records = (): Map<string, number> =>
      new Map(
        candidates[0]!.plan.runs.map(({ run }) => [
          run.id,
          statSync(path.join(folder, 'runs', run.id, 'record.json')).mtimeMs,
        ]),
      );
    const before = records();
    assert.equal(
      await addToPlan(survey, all, { folder, name }, trainingOrder(corpus, encoders, asked, 'best')),
      folder,
    );
    assert.equal(finished(await done(folder)).length, 6);
    assert.deepEqual(records(), before);
  });

  it('shows the problems of the notes that a flow looks at', async () => {
    const all = await plans();
    const broken = workspaceFile('brinquedo/quebrado.jsonl');
    writeFileSync(broken.fsPath, '{"text":"febre","label":[[0,99,"Disorders"]]}\n');
    const shown: FoundCorpus[] = [];
    const check = {
      show: (corpora: readonly FoundCorpus[]) => void shown.push(...corpora),
      dispose: () => undefined,
    };
    const memory = { get: () => undefined, update: () => Promise.resolve(), keys: () => [] };
    const context = {
      survey,
      plans: all,
      memory,
      check,
      defaultModel: toy().encoders[0]!,
      encodersFolder: '/encoders',
    };
    const walked = new Flow(context, 'train', 'Train').train({ corpus: toy().corpus });
    await until('the notes are looked at', () => shown.length > 0);
    let isOver = false;
    void walked.then(() => (isOver = true));
    const close = setInterval(
      () => void vscode.commands.executeCommand('workbench.action.closeQuickOpen'),
      200,
    );
    await until('the flow is left', () => isOver);
    clearInterval(close);
    const one = shown.find(({ path: place }) => place === broken.fsPath);
    assert.ok(one && one.problems.length > 0, JSON.stringify(shown));
    await until('a diagnostic', () => vscode.languages.getDiagnostics(broken).length > 0);
    rmSync(broken.fsPath);
  });

  it('tells a person what is wrong with a plan, and lists the others all the same', async () => {
    const folder = workspaceFile('experiments/quebrado').fsPath;
    mkdirSync(folder, { recursive: true });
    writeFileSync(path.join(folder, 'plan.json'), '{"format":"anamnese-plan"');
    const list = await (await plans()).refresh();
    assert.match(list.find((plan) => plan.folder === folder)!.problem!, /plan\.json: damaged: not JSON/);
    assert.ok(list.length > 3);
  });
});
