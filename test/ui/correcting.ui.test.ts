/// <reference lib="dom" />
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { settle } from './gestures';
import type { Workbench } from './workbench';
import { openWorkbench } from './workbench';

const MARKS = '.view-line span[class*="TextEditorDecorationType"]';
const NOTE = [
  'Paciente masculino, 62 anos, hipertenso e diabético, admitido na UTI com dispneia e febre há 3 dias.',
  'Em uso de losartana e metformina. Refere dor torácica aos esforços e edema em MMII.',
  'Ao exame: PA 150/90 mmHg, FC 98 bpm, ausculta com estertores em bases. Solicitado RX de tórax e hemograma.',
  'Conduta: iniciada ceftriaxona, mantido em cateter nasal de O2. Nega alergias.',
].join('\n');

/** Gold that agrees in part: right, wrong in label, wrong in boundary, missed by the model, discontinuous and nested. */
const GOLD: readonly (readonly [string, string])[] = [
  ['Disorders', 'hipertenso'],
  ['Disorders', 'diabético'],
  ['Disorders', 'febre'],
  ['Procedures', 'losartana'],
  ['Disorders', 'dor torácica aos esforços'],
  ['Anatomy', 'MMII'],
  ['Disorders', 'edema em MMII'],
  ['Disorders', 'estertores … bases'],
  ['Concepts_and_Ideas', '3 dias'],
  ['Chemicals_and_Drugs', 'ceftriaxona'],
  ['Objects', 'Conduta'],
];

function ann(): string {
  return GOLD.map(([label, drawn], i) => {
    let from = 0;
    const spans = drawn.split(' … ').map((words) => {
      const start = NOTE.indexOf(words, from);
      assert.ok(start >= 0, words);
      from = start + words.length;
      return `${start} ${from}`;
    });
    return `T${i + 1}\t${label} ${spans.join(';')}\t${drawn.replace(' … ', ' ')}\n`;
  }).join('');
}

const files = { 'anotada.txt': NOTE, 'anotada.ann': ann(), 'nova.txt': NOTE.replace('62 anos', '63 anos') };

async function showDifferences(bench: Workbench): Promise<void> {
  await bench.page.locator(MARKS).first().waitFor();
  await bench.command('Notifications: Clear All Notifications');
  await bench.page.locator('.monaco-editor .view-line').first().click();
  await bench.page.waitForTimeout(1500);
  await bench.command('Anamnese: Show Gold Against Predicted');
  await bench.page.locator('.monaco-list-row', { hasText: 'Wrong label' }).first().waitFor();
  await settle(bench);
}

async function untilFile(bench: Workbench, name: string, test: (text: string) => boolean): Promise<string> {
  let text = '';
  for (let i = 0; i < 100; i++) {
    text = await readFile(path.join(bench.workspace, name), 'utf8').catch(() => '');
    if (test(text)) return text;
    await bench.page.waitForTimeout(100);
  }
  assert.fail(`${name} is ${JSON.stringify(text)}`);
}

