// npm run bench:predict [-- --model DIR --notes 100 --repeat 5 --threads 1]: the same encoder and notes through
// transformers on PyTorch and through us, in one run. Each measurement is a process of its own.
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { build } from 'esbuild';
import { countCharacters, summarize } from '../src/core/evaluate/characters';
import { addCounts } from '../src/core/evaluate/rates';
import type { Counts } from '../src/core/evaluate/rates';
import type { Entity } from '../src/core/text/entity';
import type { GoldSpan } from '../src/core/corpus/inlineMarkup';
import type { Agreement, Measured } from './predictProcess';
import type { NoteSet } from './predictNotes';
import { benchNotes } from './predictNotes';
import type { Rival } from './predictRival';
import { findRival } from './predictRival';

const root = path.join(__dirname, '..');
const cache = path.join(root, '.cache');
const { values } = parseArgs({
  options: {
    model: { type: 'string', default: path.join(root, 'models', 'anamnese-default') },
    shared: { type: 'string', default: path.join(root, '..', 'shared') },
    notes: { type: 'string', default: '100' },
    repeat: { type: 'string', default: '5' },
    /** 0: as many as either side takes by itself. */
    threads: { type: 'string', default: '0' },
  },
});

type Side = 'rival' | 'fp32' | 'int8';
const sides: readonly Side[] = ['rival', 'fp32', 'int8'];
const aims = { fp32: 2, int8: 4 };
const BATCHES = ['1', '8'];

