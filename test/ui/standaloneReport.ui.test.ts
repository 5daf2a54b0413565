/// <reference lib="dom" />
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import axe from 'axe-core';
import type { Browser, BrowserContextOptions, Download, Page } from 'playwright-core';
import { chromium } from 'playwright-core';
import { writeReports } from '../../src/node/report/writeReports';
import { generatePlan, SMALL_PLAN } from '../node/report/generatedPlan';

const TABS = ['models', 'strategies', 'labels', 'curves', 'training', 'errors', 'cost'] as const;
const screenshots = path.resolve(__dirname, '../../artifacts/screenshots');

describe('a report that was sent to somebody', () => {
  let folder: string;
  let file: string;
  let browser: Browser;
  before(async () => {
    const { browserSwitches, findBrowser } = await import('../../scripts/browser.mjs');
    folder = await mkdtemp(path.join(os.tmpdir(), 'anamnese-report-'));
    await generatePlan(folder, { ...SMALL_PLAN, encoders: 1 });
    [file] = (await writeReports(folder)) as [string];
    browser = await chromium.launch({ executablePath: await findBrowser(), args: browserSwitches });
  });
  after(async () => {
    await browser.close();
    await rm(folder, { recursive: true, force: true });
  });

  /** Opens the page, which may neither complain nor ask for anything else. */
  async function withPage(
    options: BrowserContextOptions,
    look: (page: Page) => Promise<void>,
  ): Promise<void> {
    const context = await browser.newContext(options);
    const page = await context.newPage();
    const [complaints, asked]: [string[], string[]] = [[], []];
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', ({ message }) => complaints.push(message));
    page.on('request', (request) => asked.push(request.url()));
    await page.goto(`file://${file}`);
    await page.locator('table').first().waitFor();
    await look(page);
    assert.deepEqual(complaints, []);
    assert.deepEqual(
      asked.filter((url) => !/^(data|blob):/.test(url)),
      [`file://${file}`],
    );
    await context.close();
  }

  it('shows all of its parts by the keyboard alone', () =>
    withPage({ colorScheme: 'dark' }, async (page) => {
      await page.locator('#tab-models').focus();
      for (const tab of TABS.slice(1)) {
        await page.keyboard.press('ArrowRight');
        await page.locator(`#tab-${tab}[aria-selected=true]`).waitFor();
        await page.locator(`#view-${tab} .tab :is(table, svg)`).first().waitFor();
        await page.screenshot({ path: path.join(screenshots, `standalone-${tab}-dark.png`), fullPage: true });
      }
    }));

  it('moves the operating point by the arrow keys, and every figure with it', () =>
    withPage({}, async (page) => {
      await page.locator('#tab-curves').click();
      const point = page.locator('.draggable').first();
      await point.focus();
      const before = Number(await point.getAttribute('aria-valuenow'));
      await page.keyboard.press('ArrowLeft');
      await page
        .locator(`.draggable[aria-valuenow="${before - 1}"]`)
        .first()
        .waitFor();
      const words = await point.getAttribute('aria-valuetext');
      const [, precision] = /precision (\d\.\d+)/.exec(words!)!;
      assert.ok(Number(precision) > 0 && Number(precision) <= 1);
      const value = (before / 100).toFixed(2);
      assert.equal(await page.locator('output').innerText(), value);
      await page.locator('#tab-models').click();
      await page.locator('caption', { hasText: `all at threshold ${value}` }).waitFor();
    }));

  it('draws what is in sight while the threshold is dragged, the rest when it rests', () =>
    withPage({ viewport: { width: 1000, height: 420 } }, async (page) => {
      const rows = page.locator('table').first().locator('tbody tr');
      const table = (): Promise<string[]> => rows.allInnerTexts();
      await rows.first().scrollIntoViewIfNeeded();
      const own = await table();
      const dragged = await page.evaluate(async () => {
        const slider = document.querySelector<HTMLInputElement>('#threshold')!;
        slider.value = '90';
        slider.dispatchEvent(new Event('input', { bubbles: true }));
        await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
        return [...document.querySelector('tbody')!.rows].map((row) => row.innerText);
      });
      assert.notEqual(dragged[0], own[0]);
      assert.equal(dragged.at(-1), own.at(-1));
      await page.waitForFunction(
        (text) => [...document.querySelector('tbody')!.rows].at(-1)!.innerText !== text,
        own.at(-1),
      );
      const rested = await table();
      await page.setViewportSize({ width: 1000, height: 3000 });
      await page.locator('#threshold').fill('50');
      await page.locator('#threshold').fill('90');
      await page.locator('caption', { hasText: 'all at threshold 0.91' }).first().waitFor();
      assert.deepEqual(rested, await table());
    }));

  it('says what mistakes are of, whatever scoring and threshold are chosen', () =>
    withPage({}, async (page) => {
      await page.locator('#tab-errors').click();
      const said = page.locator('.shown-always');
      await said.getByText('“honest (tokens)”').waitFor();
      await page.locator('#threshold').fill('49');
      await said.getByText('“honest (tokens), threshold 0.50”').waitFor();
      await page.locator('vscode-radio', { hasText: 'text (whole entities)' }).click();
      await said.waitFor({ state: 'detached' });
    }));

  it('fills an empty part by its one button', () =>
    withPage({}, async (page) => {
      await page.locator('vscode-radio', { hasText: 'text (characters)' }).click();
      await page.locator('#tab-curves').click();
      await page.locator('.empty vscode-button', { hasText: 'Show “honest (tokens)”' }).click();
      await page.locator('.draggable').first().waitFor();
      assert.equal(await page.locator('.empty').count(), 0);
    }));

  it('leads from a cell of the confusion to just those mistakes', () =>
    withPage({}, async (page) => {
      await page.locator('#tab-errors').click();
      const cell = page
        .locator('.confusion tbody tr')
        .nth(1)
        .locator('td.diagonal + td button, td:has(+ td.diagonal) button')
        .first();
      await cell.click();
      await page.locator('p.filter', { hasText: 'gold: Disorders · predicted: ' }).waitFor();
      const rows = page.locator('table').first().locator('tbody tr');
      for (const row of await rows.all())
        assert.equal(await row.locator('td').nth(2).innerText(), 'Disorders');
    }));

  it('leads from a figure of a model to its mistakes by note, from its name to its labels', () =>
    withPage({}, async (page) => {
      const row = page.locator('tbody tr').nth(2);
      const model = await row.locator('th button').innerText();
      await row.getByTitle('Show this model’s mistakes by note').first().click();
      await page.locator('#tab-errors[aria-selected=true]').waitFor();
      await page.locator('h2', { hasText: `Mistakes · ${model} · ` }).waitFor();
      await page.locator('caption', { hasText: 'By note' }).waitFor();
      await page.locator('#tab-models').click();
      await row.getByTitle('Show this model’s labels').first().click();
      await page.locator('caption', { hasText: `Labels · ${model} · ` }).waitFor();
    }));

  it('lists the notes behind a figure of the label distribution', () =>
    withPage({ colorScheme: 'dark' }, async (page) => {
      await page.locator('#tab-labels').click();
      const cell = page
        .locator('table', { hasText: 'Labels in the parts of the split' })
        .locator('tbody tr')
        .first()
        .locator('td button')
        .nth(2);
      const count = Number(/^\d+/.exec(await cell.innerText())![0]);
      await cell.click();
      await page.locator('p.filter', { hasText: `${count} note` }).waitFor();
      const rows = page.locator('table', { hasText: 'Notes with' }).locator('tbody tr');
      assert.equal(await rows.count(), count);
      assert.equal(await rows.locator('button').count(), 0, 'no editor to open a note in');
      await page.screenshot({ path: path.join(screenshots, 'standalone-notes-of-part.png'), fullPage: true });
    }));

  const read = async (download: Download): Promise<Buffer> => readFile(await download.path());

  it('gives away tables and charts as files', () =>
    withPage({}, async (page) => {
      const save = async (name: string): Promise<Download> => {
        const download = page.waitForEvent('download');
        await page.getByRole('button', { name, exact: true }).first().click();
        return download;
      };
      assert.match((await read(await save('CSV'))).toString(), /^model,runs,micro P,/);
      assert.match((await read(await save('Markdown'))).toString(), /\| model \| runs \| micro P \|/);
      assert.match((await read(await save('LaTeX'))).toString(), /\\begin\{tabular\}/);
      await page.locator('#tab-curves').click();
      const svg = (await read(await save('SVG'))).toString();
      assert.match(svg, /^<svg [^>]*xmlns="http:\/\/www\.w3\.org\/2000\/svg"/);
      assert.match(svg, /stroke="rgb/);
      const png = await read(await save('PNG'));
      assert.equal(png.subarray(1, 4).toString(), 'PNG');
      assert.ok(png.readUInt32BE(16) === 3 * 380, 'three pixels a unit');
      await page.locator('#tab-strategies').click();
      const strips = (await read(await save('SVG'))).toString();
      for (const said of ['IS + clamped', 'macro F1', 'stroke="rgb']) assert.ok(strips.includes(said), said);
      await writeFile(path.join(screenshots, 'strips.png'), await read(await save('PNG')));
      await page.locator('#tab-errors').click();
      const heatMap = (await read(await save('SVG'))).toString();
      const filled = [...heatMap.matchAll(/<rect[^>]*opacity="0\.\d+"/g)];
      assert.ok(filled.length > 12 && heatMap.includes('Chemicals &amp; Drugs'), `${filled.length} shaded`);
      await writeFile(path.join(screenshots, 'confusion.png'), await read(await save('PNG')));
      assert.equal(await page.locator('.off-page').count(), 0);
    }));

  it('speaks Portuguese to those who do, with a comma', () =>
    withPage({ locale: 'pt-BR', colorScheme: 'light' }, async (page) => {
      await page
        .locator('caption', { hasText: 'Modelos · honesto (tokens), cada execução no seu próprio limiar' })
        .waitFor();
      assert.match(await page.locator('tbody td').nth(1).innerText(), /^0,\d{3}\n\[0,\d{3}–[01],\d{3}\]$/);
      await page.screenshot({
        path: path.join(screenshots, 'standalone-models-portuguese.png'),
        fullPage: true,
      });
    }));

  it('fits a narrow panel: nothing but tables and tabs scroll sideways', () =>
    withPage({ viewport: { width: 360, height: 800 }, colorScheme: 'light' }, async (page) => {
      for (const tab of TABS) {
        await page.locator(`#tab-${tab}`).click();
        await page.locator(`#view-${tab} .tab`).waitFor();
        const wide = await page.evaluate(
          () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
        );
        assert.ok(wide <= 0, `${tab} is ${wide} px too wide`);
        await page.screenshot({
          path: path.join(screenshots, `standalone-${tab}-narrow.png`),
          fullPage: true,
        });
      }
    }));

  const themes = {
    dark: { colorScheme: 'dark' },
    light: { colorScheme: 'light' },
    'high contrast': { colorScheme: 'dark', contrast: 'more' },
    'high contrast light': { colorScheme: 'light', contrast: 'more' },
  } as const;
  for (const [name, options] of Object.entries(themes)) {
    it(`breaks no rule of axe-core in any of its parts: ${name}`, () =>
      withPage(options, async (page) => {
        await page.evaluate(axe.source);
        const found: string[] = [];
        for (const tab of TABS) {
          await page.locator(`#tab-${tab}`).click();
          await page.locator(`#view-${tab} .tab :is(table, svg)`).first().waitFor();
          const { violations, passes } = await page.evaluate<axe.AxeResults>('axe.run()');
          assert.ok(passes.length > 10, `${tab}: ${passes.length} rules looked at`);
          for (const { id, help, nodes } of violations)
            found.push(`${tab}: ${id}: ${help}: ${nodes.length} times: ${nodes[0]?.html}`);
        }
        assert.deepEqual(found, []);
      }));
  }

  it('is no larger than its figures need', async () => {
    const { size } = await stat(file);
    assert.ok(size < 1e6, `${size} bytes for 30 runs`);
  });
});
