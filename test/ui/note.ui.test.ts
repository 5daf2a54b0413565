/// <reference lib="dom" />
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { settle } from './gestures';
import type { Workbench } from './workbench';
import { openWorkbench } from './workbench';

const NURSING = '01-evolucao-enfermagem.txt';
const MARKS = '.view-line span[class*="TextEditorDecorationType"]';

/** The pause after which VS Code has drawn a hover or a list completely. */

describe('a note in the editor', () => {
  let bench: Workbench;
  before(async () => {
    bench = await openWorkbench({
      open: NURSING,
      settings: { 'workbench.colorTheme': 'Default Dark Modern' },
    });
    await bench.page.locator(MARKS).first().waitFor();
  });
  after(() => bench.close());

  it('is marked, and the first time says by whom and that nothing leaves the machine', async () => {
    await bench.page
      .locator('.notification-list-item', { hasText: 'Nothing of it leaves the machine' })
      .waitFor();
    await settle(bench);
    assert.ok((await bench.page.locator(MARKS).count()) > 20);
    await bench.screenshot('note-dark');
    await bench.command('Notifications: Clear All Notifications');
  });

  it('shows label, bar, confidence and threshold on hover', async () => {
    await bench.mark('afebril').hover({ force: true });
    const hover = bench.page.locator('.monaco-hover', { hasText: 'Disorders' });
    await hover.waitFor();
    await settle(bench);
    assert.match(await hover.innerText(), /[▰▱]{10}/);
    assert.match(await hover.innerText(), /threshold/);
    const swatch = hover.locator('span', { hasText: /^■$/ }).first();
    const color = await swatch.evaluate((square) => getComputedStyle(square).color);
    assert.equal(color, 'rgb(242, 119, 122)', 'the colour of the label');
    await bench.screenshot('hover-dark');
  });

  it('finds the same words by a link of the hover', async () => {
    // The hover of before lies over the words below it.
    await bench.page.mouse.move(700, 600);
    await bench.page.locator('.monaco-hover').first().waitFor({ state: 'hidden' });
    await bench.mark('diurese').hover({ force: true });
    await bench.page.locator('.monaco-hover a', { hasText: 'find all 2 in the note' }).click();
    await bench.page.locator('.find-widget .matchesCount', { hasText: '1 of 2' }).waitFor();
    await settle(bench);
    await bench.screenshot('find-all-dark');
    await bench.page.keyboard.press('Escape');
  });

  it('lists entities by label in the Entities view and hides a label by its check box', async () => {
    await bench.command('Focus on Entities View');
    const row = bench.page.locator('.monaco-list-row', { hasText: 'Disorders' });
    await row.waitFor();
    await row.locator('.monaco-tl-twistie').click();
    await settle(bench);
    await bench.screenshot('entities-dark');
    const before = await bench.page.locator(MARKS).count();
    await row.locator('.monaco-checkbox, .monaco-custom-toggle').first().click();
    await settle(bench);
    assert.ok((await bench.page.locator(MARKS).count()) < before);
    await bench.command('Anamnese: Show All Labels');
    await settle(bench);
    assert.equal(await bench.page.locator(MARKS).count(), before);
  });

  it('names the entity at the cursor in the status bar, and moves by keys', async () => {
    await bench.mark('afebril').click({ force: true });
    await bench.page.locator('.statusbar-item', { hasText: /Disorders 0\.\d\d/ }).waitFor();
    await bench.page.keyboard.press('Control+Alt+Period');
    await settle(bench);
    assert.ok((await bench.page.locator('.monaco-editor .selected-text').count()) > 0);
    await bench.screenshot('next-entity-dark');
  });

  it('offers model, device and threshold from the status bar', async () => {
    await bench.page.locator('.statusbar-item', { hasText: 'anamnese-default' }).click();
    await bench.page.locator('.quick-input-list', { hasText: 'Select Device' }).waitFor();
    await settle(bench);
    await bench.screenshot('menu-dark');
    await bench.page.keyboard.press('Escape');
  });

  it('asks nothing of any host but this machine', () => {
    assert.deepEqual([...bench.hosts], ['127.0.0.1']);
  });
});

