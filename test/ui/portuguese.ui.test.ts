import assert from 'node:assert/strict';
import { settle } from './gestures';
import type { Workbench } from './workbench';
import { openWorkbench } from './workbench';

const NURSING = '01-evolucao-enfermagem.txt';

describe('the editor in Brazilian Portuguese', () => {
  let bench: Workbench;
  before(async () => (bench = await openWorkbench({ open: NURSING, language: 'pt-br' })));
  after(() => bench.close());

  it('welcomes, counts in the status bar and lists labels', async () => {
    const { page } = bench;
    await page.locator('.notification-list-item', { hasText: 'na sua própria máquina' }).waitFor();
    await page.locator('.statusbar-item', { hasText: /anamnese-default · CPU · \d+ entidades/ }).waitFor();
    await page.locator('.activitybar .action-item', { has: page.getByLabel('Anamnese') }).click();
    await page.locator('.pane-header', { hasText: 'Entidades' }).waitFor();
    await page.locator('.monaco-list-row', { hasText: 'Distúrbios' }).waitFor();
  });

  it('has the pictures of the walkthrough in Portuguese too', async () => {
    const { page } = bench;
    await page.locator('.notification-list-item a', { hasText: 'Primeiros passos' }).click();
    await page.locator('.getting-started-step', { hasText: 'Escolha modelo' }).first().click();
    const shown = async (): Promise<boolean> =>
      (await Promise.all(page.frames().map((frame) => frame.content().catch(() => '')))).some((html) =>
        html.includes('>Selecionar modelo</text>'),
      );
    while (!(await shown())) await page.waitForTimeout(200);
    await settle(bench);
    await bench.screenshot('walkthrough-portuguese');
    await page.locator('.tab:not(.active)').first().click();
    await bench.command('Notifications: Clear All Notifications');
  });

  it('names label, confidence and threshold in the hover, with a decimal comma', async () => {
    await bench.mark('afebril').hover({ force: true });
    const hover = bench.page.locator('.monaco-hover', { hasText: 'Distúrbios' });
    await hover.waitFor();
    await settle(bench);
    await bench.screenshot('hover-portuguese');
    assert.match(await hover.innerText(), /0,\d\d\s+limiar 0,\d\d/);
    await bench.page.mouse.move(700, 600);
  });

  it('has its commands in the palette, by their Portuguese names', async () => {
    await bench.command('Anamnese: Definir limiar');
    const input = bench.page.locator('.quick-input-widget input').first();
    await bench.page.locator('.quick-input-message', { hasText: 'Confiança mínima' }).waitFor();
    assert.match((await input.getAttribute('placeholder')) ?? '', /^agora 0,\d\d–0,\d\d$/);
    await bench.page.keyboard.press('Escape');
  });
});
