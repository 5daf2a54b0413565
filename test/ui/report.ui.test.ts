/// <reference lib="dom" />
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { FrameLocator } from 'playwright-core';
import type { GeneratedSize } from '../node/report/generatedPlan';
import { generatePlan, SMALL_PLAN } from '../node/report/generatedPlan';
import { settle } from './gestures';
import type { Workbench } from './workbench';
import { openWorkbench } from './workbench';

const PLAN = { ...SMALL_PLAN, encoders: 1, schemes: ['IO'] as const, brat: true };

const frameOf = (bench: Workbench): FrameLocator =>
  bench.page.frameLocator('iframe.webview.ready').frameLocator('#active-frame');

async function openReport(bench: Workbench, plan: GeneratedSize = PLAN): Promise<FrameLocator> {
  await generatePlan(path.join(bench.workspace, 'comparison'), plan);
  await bench.command('Anamnese: Open Report');
  const frame = frameOf(bench);
  await frame.locator('table').first().waitFor();
  return frame;
}

describe('the report', () => {
  let bench: Workbench;
  let frame: FrameLocator;
  before(async () => {
    bench = await openWorkbench({ settings: { 'workbench.colorTheme': 'Default Dark Modern' } });
    frame = await openReport(bench);
  });
  after(() => bench.close());

  const tab = async (name: string): Promise<void> => {
    await frame.locator(`#tab-${name}`).click();
    await settle(bench);
  };
  const microF1 = (): Promise<string> => frame.locator('tbody tr').first().locator('td').nth(3).innerText();

  it('shows every model with both protocols', async () => {
    assert.equal(await frame.locator('table').first().locator('tbody tr').count(), 5);
    await frame.getByText('micro F1, paper protocol (tokens)').waitFor();
    await settle(bench);
    await bench.screenshot('report-models-dark');
  });

  it('moves every figure with the threshold, by the keyboard', async () => {
    const own = await microF1();
    const slider = frame.locator('input[type=range]');
    await slider.focus();
    await bench.page.keyboard.press('Home');
    await frame.locator('caption', { hasText: 'all at threshold 0.01' }).first().waitFor();
    assert.notEqual(await microF1(), own);
    await frame.locator('vscode-button', { hasText: 'Back to each run’s own' }).click();
    await frame.locator('caption', { hasText: 'each run at its own threshold' }).first().waitFor();
    assert.equal(await microF1(), own);
  });

  it('drags the operating point on a curve', async () => {
    await tab('curves');
    const box = (await frame.locator('.draggable').first().boundingBox())!;
    const shown = frame.locator('output');
    const before = await shown.innerText();
    await bench.page.mouse.move(box.x + box.width * 0.8, box.y + box.height * 0.7);
    await bench.page.mouse.down();
    await bench.page.mouse.move(box.x + box.width * 0.6, box.y + box.height * 0.5, { steps: 5 });
    await bench.page.mouse.up();
    await settle(bench);
    assert.notEqual(await shown.innerText(), before);
    await bench.screenshot('report-curves-dark');
  });

  it('compares strategies, and shows labels, training and cost', async () => {
    for (const name of ['strategies', 'labels', 'training', 'cost']) {
      await tab(name);
      await frame.locator('table').first().waitFor();
      await bench.screenshot(`report-${name}-dark`);
    }
  });

  /** Presses a button of the page that saves, and takes the place that the editor proposes. */
  const saved = async (button: string, name: string): Promise<Buffer> => {
    await frame.getByRole('button', { name: button, exact: true }).first().click();
    await bench.page.locator('.quick-input-widget input').waitFor();
    await settle(bench);
    await bench.page.keyboard.press('Enter');
    await bench.page.locator('.notification-list-item', { hasText: `Saved: ${name}` }).waitFor();
    const content = await readFile(path.join(bench.workspace, 'comparison', name));
    await bench.command('Notifications: Clear All Notifications');
    return content;
  };

  it('saves a table beside the plan', async () => {
    await tab('models');
    const csv = (await saved('CSV', 'models.csv')).toString();
    assert.equal(csv.trim().split('\r\n').length, 6);
  });

  it('saves a chart as a drawing and as a picture', async () => {
    await tab('curves');
    const svg = (await saved('SVG', 'precision-recall-all.svg')).toString();
    assert.match(svg, /^<svg [^>]*xmlns="http:\/\/www\.w3\.org\/2000\/svg"/);
    const png = await saved('PNG', 'precision-recall-all.png');
    assert.deepEqual([...png.subarray(0, 8)], [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
    assert.ok(png.readUInt32BE(16) === 3 * 380, 'three pixels a unit');
    // A chart that could not be drawn would be one colour, which takes next to nothing.
    assert.ok(png.length > 10_000, `${png.length} bytes`);
  });

  it('leads from a label to its mistakes, and from a mistake to its place in the note', async () => {
    await tab('labels');
    await frame.locator('tbody tr').first().locator('td button').nth(1).click();
    await frame.locator('p.filter', { hasText: 'predicted: ' }).waitFor();
    await settle(bench);
    await bench.screenshot('report-errors-dark');
    const row = frame.locator('tbody tr').first();
    const note = await row.locator('th button').innerText();
    const [start, end] = (await row.locator('td button').first().innerText()).split('–').map(Number);
    await row.locator('th button').click();
    await bench.page.locator('.tab.active', { hasText: `${note}.txt` }).waitFor();
    const text = await readFile(path.join(bench.workspace, 'comparison', 'notes', `${note}.txt`), 'utf8');
    const chosen = `(${end! - start!} selected)`;
    await bench.page.locator('.statusbar-item', { hasText: chosen }).waitFor();
    assert.ok(text.length >= end!);
    await settle(bench);
    await bench.screenshot('report-open-note-dark');
  });

  it('opens a training note that has a label, at the first place where it has it', async () => {
    await bench.page.locator('.tab', { hasText: 'Report: comparison' }).click();
    await tab('labels');
    const counts = frame
      .locator('table', { hasText: 'Labels in the parts of the split' })
      .locator('tbody tr');
    await counts.first().locator('td button').first().click();
    const row = frame.locator('table', { hasText: 'Notes with' }).locator('tbody tr').first();
    assert.equal(await row.locator('td').first().innerText(), 'training');
    const note = await row.locator('th button').innerText();
    await row.locator('th button').click();
    await bench.page.locator('.tab.active', { hasText: `${note}.txt` }).waitFor();
    await bench.page.locator('.statusbar-item', { hasText: / selected\)/ }).waitFor();
    await settle(bench);
    await bench.screenshot('report-note-of-part-dark');
    await bench.page.locator('.tab', { hasText: 'Report: comparison' }).click();
    await tab('errors');
    await frame.locator('.confusion td.diagonal + td button, .confusion td button').first().click();
    await frame.locator('p.filter').waitFor();
  });

  it('comes back as it was after a reload of the window', async () => {
    // In a browser the editor writes down what its tabs are like every five seconds, and not when it is reloaded.
    await bench.page.waitForTimeout(6000);
    await bench.page.reload();
    const again = frameOf(bench);
    await again.locator('p.filter', { hasText: 'predicted: ' }).waitFor({ timeout: 60000 });
  });

  it('asks nothing of any host but this machine', () => {
    // Files of webviews have addresses of this host, which the page's own service worker answers from this machine.
    const ownFiles = /^vscode-remote.*\.vscode-resource\.vscode-cdn\.net$/;
    assert.deepEqual(
      [...bench.hosts].filter((host) => !ownFiles.test(host)),
      ['127.0.0.1'],
    );
  });
});

describe('the report of a single strategy', () => {
  it('offers to compare strategies, and begins to', async () => {
    const bench = await openWorkbench({ settings: { 'workbench.colorTheme': 'Default Dark Modern' } });
    try {
      const frame = await openReport(bench, { ...PLAN, strategies: ['is'] });
      await frame.locator('#tab-strategies').click();
      await frame.locator('.empty vscode-button', { hasText: 'Compare Strategies' }).waitFor();
      await settle(bench);
      await bench.screenshot('report-empty-dark');
      await frame.locator('.empty vscode-button').click();
      await bench.page.locator('.quick-input-title', { hasText: 'Compare Strategies' }).waitFor();
    } finally {
      await bench.close();
    }
  });
});

describe('the report in other themes', () => {
  const themes = {
    light: 'Default Light Modern',
    'high-contrast': 'Default High Contrast',
    'high-contrast-light': 'Default High Contrast Light',
  };
  for (const [name, theme] of Object.entries(themes)) {
    it(`${name}: tables and curves can be read`, async () => {
      const bench = await openWorkbench({ settings: { 'workbench.colorTheme': theme } });
      try {
        const frame = await openReport(bench);
        for (const part of ['models', 'strategies', 'curves', 'errors']) {
          await frame.locator(`#tab-${part}`).click();
          await settle(bench);
          await bench.screenshot(`report-${part}-${name}`);
        }
        const [text, ground] = await frame.locator('body').evaluate((body) => {
          const { color, backgroundColor } = getComputedStyle(body);
          return [color, backgroundColor];
        });
        assert.notEqual(text, ground);
      } finally {
        await bench.close();
      }
    });
  }
});