describe('gold against predicted, and correcting', () => {
  let bench: Workbench;
  before(async () => {
    bench = await openWorkbench({
      open: 'anotada.txt',
      files,
      size: { width: 1400, height: 800 },
      settings: { 'workbench.colorTheme': 'Default Dark Modern', 'editor.wordWrap': 'on' },
    });
    await showDifferences(bench);
  });
  after(() => bench.close());

  it('tells correct, missed, spurious and wrong apart without colour', async () => {
    const tags = await bench.page.evaluate(() =>
      [...document.querySelectorAll('.view-line span')]
        .map((span) => getComputedStyle(span, '::after').content.replaceAll('"', ''))
        .filter((content) => content !== 'none' && content !== ''),
    );
    for (const sign of ['✓', '−', '+', '≠'])
      assert.ok(
        tags.some((tag) => tag.includes(sign)),
        `${sign} among ${tags.join(' ')}`,
      );
    const kinds = ['Wrong label', 'Missed', 'Not in gold'];
    for (const kind of kinds)
      await bench.page.locator('.monaco-list-row', { hasText: kind }).first().waitFor();
    await bench.page
      .getByText(/This note: P 0\.\d\d · R 0\.\d\d · F1 0\.\d\d/)
      .first()
      .waitFor();
    await bench.screenshot('differences-dark');
  });

  it('says both sides on hover, and accepts by a link', async () => {
    await bench.mark('losartana').hover({ force: true });
    const hover = bench.page.locator('.monaco-hover', {
      hasText: 'gold: Procedures; predicted: Chemicals & Drugs',
    });
    await hover.waitFor();
    await settle(bench);
    await bench.screenshot('difference-hover-dark');
    await hover.locator('a', { hasText: 'accept' }).click();
    await untilFile(bench, 'anotada.ann', (text) =>
      /^T4\tChemicals_and_Drugs \d+ \d+\tlosartana$/m.test(text),
    );
    await bench.page.mouse.move(900, 700);
  });

  it('takes it back by the key for undo, in the note', async () => {
    await bench.page.locator('.monaco-editor .view-line').last().click();
    await bench.page.keyboard.press('Control+Z');
    assert.equal(await untilFile(bench, 'anotada.ann', (text) => text === ann()), ann());
    const text = await readFile(path.join(bench.workspace, 'anotada.txt'), 'utf8');
    assert.equal(text, NOTE);
  });

  it('steps to the next difference by a key and corrects it by another', async () => {
    await bench.page.locator('.monaco-editor .view-line').first().click();
    await bench.page.keyboard.press('Control+Home');
    await bench.page.keyboard.press('Control+Alt+J');
    await settle(bench);
    assert.ok((await bench.page.locator('.monaco-editor .selected-text').count()) > 0);
    await bench.screenshot('next-difference-dark');
    await bench.page.keyboard.press('Control+Alt+A');
    await untilFile(bench, 'anotada.ann', (now) => now !== ann());
    await bench.command('Anamnese: Undo Last Correction');
    await untilFile(bench, 'anotada.ann', (now) => now === ann());
    // The file is written before the editor is done with saving it, which would close a menu.
    await settle(bench);
  });

  it('offers corrections at the light bulb', async () => {
    await bench.mark('ceftriaxona').click({ force: true });
    await bench.page.keyboard.press('Control+Period');
    await bench.page.locator('.action-widget', { hasText: 'Relabel' }).waitFor();
    await settle(bench);
    await bench.screenshot('difference-actions-dark');
    await bench.page.keyboard.press('Escape');
  });

  it('filters the Entities view, labels that are folded in too', async () => {
    await bench.command('Anamnese: Filter Entities');
    await bench.page.locator('.quick-input-widget', { hasText: 'Words of the entity' }).waitFor();
    await bench.page.keyboard.type('torac');
    await bench.page.keyboard.press('Enter');
    await bench.page.getByText('Filtered by “torac”').waitFor();
    await settle(bench);
    const rows = bench.page.locator('.pane', { hasText: 'Entities' }).first().locator('.monaco-list-row');
    const shown = await rows.allInnerTexts();
    assert.ok(shown.length > 0 && shown.length < 8, shown.join(' | '));
    await bench.screenshot('entities-filtered-dark');
    await bench.command('Anamnese: Clear Entity Filter');
    await bench.page.getByText('Filtered by “torac”').waitFor({ state: 'hidden' });
  });

  it('begins an .ann for a note that no corpus holds', async () => {
    await bench.page.keyboard.press('Control+P');
    await bench.page.keyboard.type('nova.txt');
    await bench.page.locator('.quick-input-list .monaco-list-row.focused', { hasText: 'nova.txt' }).waitFor();
    await bench.page.keyboard.press('Enter');
    await bench.page.locator('.tab.active', { hasText: 'nova.txt' }).waitFor();
    // The tab comes before its text, and the other note has the same words.
    await bench.page.locator('.view-line', { hasText: '63 anos' }).waitFor();
    // Keys are those of a note once the extension knows of it, and of an entity once it knows of the cursor.
    const atCursor = (label: string): Promise<void> =>
      bench.page.locator('.statusbar-item', { hasText: label }).waitFor();
    await atCursor('Living Beings');
    await bench.mark('ceftriaxona').click({ force: true });
    await atCursor('Chemicals & Drugs');
    await bench.page.keyboard.press('Control+Alt+A');
    await bench.page.locator('.notification-list-item a', { hasText: 'Create nova.ann' }).click();
    await untilFile(bench, 'nova.ann', (text) =>
      /^T1\tChemicals_and_Drugs \d+ \d+\tceftriaxona\n$/.test(text),
    );
  });

  it('asks nothing of any host but this machine', () => {
    assert.deepEqual([...bench.hosts], ['127.0.0.1']);
  });
});

describe('differences in other themes', () => {
  for (const [name, theme] of Object.entries({
    light: 'Default Light Modern',
    'high-contrast': 'Default High Contrast',
  })) {
    it(`${name}: can be told apart, and no tag pushes text past the edge`, async () => {
      const settings = { 'workbench.colorTheme': theme, 'editor.wordWrap': 'on' };
      const size = { width: 1280, height: 800 };
      const bench = await openWorkbench({ open: 'anotada.txt', files, size, settings });
      try {
        const widest = (): Promise<number> =>
          bench.page.evaluate(() => {
            const edge = document
              .querySelector('.monaco-editor .overflow-guard')!
              .getBoundingClientRect().right;
            const lines = [...document.querySelectorAll('.monaco-editor .view-line > span')];
            return Math.max(...lines.map((line) => line.getBoundingClientRect().right)) - edge;
          });
        await bench.page.locator(MARKS).first().waitFor();
        await settle(bench);
        assert.ok((await widest()) <= 0, 'tags of labels');
        await bench.screenshot(`tags-${name}`);
        await showDifferences(bench);
        assert.ok((await widest()) <= 0, 'tags of differences');
        await bench.mark('losartana').hover({ force: true });
        await bench.page.locator('.monaco-hover', { hasText: 'Wrong label' }).waitFor();
        await settle(bench);
        await bench.screenshot(`differences-${name}`);
      } finally {
        await bench.close();
      }
    });
  }
});
