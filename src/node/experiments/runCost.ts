import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import type { RunEvent } from '../../core/train/loop/runEvents';
import { replaceFile } from '../training/durable';

const costFile = z.object({
  trainSeconds: z.number(),
  trainedTokens: z.number(),
  peakMemoryBytes: z.number().nullable(),
});
export type RunCost = z.infer<typeof costFile>;

/** Beside a run that goes on. */
const COST = 'cost.json';

/**
 * What a run's training costs over all processes that worked at it. Kept with every checkpoint: of a process that was
 * killed, what came after its last one is lost and, since it is done again, not counted.
 */
export class CostMeter {
  private since = performance.now();

  private constructor(
    private readonly file: string,
    private total: RunCost,
    /** Whether this process does nothing else, so that its memory is the run's. */
    private readonly ownProcess: boolean,
  ) {}

  static async open(runFolder: string, ownProcess: boolean): Promise<CostMeter> {
    const file = path.join(runFolder, COST);
    const none: RunCost = { trainSeconds: 0, trainedTokens: 0, peakMemoryBytes: null };
    const before = await readFile(file, 'utf8').then(
      (text) => costFile.parse(JSON.parse(text)),
      () => none,
    );
    return new CostMeter(file, before, ownProcess);
  }

  get cost(): RunCost {
    return this.total;
  }

  async follow(event: RunEvent): Promise<void> {
    if (event.type === 'step')
      this.total = { ...this.total, trainedTokens: this.total.trainedTokens + event.tokens };
    if (event.type === 'saved') await this.keep();
  }

  /** Adds the time since the last call and what memory was taken at most. */
  async keep(): Promise<void> {
    const now = performance.now();
    const trainSeconds = this.total.trainSeconds + (now - this.since) / 1000;
    this.since = now;
    const peaks = [this.total.peakMemoryBytes, this.ownProcess ? peakMemoryBytes() : null];
    const known = peaks.filter((peak) => peak !== null);
    const peakMemory = known.length > 0 ? Math.max(...known) : null;
    this.total = { ...this.total, trainSeconds, peakMemoryBytes: peakMemory };
    await replaceFile(this.file, JSON.stringify(this.total) + '\n');
  }

  /** Once the record holds it. */
  async remove(): Promise<void> {
    await rm(this.file, { force: true });
  }
}

/** The largest resident set of this process so far; null where the system does not tell. */
function peakMemoryBytes(): number | null {
  const { maxRSS } = process.resourceUsage();
  return maxRSS > 0 ? maxRSS * 1024 : null;
}
