import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { notification, settle } from './gestures';
import type { Workbench } from './workbench';
import { openWorkbench } from './workbench';

const NURSING = '01-evolucao-enfermagem.txt';
const MARKS = '.view-line span[class*="TextEditorDecorationType"]';

/** Presses a button of the walkthrough's step of this title. */
async function press({ page }: Workbench, step: string, button: string): Promise<void> {
  const title = page.locator('.getting-started-step', { hasText: step }).first();
  await title.waitFor();
  if (!(await title.getAttribute('class'))?.includes('expanded')) await title.locator('.step-title').click();
  await title.locator('.monaco-button', { hasText: button }).click();
}

async function openWalkthrough(bench: Workbench): Promise<void> {
  await notification(bench, 'Get Started').locator('a', { hasText: 'Get Started' }).click();
  await bench.page.getByText('Get started with Anamnese').first().waitFor();
}

const isDone = ({ page }: Workbench, step: string) =>
  page.locator('.getting-started-step', { hasText: step }).locator('.codicon-getting-started-step-checked');

/** Answers the editor's own list of files. It begins in a folder of its own, whatever has been typed before it is there. */
async function typePath({ page }: Workbench, file: string): Promise<void> {
  const row = (text: string | RegExp) =>
    page.locator('.quick-input-list .monaco-list-row', { hasText: text }).first();
  await row(/^\.\.$/).waitFor();
  await page.locator('.quick-input-widget input').first().fill(file);
  await row(path.basename(file)).waitFor();
  await page.keyboard.press('Enter');
}

describe('the first steps without a folder', () => {
  let bench: Workbench;
  before(async () => (bench = await openWorkbench({ alone: true })));
  after(() => bench.close());

  it('open a note by the button of the Entities view, which marks and lists it', async () => {
    await bench.command('Focus on Entities View');
    await bench.page.locator('.welcome-view-content .monaco-button', { hasText: 'Open a File' }).click();
    await typePath(bench, path.join(bench.workspace, NURSING));
    await bench.page.locator(MARKS).first().waitFor();
    await bench.page
      .locator('.statusbar-item', { hasText: /anamnese-default · CPU · \d+ entities/ })
      .waitFor();
    await bench.page.locator('.monaco-list-row', { hasText: 'Disorders' }).waitFor();
    await settle(bench);
    await bench.screenshot('note-alone');
  });

  it('go from the walkthrough to the next entity, and only then tick its step', async () => {
    await openWalkthrough(bench);
    assert.equal(await isDone(bench, 'Hover for confidence').count(), 0);
    await press(bench, 'Hover for confidence', 'Next Entity');
    await bench.page.locator('.monaco-editor .selected-text').first().waitFor();
    await bench.page.locator('.tab.active', { hasText: NURSING }).waitFor();
    await bench.page.locator('.tab:not(.active)').first().click();
    await isDone(bench, 'Hover for confidence').first().waitFor();
    await settle(bench);
    await bench.screenshot('walkthrough-done');
  });

  it('say that a note must be open where none is', async () => {
    await bench.command('View: Close All Editors');
    await bench.page.locator('.welcome-view-content .monaco-button', { hasText: 'Get Started' }).click();
    await press(bench, 'Hover for confidence', 'Next Entity');
    await notification(bench, 'Open a note first').waitFor();
  });
});

describe('a file outside of the open folder', () => {
  it('is no note, which the Entities view says with a way to its folder', async () => {
    const elsewhere = await mkdtemp(path.join(os.tmpdir(), 'anamnese-elsewhere-'));
    const file = path.join(elsewhere, 'fora.txt');
    await writeFile(file, 'Paciente hipertenso e diabético, com dispneia aos esforços.');
    const bench = await openWorkbench({ open: file });
    try {
      await bench.command('Focus on Entities View');
      const welcome = bench.page.locator('.welcome-view-content', {
        hasText: 'lies outside of the open folder',
      });
      await welcome.waitFor();
      await settle(bench);
      await bench.screenshot('file-outside');
      assert.equal(await bench.page.locator(MARKS).count(), 0);
      const opened = bench.page.context().waitForEvent('page');
      await welcome.locator('.monaco-button', { hasText: 'Open Folder of This File' }).click();
      assert.ok(decodeURIComponent((await opened).url()).includes(elsewhere));
    } finally {
      await bench.close();
      await rm(elsewhere, { recursive: true, force: true });
    }
  });
});
