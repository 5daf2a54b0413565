import assert from 'node:assert/strict';
import { cpSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { inventedNotes, toyVocabulary } from '../node/training/toyNotes';
import { answer, choose, notification, settle } from './gestures';
import type { Workbench } from './workbench';
import { openWorkbench } from './workbench';

const root = path.resolve(__dirname, '../..');

/** A tiny encoder and notes that it can learn, in the workspace. */
function addToy({ workspace }: Workbench): void {
  const folder = path.join(workspace, 'brinquedo');
  mkdirSync(path.join(folder, 'encoder'), { recursive: true });
  const encoder = path.join(root, 'test', 'oracles', 'encoders', 'bert');
  for (const name of ['config.json', 'model.safetensors'])
    cpSync(path.join(encoder, name), path.join(folder, 'encoder', name));
  writeFileSync(path.join(folder, 'encoder', 'vocab.txt'), toyVocabulary());
  writeFileSync(path.join(folder, 'notas.jsonl'), inventedNotes(60, 7));
}

describe('experiments from the palette', function () {
  this.timeout(240_000);
  let bench: Workbench;
  before(async () => {
    bench = await openWorkbench({ settings: { 'workbench.colorTheme': 'Default Dark Modern' } });
    addToy(bench);
    await settle(bench);
  });
  after(() => bench.close());

  it('an empty view teaches what to do first', async () => {
    await bench.command('Focus on Experiments View');
    await bench.page.locator('.welcome-view-content', { hasText: 'Compare Strategies' }).waitFor();
    await settle(bench);
    await bench.screenshot('experiments-empty');
  });

  it('asks for corpus, encoder and one line of settings, and trains', async () => {
    await bench.command('Anamnese: Compare Strategies');
    await bench.page.locator('.quick-input-title', { hasText: 'Compare Strategies' }).waitFor();
    await settle(bench);
    await bench.screenshot('experiments-corpus');
    await choose(bench, 'brinquedo/notas.jsonl');
    await bench.page.locator('.quick-input-list .monaco-list-row', { hasText: 'anamnese-default' }).waitFor();
    await settle(bench);
    await bench.screenshot('experiments-encoder');
    await choose(bench, 'encoder');
    await bench.page.locator('.quick-input-list .monaco-list-row', { hasText: '15 runs' }).waitFor();
    await choose(bench, 'Seeds');
    await answer(bench, 'How many seeds', '2');
    await bench.page.locator('.quick-input-list .monaco-list-row', { hasText: '10 runs' }).waitFor();
    await choose(bench, 'Epochs');
    await answer(bench, 'Times that every note is read', '40');
    const start = bench.page.locator('.quick-input-list .monaco-list-row', { hasText: '40 epochs' }).first();
    await start.waitFor();
    await settle(bench);
    await bench.screenshot('experiments-settings');
    await bench.page.keyboard.press('Enter');
    await notification(bench, /epoch \d+\/40 · step \d+\/\d+ · loss/).waitFor({ timeout: 60_000 });
    await settle(bench);
    await bench.screenshot('experiments-progress');
  });

  it('goes on while the window is reloaded, which then shows it again', async () => {
    await bench.page.reload();
    await bench.page.locator('.monaco-workbench').waitFor();
    await notification(bench, /run \d+ of 10/).waitFor({ timeout: 60_000 });
    await bench.command('Focus on Experiments View');
    const plan = bench.page.locator('.monaco-list-row', { hasText: /\d\/10/ });
    await plan.waitFor();
    await plan.locator('.monaco-tl-twistie').click();
    await settle(bench);
    await bench.screenshot('experiments-running');
  });

  it('stops by the button of its notification, and offers to resume', async () => {
    await notification(bench, /run \d+ of 10/)
      .locator('.monaco-button', { hasText: 'Cancel' })
      .click();
    const stopped = notification(bench, /stopped, \d+ of 10 runs done/);
    await stopped.waitFor({ timeout: 10_000 });
    await settle(bench);
    await bench.screenshot('experiments-stopped');
    await stopped.locator('.monaco-button', { hasText: 'Resume' }).click();
    await notification(bench, /run \d+ of 10/).waitFor({ timeout: 60_000 });
  });

  it('ends with figures and a way to the report', async () => {
    const end = notification(bench, /highest mean of 5/);
    await end.waitFor({ timeout: 200_000 });
    await end.locator('.monaco-button', { hasText: 'Open Report' }).waitFor();
    await settle(bench);
    await bench.screenshot('experiments-done');
    const system = bench.page.locator('.monaco-list-row', { hasText: /IS \+ clamped.*±/ });
    await system.waitFor();
    assert.ok(![...bench.hosts].some((host) => host !== '127.0.0.1' && host !== 'localhost'));
  });

  const row = (words: string) =>
    bench.page.locator('.quick-input-list .monaco-list-row', { hasText: words }).first();

  it('offers what was chosen last, and to add to the plan that has the runs', async () => {
    await bench.command('Anamnese: Compare Strategies');
    await choose(bench, 'brinquedo/notas.jsonl');
    await choose(bench, 'encoder');
    await row('2 seeds · 40 epochs').waitFor();
    await bench.page.keyboard.press('Enter');
    await row('Add to Strategies').waitFor();
    await row('has 10 of these 10 runs').waitFor();
    await settle(bench);
    await bench.screenshot('experiments-add');
    await bench.page.keyboard.press('Escape');
  });

  it('offers the model that the plan kept to be evaluated, by strategy and seed', async () => {
    await bench.command('Anamnese: Evaluate Model');
    await choose(bench, 'brinquedo/notas.jsonl');
    await row('Trained by plans').waitFor();
    await row('· IO · encoder · seed').waitFor();
    await settle(bench);
    await bench.screenshot('experiments-trained');
    await bench.page.keyboard.press('Escape');
  });
});

describe('experiments in a workspace that is not trusted', () => {
  let bench: Workbench;
  before(async () => {
    bench = await openWorkbench({ trust: true });
    addToy(bench);
  });
  after(() => bench.close());

  it('nothing is trained', async () => {
    const no = bench.page.locator('.monaco-dialog-box .monaco-button', { hasText: /No, I/ });
    await no.click({ timeout: 20_000 }).catch(() => undefined);
    await bench.command('Anamnese: Train on Workspace Corpus');
    await notification(bench, 'need a workspace that you trust').waitFor();
    await settle(bench);
    await bench.screenshot('experiments-untrusted');
    assert.ok(!existsSync(path.join(bench.workspace, 'experiments')));
  });
});

describe('the sample workspace', function () {
  this.timeout(240_000);
  let bench: Workbench;
  before(async () => {
    bench = await openWorkbench({ settings: { 'workbench.colorTheme': 'Default Light Modern' } });
    await settle(bench);
  });
  after(() => bench.close());

  it('suggests few epochs for an encoder that marks these labels already', async () => {
    await bench.command('Anamnese: Train on Workspace Corpus');
    await choose(bench, 'anamnese-default');
    await bench.page
      .locator('.quick-input-list .monaco-list-row', { hasText: 'IS · IO · 60/20/20 · seed 42 · 3 epochs' })
      .waitFor();
    await settle(bench);
    await bench.screenshot('experiments-sample-train');
    await bench.page.keyboard.press('Escape');
  });

  it('evaluates the bundled model on notes that it never saw', async () => {
    await bench.command('Anamnese: Evaluate Model');
    await choose(bench, 'anamnese-default');
    await choose(bench, 'all notes');
    const end = notification(bench, /micro F1 of the scored notes’ tokens 0\.[78]/);
    await end.waitFor({ timeout: 200_000 });
    await bench.command('Focus on Experiments View');
    await bench.page.locator('.monaco-list-row', { hasText: 'Evaluation' }).waitFor();
    await settle(bench);
    await bench.screenshot('experiments-sample-evaluated');
  });
});