async function main(): Promise<void> {
  const set = benchNotes(root, values.shared, Number(values.notes));
  mkdirSync(cache, { recursive: true });
  const before = modelTime();
  const work = mkdtempSync(path.join(cache, 'bench-'));
  try {
    const rival = await findRival(root, cache, values.model, Number(values.threads));
    const bench = new Bench(rival, await bundle(), work, set);
    const characters = set.notes.reduce((sum, { text }) => sum + text.length, 0);
    console.log(`${set.notes.length} ${set.name} (${characters} characters)\nrival: ${rival.versions}`);
    await bench.chooseBatch();
    for (let round = 0; round < Number(values.repeat); round++) await bench.round(round);
    if (modelTime() !== before) throw new Error(`${values.model} changed meanwhile: measure again`);
    bench.printSpeed();
    await bench.printAgreement();
    bench.printQuality();
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

class Bench {
  private readonly notesFile: string;
  private readonly measured: Record<Side, Measured[]> = { rival: [], fp32: [], int8: [] };
  private batch = BATCHES[0]!;

  constructor(
    private readonly rival: Rival,
    private readonly ourProgram: string,
    private readonly work: string,
    private readonly set: NoteSet,
  ) {
    this.notesFile = path.join(work, 'notes.json');
    writeFileSync(this.notesFile, JSON.stringify(set.notes.map(({ text }) => text)));
  }

  /** The rival may choose: it runs with the batch that is faster here. */
  async chooseBatch(): Promise<void> {
    const seconds: number[] = [];
    for (const batch of BATCHES) seconds.push((await this.measureRival(batch)).seconds);
    this.batch = BATCHES[seconds.indexOf(Math.min(...seconds))]!;
    const tried = BATCHES.map((batch, i) => `${batch}: ${this.rate(seconds[i]!).toFixed(2)} notes/s`);
    console.log(`rival's batch ${tried.join(', ')}; it runs with ${this.batch}`);
  }

  /** Measures each side once, beginning with another one each time. */
  async round(round: number): Promise<void> {
    for (let i = 0; i < sides.length; i++) {
      const side = sides[(round + i) % sides.length]!;
      this.measured[side].push(
        side === 'rival' ? await this.measureRival(this.batch) : await this.measureOurs(side),
      );
    }
  }

  printSpeed(): void {
    console.log('\n          notes/s   of rival   CPU s/note   of rival   peak MB   of rival   load s   aim');
    const [seconds, cpu, peak] = (['seconds', 'cpuSeconds', 'peakBytes'] as const).map((key) =>
      Object.fromEntries(sides.map((side) => [side, median(this.measured[side].map((one) => one[key]))])),
    ) as [Record<Side, number>, Record<Side, number>, Record<Side, number>];
    for (const side of sides) {
      const load = median(this.measured[side].map((one) => one.loadSeconds));
      const columns = [
        this.rate(seconds[side]).toFixed(2).padStart(7),
        `${(seconds.rival / seconds[side]).toFixed(2)}x`.padStart(8),
        (cpu[side] / this.set.notes.length).toFixed(3).padStart(10),
        `${(cpu.rival / cpu[side]).toFixed(2)}x`.padStart(8),
        (peak[side] / 1e6).toFixed(0).padStart(7),
        `${(peak[side] / peak.rival).toFixed(2)}`.padStart(8),
        load.toFixed(2).padStart(6),
        side === 'rival' ? '' : `${aims[side]}x speed, 0.5 memory`,
      ];
      console.log(`${side.padEnd(9)} ${columns.join('   ')}`);
    }
  }

  async printAgreement(): Promise<void> {
    const file = path.join(this.work, 'logits.json');
    await this.rival.run('logits', this.rival.model, this.notesFile, file);
    const { notes, sameTokens, largest } = await this.ours<Agreement>('agree', file);
    console.log(
      `\nfp32 and rival: the same tokens in ${sameTokens} of ${notes} notes, logits within ${largest.toExponential(1)}`,
    );
  }

  printQuality(): void {
    const gold = this.set.notes.map(({ spans }) => spans);
    const [fp32, int8] = [this.entities('fp32'), this.entities('int8')];
    const [full, eight] = [this.f1(gold, fp32), this.f1(gold, int8)];
    console.log(
      `int8 and fp32: character F1 of one against the other ${this.f1(fp32, int8).micro.toFixed(4)}`,
    );
    for (const average of ['micro', 'macro'] as const) {
      const lost = ((full[average] - eight[average]) * 100).toFixed(2);
      const both = `fp32 ${full[average].toFixed(4)}, int8 ${eight[average].toFixed(4)}`;
      console.log(`against the marks: ${average} F1 ${both}, ${lost} points lost (aim: at most 0.5)`);
    }
  }

  private measureOurs(precision: 'fp32' | 'int8'): Promise<Measured> {
    return this.ours<Measured>('measure', precision, values.threads, this.entityFile(precision));
  }

  private async measureRival(batch: string): Promise<Measured> {
    return JSON.parse(await this.rival.run('measure', this.rival.model, this.notesFile, batch)) as Measured;
  }

  private async ours<T>(command: string, ...rest: string[]): Promise<T> {
    const args = [this.ourProgram, command, values.model, this.notesFile, ...rest];
    return JSON.parse((await promisify(execFile)(process.execPath, args)).stdout) as T;
  }

  private f1(gold: readonly (readonly GoldSpan[])[], predicted: readonly (readonly GoldSpan[])[]) {
    const labels = [...new Set([...gold, ...predicted].flat().map(({ label }) => label))];
    const totals = new Map<string, Counts>();
    for (const [i, { text }] of this.set.notes.entries()) {
      for (const [label, counts] of countCharacters(text.length, gold[i]!, predicted[i]!, labels)) {
        const before = totals.get(label);
        totals.set(label, before ? addCounts(before, counts) : counts);
      }
    }
    return summarize(totals);
  }

  private entities(precision: string): Entity[][] {
    return JSON.parse(readFileSync(this.entityFile(precision), 'utf8')) as Entity[][];
  }

  private entityFile(precision: string): string {
    return path.join(this.work, `${precision}.json`);
  }

  private rate(seconds: number): number {
    return this.set.notes.length / seconds;
  }
}

const modelTime = (): number => statSync(path.join(values.model, 'model.safetensors')).mtimeMs;

async function bundle(): Promise<string> {
  const outfile = path.join(root, 'out', 'bench', 'predictProcess.js');
  const entry = path.join(root, 'bench', 'predictProcess.ts');
  await build({
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: 'node',
    external: ['onnxruntime-node'],
    logLevel: 'warning',
  });
  return outfile;
}

function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

void main();
