// npm run bench:predict [-- --model DIR --notes 100 --repeat 5 --threads 1]: the same encoder and notes through
// transformers on PyTorch and through us, in one run, in processes that take turns.
import type { ChildProcess } from 'node:child_process';
import { execFile, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { countCharacters, summarize } from '../src/core/evaluate/characters';
import { addCounts } from '../src/core/evaluate/rates';
import type { Counts } from '../src/core/evaluate/rates';
import type { Entity } from '../src/core/text/entity';
import type { GoldSpan } from '../src/core/corpus/inlineMarkup';
import { bundle } from './bundle';
import { median } from './median';
import type { Agreement, Times } from './predictProcess';
import type { NoteSet } from './predictNotes';
import { benchNotes } from './predictNotes';
import type { Rival } from './predictRival';
import { findRival } from './predictRival';
import { SideProcess } from './predictSide';

const root = path.join(__dirname, '..');
const cache = path.join(root, '.cache');
const { values } = parseArgs({
  options: {
    model: { type: 'string', default: path.join(root, 'models', 'anamnese-default') },
    shared: { type: 'string', default: path.join(root, '..', 'shared') },
    notes: { type: 'string', default: '100' },
    repeat: { type: 'string', default: '3' },
    /** 0: as many as either side takes by itself. */
    threads: { type: 'string', default: '0' },
  },
});

type Side = 'rival, 1' | 'rival, 8' | 'fp32' | 'int8';
/** The rival may choose its batch: the one that is faster counts. */
const rivals = ['rival, 1', 'rival, 8'] as const;
const ours = ['fp32', 'int8'] as const;
const sides: readonly Side[] = [...rivals, ...ours];
const aims = { fp32: 2, int8: 4 };
/** Notes that a side runs before it is another one's turn. */
const TURN = 20;

/** What one round measured of a side. */
interface Round {
  readonly turns: readonly Times[];
  readonly loadSeconds: number;
  readonly peakBytes: number;
}

async function main(): Promise<void> {
  const set = benchNotes(root, values.shared, Number(values.notes));
  mkdirSync(cache, { recursive: true });
  const before = modelTime();
  const work = mkdtempSync(path.join(cache, 'bench-'));
  try {
    const rival = await findRival(root, cache, values.model, Number(values.threads));
    const ourProgram = path.join(root, 'out', 'bench', 'predictProcess.js');
    await bundle(root, 'predictProcess.ts', ourProgram);
    const bench = new Bench(rival, ourProgram, work, set);
    const characters = set.notes.reduce((sum, { text }) => sum + text.length, 0);
    console.log(`${set.notes.length} ${set.name} (${characters} characters)\nrival: ${rival.versions}`);
    for (let round = 0; round < Number(values.repeat); round++) await bench.round();
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
  private readonly rounds: Record<Side, Round[]> = { 'rival, 1': [], 'rival, 8': [], fp32: [], int8: [] };

  constructor(
    private readonly rival: Rival,
    private readonly ourProgram: string,
    private readonly work: string,
    private readonly set: NoteSet,
  ) {
    this.notesFile = path.join(work, 'notes.json');
    writeFileSync(this.notesFile, JSON.stringify(set.notes.map(({ text }) => text)));
  }

  /**
   * Measures all notes once on each side, each a new process. A few notes at a time in turn, beginning with another
   * side each time: what else the machine does meets all of them alike.
   */
  async round(): Promise<void> {
    const processes: [Side, SideProcess][] = [];
    for (const side of sides) processes.push([side, await SideProcess.start(this.start(side))]);
    const turns: Record<Side, Times[]> = { 'rival, 1': [], 'rival, 8': [], fp32: [], int8: [] };
    for (let from = 0, turn = 0; from < this.set.notes.length; from += TURN, turn++) {
      for (let i = 0; i < sides.length; i++) {
        const [side, process] = processes[(turn + i) % sides.length]!;
        turns[side].push(await process.measure(from, Math.min(from + TURN, this.set.notes.length)));
      }
    }
    for (const [side, process] of processes) {
      const peakBytes = await process.peakBytes();
      this.rounds[side].push({ turns: turns[side], loadSeconds: process.loadSeconds, peakBytes });
    }
  }

  /** Times are sums over the turns of the median over the rounds. */
  printSpeed(): void {
    const [seconds, cpu] = [this.total('seconds'), this.total('cpuSeconds')];
    const rival = rivals[seconds[rivals[0]] <= seconds[rivals[1]] ? 0 : 1]!;
    const [peak, load] = [this.median('peakBytes'), this.median('loadSeconds')];
    console.log('\n          notes/s   of rival   CPU s/note   of rival   peak MB   of rival   load s   aim');
    for (const side of sides) {
      const columns = [
        (this.set.notes.length / seconds[side]).toFixed(2).padStart(7),
        `${(seconds[rival] / seconds[side]).toFixed(2)}x`.padStart(8),
        (cpu[side] / this.set.notes.length).toFixed(3).padStart(10),
        `${(cpu[rival] / cpu[side]).toFixed(2)}x`.padStart(8),
        (peak[side] / 1e6).toFixed(0).padStart(7),
        `${(peak[side] / peak[rival]).toFixed(2)}`.padStart(8),
        load[side].toFixed(2).padStart(6),
        side in aims ? `${aims[side as keyof typeof aims]}x speed, 0.5 memory` : '',
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

  /** Single precision runs from the folder that the rival reads, eight bits from the folder as it is. */
  private start(side: Side): ChildProcess {
    if (side !== 'fp32' && side !== 'int8')
      return this.rival.start('measure', this.rival.model, this.notesFile, side.at(-1)!);
    const folder = side === 'fp32' ? this.rival.model : values.model;
    const args = [
      this.ourProgram,
      'measure',
      folder,
      this.notesFile,
      side,
      values.threads,
      this.entityFile(side),
    ];
    return spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  }

  private total(key: keyof Times): Record<Side, number> {
    return this.perSide((rounds) =>
      rounds[0]!.turns.reduce(
        (sum, _, turn) => sum + median(rounds.map(({ turns }) => turns[turn]![key])),
        0,
      ),
    );
  }

  private median(key: 'peakBytes' | 'loadSeconds'): Record<Side, number> {
    return this.perSide((rounds) => median(rounds.map((round) => round[key])));
  }

  private perSide(summary: (rounds: readonly Round[]) => number): Record<Side, number> {
    return Object.fromEntries(sides.map((side) => [side, summary(this.rounds[side])])) as Record<
      Side,
      number
    >;
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
}

const modelTime = (): number => statSync(path.join(values.model, 'model.safetensors')).mtimeMs;

void main();