/** The underlines of marks of one label and of high confidence: their colour, and what is left of them without it. */
async function underlines({ page }: Workbench): Promise<{ color: string; shape: string }[]> {
  return page.evaluate((marks) => {
    const styles = [...document.querySelectorAll(marks)].map((mark) => getComputedStyle(mark));
    const background = getComputedStyle(document.querySelector('.monaco-editor-background')!).backgroundColor;
    return styles
      .filter(({ backgroundImage, paddingBottom }) => backgroundImage !== 'none' && paddingBottom === '0px')
      .filter(({ backgroundImage }) => !backgroundImage.includes(background))
      .map(({ backgroundImage, backgroundSize }) => ({
        color: backgroundImage.match(/rgb\([^)]*\)/)![0],
        shape: `${backgroundImage.replaceAll(/rgba?\([^)]*\)/g, (c) => (/, 0\)$/.test(c) ? 'none' : 'ink'))} ${backgroundSize}`,
      }));
  }, MARKS);
}

describe('themes', () => {
  const themes = { light: 'Default Light Modern', 'high-contrast': 'Default High Contrast' };
  for (const [name, theme] of Object.entries(themes)) {
    it(`${name}: marks can be told apart`, async () => {
      const bench = await openWorkbench({ open: NURSING, settings: { 'workbench.colorTheme': theme } });
      try {
        await bench.page.locator(MARKS).first().waitFor();
        await bench.command('Notifications: Clear All Notifications');
        await bench.command('Focus on Entities View');
        await bench.mark('afebril').hover({ force: true });
        await bench.page.locator('.monaco-hover', { hasText: 'Disorders' }).waitFor();
        await settle(bench);
        await bench.screenshot(`note-${name}`);
        const tags = await bench.page.evaluate(() =>
          [...document.querySelectorAll('.view-line span')].some(
            (span) => getComputedStyle(span, '::after').content === '"DIS"',
          ),
        );
        assert.equal(tags, name === 'high-contrast');
        const lines = await underlines(bench);
        const colors = new Set(lines.map(({ color }) => color));
        assert.ok(colors.size > 6, `${colors.size} labels`);
        const shapes = new Set(lines.map(({ shape }) => shape));
        const both = new Set(lines.map(({ color, shape }) => `${color} ${shape}`));
        assert.equal(shapes.size, colors.size, 'each label has a shape of its own');
        assert.equal(both.size, colors.size, 'and always the same');
      } finally {
        await bench.close();
      }
    });
  }
});

describe('Restricted Mode', () => {
  it('marks notes with the model of the person’s own settings', async () => {
    const settings = { 'security.workspace.trust.startupPrompt': 'never' };
    const bench = await openWorkbench({ open: NURSING, trust: true, settings });
    try {
      await bench.page.getByText('Restricted Mode').first().waitFor();
      await bench.page.locator(MARKS).first().waitFor();
      await settle(bench);
      await bench.screenshot('restricted-mode');
    } finally {
      await bench.close();
    }
  });
});

describe('a note in Latin-1', () => {
  it('is said to be none of UTF-8, and is read rightly at a click', async () => {
    const bench = await openWorkbench({ open: NURSING });
    try {
      await bench.page.locator(MARKS).first().waitFor();
      await bench.command('Notifications: Clear All Notifications');
      const bytes = Buffer.from('Paciente hipertenso e diabético, com dispneia aos esforços.', 'latin1');
      await writeFile(path.join(bench.workspace, 'latin.txt'), bytes);
      await bench.page.keyboard.press('Control+P');
      await bench.page.keyboard.type('latin.txt');
      await bench.page
        .locator('.quick-input-list .monaco-list-row.focused', { hasText: 'latin.txt' })
        .waitFor();
      await bench.page.keyboard.press('Enter');
      await bench.page.locator('.notification-list-item a', { hasText: 'Reopen as Windows-1252' }).click();
      await bench.mark('diabético').waitFor();
      await bench.page.locator('.statusbar-item', { hasText: 'Windows 1252' }).waitFor();
    } finally {
      await bench.close();
    }
  });
});

describe('the walkthrough', () => {
  it('opens with its pictures', async () => {
    const bench = await openWorkbench({ open: NURSING });
    try {
      await bench.page.locator('.notification-list-item', { hasText: 'Get Started' }).waitFor();
      await bench.page.locator('.notification-list-item a', { hasText: 'Get Started' }).click();
      await bench.page.getByText('Get started with Anamnese').first().waitFor();
      await settle(bench);
      await bench.screenshot('walkthrough');
    } finally {
      await bench.close();
    }
  });
});
