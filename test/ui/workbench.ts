import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { chromium } from 'playwright-core';

const root = path.resolve(__dirname, '../..');
const screenshots = path.join(root, 'artifacts', 'screenshots');

/** VS Code with the extension and a copy of the sample notes, in a page of a real browser. */
export interface Workbench {
  readonly page: Page;
  /** Every host that was asked for anything. */
  readonly hosts: ReadonlySet<string>;
  readonly workspace: string;
  command(title: string): Promise<void>;
  /** The mark over the first occurrence of these words. */
  mark(words: string): Locator;
  screenshot(name: string): Promise<void>;
  close(): Promise<void>;
}

/** What is open now, for whoever looks into a failure. */
const open = new Set<Workbench>();

/** Keeps what the screen showed, and what it said, when a test failed. */
export async function keepFailure(title: string): Promise<void> {
  for (const { page, screenshot } of open) {
    const said = await page.locator('.notification-list-item, .statusbar-item').allInnerTexts();
    console.error(
      `      on the screen: ${said
        .map((words) => words.trim())
        .filter(Boolean)
        .join(' | ')}`,
    );
    await screenshot(`failed-${title.replace(/\W+/g, '-').toLowerCase()}`);
  }
}

export interface WorkbenchOptions {
  readonly settings?: Record<string, unknown>;
  /** Files of the workspace besides the sample notes. */
  readonly files?: Readonly<Record<string, string>>;
  /** A note to open: of the workspace, or by its whole path. */
  readonly open?: string;
  /** Opens the window without a folder: the notes lie beside it. */
  readonly alone?: boolean;
  /** The display language; the words of the editor itself stay English where no language pack is installed. */
  readonly language?: string;
  /** Keeps Workspace Trust on: the folder opens in Restricted Mode. */
  readonly trust?: boolean;
  readonly size?: { width: number; height: number };
  /** A package to install, instead of the folder of development. */
  readonly vsix?: string;
}

export async function openWorkbench({
  settings,
  files: besides = {},
  open: note,
  alone,
  language,
  trust,
  size,
  vsix,
}: WorkbenchOptions = {}): Promise<Workbench> {
  const { startCodeServer, workbenchUrl } = await import('../../scripts/codeServer.mjs');
  const { browserSwitches, findBrowser } = await import('../../scripts/browser.mjs');
  const workspace = await mkdtemp(path.join(os.tmpdir(), 'anamnese-ui-'));
  await cp(path.join(root, 'samples', 'notes'), workspace, { recursive: true });
  for (const [name, content] of Object.entries(besides)) await writeFile(path.join(workspace, name), content);
  const server = await startCodeServer({ settings, trust, ...(vsix ? { vsix } : { extension: root }) });
  const browser = await chromium.launch({ executablePath: await findBrowser(), args: browserSwitches });
  const page = await browser.newPage({ viewport: size ?? { width: 1280, height: 800 } });
  const hosts = new Set<string>();
  page.on('request', (request) => {
    if (request.url().startsWith('http')) hosts.add(new URL(request.url()).hostname);
  });
  if (language) await speak(page, language);
  const files = note ? [path.resolve(workspace, note)] : [];
  await page.goto(workbenchUrl(server, { folder: alone ? undefined : workspace, files }));
  // What the extension contributes comes after the workbench: a palette that is opened before does not list it.
  await page.locator('.activitybar .action-item', { has: page.getByLabel('Anamnese') }).waitFor();
  if (note) await page.locator('.monaco-editor .view-line').first().waitFor();

  const bench: Workbench = {
    page,
    hosts,
    workspace,
    command: async (title) => {
      await page.keyboard.press('F1');
      await page.locator('.quick-input-widget input').waitFor();
      await page.keyboard.type(title);
      await page.locator('.quick-input-list .monaco-list-row.focused', { hasText: title }).waitFor();
      await page.keyboard.press('Enter');
    },
    mark: (words) =>
      page.locator('.view-line span[class*="TextEditorDecorationType"]', { hasText: words }).first(),
    screenshot: async (name) => {
      await mkdir(screenshots, { recursive: true });
      await page.screenshot({ path: path.join(screenshots, `${name}.png`) });
    },
    close: async () => {
      open.delete(bench);
      await browser.close();
      await server.stop();
      await rm(workspace, { recursive: true, force: true });
    },
  };
  open.add(bench);
  return bench;
}

/** Sets the display language where a language pack does: in the file of the editor's own words, which tells its language. */
async function speak(page: Page, language: string): Promise<void> {
  await page.route('**/nls.messages.js*', async (route) => {
    const response = await route.fetch();
    const words = await response.text();
    const tell = `globalThis._VSCODE_NLS_LANGUAGE=${JSON.stringify(language)};`;
    await route.fulfill({ response, body: `${words}\n${tell}` });
  });
}
