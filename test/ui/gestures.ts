import type { Locator } from 'playwright-core';
import type { Workbench } from './workbench';

/** The pause after which VS Code has drawn a list or a notification completely. */
export const settle = ({ page }: Workbench): Promise<void> => page.waitForTimeout(700);

/** The item of the open list that begins with these words. */
export function listItem({ page }: Workbench, words: string): Locator {
  const label = page.locator('.quick-input-list-label .label-name', { hasText: new RegExp(`^${words}`) });
  return page.locator('.quick-input-list .monaco-list-row', { has: label }).first();
}

/** Takes the item of the open list that begins with these words. */
export async function choose(bench: Workbench, words: string): Promise<void> {
  await listItem(bench, words).waitFor();
  await bench.page.waitForTimeout(200);
  await listItem(bench, words).click();
}

/** Answers the input box with this prompt. */
export async function answer({ page }: Workbench, prompt: string, text: string): Promise<void> {
  await page.locator('.quick-input-message', { hasText: prompt }).waitFor();
  await page.locator('.quick-input-widget input').first().fill(text);
  await page.keyboard.press('Enter');
}

export const notification = ({ page }: Workbench, words: string | RegExp): Locator =>
  page.locator('.notification-list-item', { hasText: words }).first();
