// npm run bench:tokenizer [-- --folder DIR --rounds 5]: a tokenizer.json of 256,000 tokens read by transformers.js's
// library, by us for the first time, and by us from the cache; in turn, each in a process of its own.
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { bundle } from './bundle';
import { median } from './median';
import type { How, Load } from './tokenizerProcess';

const root = path.join(__dirname, '..');
const { values } = parseArgs({
  options: {
    folder: {
      type: 'string',
      default: path.join(root, 'node_modules', '@lenml', 'tokenizer-gemini', 'models'),
    },
    rounds: { type: 'string', default: '5' },
  },
});

const ways = ['library', 'first time', 'from the cache'] as const;
type Way = (typeof ways)[number];

async function main(): Promise<void> {
  const work = await mkdtemp(path.join(os.tmpdir(), 'anamnese-bench-'));
  const loads: Record<Way, Load[]> = { library: [], 'first time': [], 'from the cache': [] };
  try {
    const program = path.join(work, 'tokenizerProcess.cjs');
    await bundle(root, 'tokenizerProcess.ts', program);
    for (let round = 0; round < Number(values.rounds); round++) {
      const cache = path.join(work, `cache-${round}`);
      for (const way of ways)
        loads[way].push(await load(program, way === 'library' ? 'library' : 'ours', cache));
    }
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  print(loads);
}

async function load(program: string, how: How, cache: string): Promise<Load> {
  const args = [program, path.resolve(values.folder), how, cache];
  const env = { ...process.env, NODE_PATH: path.join(root, 'node_modules') };
  return JSON.parse((await promisify(execFile)(process.execPath, args, { env })).stdout) as Load;
}

/** Medians; ratios are the library's over ours. */
function print(loads: Readonly<Record<Way, readonly Load[]>>): void {
  const middle = (way: Way, key: 'milliseconds' | 'cpuMilliseconds' | 'megabytes') =>
    median(loads[way].map((load) => load[key]));
  console.log(`load average ${os.loadavg()[0]!.toFixed(1)}, medians of ${loads.library.length}`);
  console.log('                 load ms   ratio   processor ms   ratio   MB above start   ratio');
  for (const way of ways) {
    const columns = (['milliseconds', 'cpuMilliseconds', 'megabytes'] as const).map((key, i) => {
      const value = middle(way, key).toFixed(0).padStart([7, 12, 14][i]!);
      return `${value}   ${`${(middle('library', key) / middle(way, key)).toFixed(1)}x`.padStart(5)}`;
    });
    console.log(`${way.padEnd(14)}   ${columns.join('   ')}`);
  }
  const same = ways.every((way) => String(loads[way][0]!.ids) === String(loads.library[0]!.ids));
  console.log(same ? 'all read the sentence alike' : 'they do NOT read the sentence alike');
}

main().catch((error: Error) => {
  console.error(`bench:tokenizer: ${error.message}`);
  process.exitCode = 1;
});
