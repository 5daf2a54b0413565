/// <reference lib="dom" />
// npm run bench:report [-- --runs 1000 --labels 24 --rounds 5]: how fast a report opens in a real browser, and what a
// move of its threshold costs. Runs are generated; the report is the file that `anamnese report` writes.
import { mkdtemp, rm, stat } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import type { Page } from 'playwright-core';
import { chromium } from 'playwright-core';
import { openReport } from '../src/node/report/openReport';
import { writeReports } from '../src/node/report/writeReports';
import { generatePlan, SMALL_PLAN } from '../test/node/report/generatedPlan';
import { missedAims } from './aims';
import { median } from './median';

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '1000' },
    labels: { type: 'string', default: '24' },
    rounds: { type: 'string', default: '5' },
  },
});

/** Encoders, each with five strategies and 25 seeds; every run scores 20 notes of 100 tokens. */
const SEEDS = 25;
const NOTES = 100;
const TOKENS = 100;

const TABS = ['models', 'strategies', 'labels', 'curves'] as const;

main().catch((error: Error) => {
  console.error(`bench:report: ${error.message}`);
  process.exitCode = 1;
});

async function main(): Promise<void> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'anamnese-report-'));
  try {
    const runs = await generate(folder);
    const started = performance.now();
    const [file] = await writeReports(folder);
    const seconds = secondsSince(started);
    const again = performance.now();
    await openReport(folder, true);
    const kept = secondsSince(again);
    const { size } = await stat(file!);
    console.log(
      `${runs} runs x ${values.labels} labels, ${(runs * NOTES * 0.2 * TOKENS) / 1e6} million scored tokens`,
    );
    console.log(
      `anamnese report: ${seconds} s, ${kept} s to read what it kept for the editor; report.html ${(size / 1e6).toFixed(1)} MB\n`,
    );
    await measure(file!);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const secondsSince = (started: number): string => ((performance.now() - started) / 1000).toFixed(1);

async function generate(folder: string): Promise<number> {
  const encoders = Math.max(1, Math.round(Number(values.runs) / (SMALL_PLAN.strategies.length * SEEDS)));
  const size = {
    ...SMALL_PLAN,
    encoders,
    schemes: ['IO'] as const,
    seeds: SEEDS,
    notes: NOTES,
    tokens: TOKENS,
  };
  const { plan } = await generatePlan(folder, { ...size, labels: Number(values.labels) });
  return plan.runs.length;
}

async function measure(file: string): Promise<void> {
  const { browserSwitches, findBrowser } = await import('../scripts/browser.mjs');
  const browser = await chromium.launch({ executablePath: await findBrowser(), args: browserSwitches });
  const opened: number[] = [];
  const moved = new Map<string, Moves[]>();
  for (let round = 0; round < Number(values.rounds); round++) {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    // tsx names functions by a helper that the page does not have.
    await page.addInitScript('globalThis.__name = (named) => named');
    opened.push(await open(page, file));
    for (const tab of TABS) moved.set(tab, [...(moved.get(tab) ?? []), await moves(page, tab)]);
    await page.close();
  }
  await browser.close();
  print(opened, moved);
}

/** Milliseconds from the start of the navigation until the first table is drawn and laid out. */
async function open(page: Page, file: string): Promise<number> {
  await page.goto(`file://${file}`, { waitUntil: 'commit' });
  await page.waitForFunction(() => document.documentElement.hasAttribute('data-shown'));
  return page.evaluate(() => {
    document.body.getBoundingClientRect();
    return performance.getEntriesByName('report shown')[0]!.startTime;
  });
}

/** Milliseconds a frame while the threshold is moved from end to end. */
interface Moves {
  /** Mean processor time of the page's thread: what a frame takes where nothing else wants the machine. */
  readonly processor: number;
  /** On the clock, from the start of the frame until all is laid out; then between frames. */
  readonly work: readonly number[];
  readonly frames: readonly number[];
}

async function moves(page: Page, tab: string): Promise<Moves> {
  await page.locator(`#tab-${tab}`).click();
  await page.locator('input[type=range]').fill('98');
  await page.waitForTimeout(500);
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Performance.enable', { timeDomain: 'threadTicks' });
  const threadTime = async (): Promise<number> => {
    const { metrics } = await devtools.send('Performance.getMetrics');
    return metrics.find(({ name }) => name === 'ThreadTime')!.value * 1000;
  };
  const before = await threadTime();
  const measured = await sweep(page);
  return { ...measured, processor: ((await threadTime()) - before) / measured.work.length };
}

function sweep(page: Page): Promise<Omit<Moves, 'processor'>> {
  return page.evaluate(async () => {
    const slider = document.querySelector<HTMLInputElement>('input[type=range]')!;
    const frame = (): Promise<number> => new Promise((resolve) => requestAnimationFrame(resolve));
    const [work, frames]: [number[], number[]] = [[], []];
    let before = await frame();
    for (let at = 97; at >= 0; at--) {
      slider.value = String(at);
      // The page's own callback was asked for in between, so it runs between these two.
      const began = frame().then(() => performance.now());
      slider.dispatchEvent(new Event('input', { bubbles: true }));
      const now = await frame();
      document.body.getBoundingClientRect();
      work.push(performance.now() - (await began));
      frames.push(now - before);
      before = now;
    }
    return { work, frames };
  });
}

/** A frame of a screen of 60 Hz lasts 16.7 ms, and none comes sooner; the clock is read to a few tenths. */
const FRAME_MS = 17;

function print(opened: readonly number[], moved: ReadonlyMap<string, readonly Moves[]>): void {
  const rows = [
    { name: 'opening, to the first table', values: opened, aim: 1000 },
    ...[...moved].flatMap(([tab, all]) => [
      {
        name: `threshold, processor time a frame: ${tab}`,
        values: all.map(({ processor }) => processor),
        aim: 16,
      },
      { name: `threshold, work a frame: ${tab}`, values: all.flatMap(({ work }) => work), aim: 16 },
      {
        name: `threshold, frame to frame: ${tab}`,
        values: all.flatMap(({ frames }) => frames),
        aim: FRAME_MS,
      },
    ]),
  ];
  console.log(`${'milliseconds'.padEnd(46)}   median      p99    worst      aim        n`);
  for (const { name, values: all, aim } of rows) {
    const sorted = [...all].sort((a, b) => a - b);
    const p99 = sorted[Math.floor(0.99 * (sorted.length - 1))]!;
    const figures = [median(sorted), p99, sorted.at(-1)!, aim, sorted.length];
    const columns = figures.map((one) => String(Math.round(one * 10) / 10).padStart(9));
    console.log(name.padEnd(46) + columns.join(''));
  }
  const missed = missedAims(rows);
  for (const line of missed) console.error(`bench:report: missed: ${line}`);
  if (missed.length > 0) process.exitCode = 1;
}
