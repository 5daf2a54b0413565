import assert from 'node:assert/strict';
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { FrameLocator } from 'playwright-core';
import { answer, choose, listItem, notification, settle } from './gestures';
import type { Workbench } from './workbench';
import { openWorkbench } from './workbench';

const root = path.resolve(__dirname, '../..');
const TABS = ['models', 'strategies', 'labels', 'curves', 'training', 'errors', 'cost'] as const;

/** The words that the sample corpus has most often, as a vocabulary of the size of the tiny encoder. */
function sampleVocabulary(corpus: string): string {
  const counts = new Map<string, number>();
  for (const name of readdirSync(corpus).filter((one) => one.endsWith('.txt')))
    for (const [word] of readFileSync(path.join(corpus, name), 'utf8')
      .toLowerCase()
      .matchAll(/\p{L}+/gu))
      counts.set(word, (counts.get(word) ?? 0) + 1);
  const words = [...counts].sort(([, a], [, b]) => b - a).map(([word]) => word);
  return ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]', ...words].slice(0, 120).join('\n') + '\n';
}

/** The tests' tiny BERT, with words of the sample corpus. */
function addTinyEncoder({ workspace }: Workbench): void {
  const folder = path.join(workspace, 'pequeno');
  mkdirSync(folder);
  for (const name of ['config.json', 'model.safetensors'])
    cpSync(path.join(root, 'test', 'oracles', 'encoders', 'bert', name), path.join(folder, name));
  writeFileSync(path.join(folder, 'vocab.txt'), sampleVocabulary(path.join(workspace, 'corpus')));
}

/** Leaves these of a list with boxes chosen. */
async function tick({ page }: Workbench, count: number, unwanted: readonly string[]): Promise<void> {
  for (const words of unwanted)
    await page
      .locator('.quick-input-list .monaco-list-row')
      .filter({ has: page.getByText(words, { exact: true }) })
      .click();
  await page.locator('.quick-input-count', { hasText: String(count) }).waitFor();
  await page.keyboard.press('Enter');
}

const THEMES = {
  dark: 'Default Dark Modern',
  light: 'Default Light Modern',
  'high-contrast': 'Default High Contrast',
};

/** As the settings of the workspace say: typing a command would move the focus out of the report. */
async function useTheme(bench: Workbench, theme: string): Promise<void> {
  const file = path.join(bench.workspace, '.vscode', 'settings.json');
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify({ 'workbench.colorTheme': theme }));
  const kind = { [THEMES.dark]: 'vs-dark', [THEMES.light]: 'vs', [THEMES['high-contrast']]: 'hc-black' }[
    theme
  ];
  await bench.page.locator(`.monaco-workbench.${kind}`).waitFor();
  await settle(bench);
}

