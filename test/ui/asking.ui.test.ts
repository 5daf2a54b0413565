import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Locator } from 'playwright-core';
import { LlmServer } from '../node/llm/llmServer';
import { listItem, notification, settle } from './gestures';
import type { Workbench } from './workbench';
import { openWorkbench } from './workbench';

describe('language models from the palette', function () {
  this.timeout(240_000);
  let server: LlmServer;
  let bench: Workbench;
  before(async () => {
    server = await new LlmServer(() => ({ content: '{"entities": []}' })).listen();
    // By an address that is not known to be this machine's.
    const endpoint = server.url().replace('127.0.0.1', '0.0.0.0');
    bench = await openWorkbench({
      settings: {
        'workbench.colorTheme': 'Default Dark Modern',
        'anamnese.remote.models': [{ name: 'own-model', endpoint }],
      },
    });
    await settle(bench);
  });
  after(async () => {
    await bench.close();
    await server.close();
  });

  const dialog = (): Locator => bench.page.locator('.monaco-dialog-box');
  const button = (words: string): Locator => dialog().locator('.monaco-button', { hasText: words });

  async function compareOwnModel(): Promise<void> {
    await bench.command('Anamnese: Compare Language Models');
    await listItem(bench, 'own-model').waitFor();
    await settle(bench);
    await listItem(bench, 'own-model').click();
    await bench.screenshot('asking-models');
    await bench.page.keyboard.press('Enter');
    await dialog().waitFor();
  }

  it('asks in a dialog that names workspace and server, and sends nothing where the answer is no', async () => {
    await bench.command('Anamnese: Compare Language Models');
    await listItem(bench, 'own-model').waitFor();
    const rows = bench.page.locator('.quick-input-list .monaco-list-row');
    await rows.filter({ hasText: 'VS Code’s own language models: none' }).waitFor();
    await bench.page.keyboard.press('Escape');

    await compareOwnModel();
    const said = await dialog().innerText();
    const { port } = new URL(server.url());
    assert.ok(said.includes(`“${path.basename(bench.workspace)}” to 0.0.0.0:${port}?`), said);
    assert.ok(said.includes('The connection is not encrypted.'), said);
    await settle(bench);
    await bench.screenshot('asking-consent');
    assert.equal(server.seen.length, 0);
    await button('Cancel').click();
    await dialog().waitFor({ state: 'detached' });
    await settle(bench);
    assert.equal(server.seen.length, 0);
    assert.ok(!existsSync(path.join(bench.workspace, 'experiments')));
  });

  it('sends the notes of the test part where it is yes, and stops sending by a command', async () => {
    await compareOwnModel();
    await button('Send Notes').click();
    await bench.page.locator('.quick-input-title', { hasText: 'Key for 0.0.0.0' }).waitFor();
    await bench.page.keyboard.press('Enter');
    await notification(bench, /own-model, micro F1/).waitFor({ timeout: 120_000 });
    await settle(bench);
    await bench.screenshot('asking-done');
    assert.ok(server.seen.length > 0);
    await bench.command('Anamnese: Stop Sending Notes');
    await notification(bench, /no longer sent to 0\.0\.0\.0/).waitFor();
    await compareOwnModel();
    await button('Cancel').click();
    assert.ok(![...bench.hosts].some((host) => host !== '127.0.0.1' && host !== 'localhost'));
  });
});