async function until(test: () => Promise<boolean>): Promise<void> {
  for (let i = 0; i < 100; i++) {
    if (await test()) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  assert.fail(`not within ten seconds: ${test}`);
}

describe('the whole way of a study, on the sample workspace', function () {
  this.timeout(120_000);
  let bench: Workbench;
  let frame: FrameLocator;
  before(async () => {
    bench = await openWorkbench({
      settings: { 'workbench.colorTheme': THEMES.dark, 'editor.wordWrap': 'on' },
      size: { width: 1500, height: 900 },
    });
    addTinyEncoder(bench);
    bench.page.setDefaultTimeout(15_000);
    frame = bench.page.frameLocator('iframe.webview.ready').frameLocator('#active-frame');
    await bench.page
      .locator('.activitybar .action-item', { has: bench.page.getByLabel('Anamnese') })
      .waitFor();
    await settle(bench);
  });
  after(() => bench.close());
  it('trains two strategies with two seeds', async () => {
    await bench.command('Anamnese: Compare Strategies');
    await listItem(bench, 'corpus').or(listItem(bench, 'pequeno')).waitFor();
    if (await listItem(bench, 'corpus').isVisible()) await choose(bench, 'corpus');
    await choose(bench, 'pequeno');
    await choose(bench, 'Strategy');
    await bench.page.locator('.quick-input-count', { hasText: '5' }).waitFor();
    await bench.screenshot('walk-strategies-question');
    await tick(bench, 2, ['random split', 'IS + weighted', 'IS + oversampled']);
    await choose(bench, 'Seeds');
    await answer(bench, 'How many seeds', '2');
    await choose(bench, 'Epochs');
    await answer(bench, 'Times that every note is read', '40');
    await bench.page.locator('.quick-input-list .monaco-list-row', { hasText: '4 runs' }).waitFor();
    await bench.screenshot('walk-start');
    await bench.page.keyboard.press('Enter');
    const end = notification(bench, /highest mean of 2/);
    await end.waitFor({ timeout: 90_000 });
    await settle(bench);
    await bench.screenshot('walk-trained');
    await end.locator('.monaco-button', { hasText: 'Open Report' }).click();
    await frame.locator('table').first().waitFor();
    await bench.command('Notifications: Clear All Notifications');
  });

  it('shows every part of the report in dark, light and high contrast', async () => {
    for (const [name, theme] of Object.entries(THEMES)) {
      await useTheme(bench, theme);
      for (const tab of TABS) {
        await frame.locator(`#tab-${tab}`).click();
        await frame.locator(`#view-${tab} .tab`).waitFor();
        await bench.page.waitForTimeout(150);
        await bench.screenshot(`walk-report-${tab}-${name}`);
      }
    }
    await useTheme(bench, THEMES.dark);
    await frame.locator('#tab-strategies').click();
    const strategies = frame.locator('#view-strategies tbody').first().locator('tr');
    assert.equal(await strategies.count(), 2);
  });

  it('moves the figures with the threshold that is dragged', async () => {
    await frame.locator('#tab-models').click();
    const microF1 = frame.locator('#view-models tbody tr').first().locator('td').nth(3);
    const own = await microF1.innerText();
    const box = (await frame.locator('#threshold').boundingBox())!;
    await bench.page.mouse.move(box.x + box.width * 0.5, box.y + box.height / 2);
    await bench.page.mouse.down();
    await bench.page.mouse.move(box.x + box.width * 0.3, box.y + box.height / 2, { steps: 8 });
    await bench.page.mouse.up();
    await frame
      .locator('caption', { hasText: /all at threshold 0\.[23]\d/ })
      .first()
      .waitFor();
    assert.notEqual(await microF1.innerText(), own);
    await bench.screenshot('walk-threshold');
    await frame.locator('vscode-button', { hasText: 'Back to each run’s own' }).click();
  });

  let note = '';
  let unchanged = '';
  const annOf = (): Promise<string> => readFile(path.join(bench.workspace, 'corpus', `${note}.ann`), 'utf8');

  it('leads from an error to its note, with gold and predicted shown', async () => {
    await frame.locator('#tab-errors').click();
    await frame.locator('button.chip', { hasText: 'missed' }).click();
    const error = frame.locator('#view-errors tbody tr').first();
    note = await error.locator('th button').innerText();
    unchanged = await annOf();
    await error.locator('td button').first().click();
    await bench.page.locator('.tab.active', { hasText: `${note}.txt` }).waitFor();
    await bench.page
      .getByText(/This note: P .*against run pequeno-/s)
      .first()
      .waitFor();
    await bench.page.locator('.monaco-editor .selected-text').first().waitFor();
    await settle(bench);
    await bench.screenshot('walk-error');
  });

  it('corrects it by a key, and takes it back', async () => {
    await bench.page.keyboard.press('Control+Alt+X');
    await until(async () => (await annOf()) !== unchanged);
    const after = (await annOf()).split('\n');
    // One annotation less, and no other touched.
    const gone = unchanged.split('\n').filter((line) => !after.includes(line));
    assert.equal(gone.length, 1, gone.join(' | '));
    await settle(bench);
    await bench.screenshot('walk-corrected');
    await bench.command('Anamnese: Undo Last Correction');
    await until(async () => (await annOf()) === unchanged);
  });

  it('exports the report and its tables', async () => {
    await bench.page.locator('.tab', { hasText: 'Report:' }).click();
    await frame.locator('#tab-models').click();
    const plan = path.join(
      bench.workspace,
      'experiments',
      readdirSync(path.join(bench.workspace, 'experiments')).find((name) => !name.startsWith('.'))!,
    );
    const save = async (press: () => Promise<void>, name: string): Promise<string> => {
      await press();
      await bench.page.locator('.quick-input-widget input').first().waitFor();
      await settle(bench);
      await bench.page.keyboard.press('Enter');
      await notification(bench, `Saved: ${name}`).waitFor();
      return readFile(path.join(plan, name), 'utf8');
    };
    const table = frame.locator('#view-models');
    const button = (name: string) => table.getByRole('button', { name, exact: true }).first();
    assert.equal((await save(() => button('CSV').click(), 'models.csv')).trim().split('\r\n').length, 3);
    assert.match(await save(() => button('LaTeX').click(), 'models.tex'), /\\begin\{tabular\}/);
    assert.match(await save(() => button('Markdown').click(), 'models.md'), /^\| /m);
    const html = await save(() => frame.locator('.save-report vscode-button').click(), 'report.html');
    const words = await readFile(path.join(bench.workspace, 'corpus', `${note}.txt`), 'utf8');
    assert.ok(!html.includes(words.slice(0, 40)), 'no word of a note, unless asked');
    await bench.screenshot('walk-exported');
    assert.ok(
      ![...bench.hosts].some(
        (host) => !/^(127\.0\.0\.1|localhost|vscode-remote.*\.vscode-cdn\.net)$/.test(host),
      ),
    );
  });

  it('lists what is left when a run is deleted, and says what is wrong with a damaged plan', async () => {
    await bench.command('Notifications: Clear All Notifications');
    await bench.page.locator('.monaco-list-row', { hasText: '4/4' }).waitFor();
    const experiments = path.join(bench.workspace, 'experiments');
    const plan = path.join(
      experiments,
      readdirSync(experiments).find((name) => !name.startsWith('.'))!,
    );
    rmSync(path.join(plan, 'runs', readdirSync(path.join(plan, 'runs'))[0]!), { recursive: true });
    await bench.page.locator('.monaco-list-row', { hasText: '3/4' }).waitFor();
    // The open report sees it by itself.
    await frame.locator('.about', { hasText: '3 of 4 runs' }).waitFor();
    await bench.page.keyboard.press('Control+K');
    await bench.page.keyboard.press('Control+W');
    writeFileSync(path.join(plan, 'plan.json'), '{"format": "anamnese-plan", "vers');
    await bench.page.locator('.monaco-list-row', { hasText: 'plan.json: damaged: not JSON' }).waitFor();
    await bench.command('Anamnese: Open Report');
    await frame.getByText('plan.json: not JSON').first().waitFor();
    await settle(bench);
    await bench.screenshot('walk-damaged');
  });
});
