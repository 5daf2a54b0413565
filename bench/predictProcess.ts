// One process of bench/predict.ts: our side. Bundled first, so that peak memory is not the TypeScript loader's.
import { readFileSync, writeFileSync } from 'node:fs';
import { predictTexts } from '../src/core/predict/predictor';
import type { Entity } from '../src/core/text/entity';
import type { Precision } from '../src/core/ports';
import { openModel } from '../src/node/model';
import type { OpenedModel } from '../src/node/model';
import { onnxRuntime } from '../src/node/onnxRuntime';

/** What one process says of itself; the rival says the same. Times leave loading and a few first notes out. */
export interface Measured {
  readonly loadSeconds: number;
  readonly seconds: number;
  /** Processor time of all threads: what is left to compare where other programs take the processor away. */
  readonly cpuSeconds: number;
  readonly peakBytes: number;
}

/** How the rival tokenizes a note and what it says of the tokens, row-major `[tokens, labels]`. */
export interface RivalLogits {
  readonly ids: readonly number[];
  readonly logits: readonly number[];
}

export interface Agreement {
  readonly notes: number;
  readonly sameTokens: number;
  /** Largest difference of any logit, over the rival's own tokens. */
  readonly largest: number;
}

const WARM_UP_NOTES = 8;

const open = (folder: string, precision: Precision, threads: number): Promise<OpenedModel> =>
  openModel(folder, {
    device: 'cpu',
    precision,
    onNotice: console.error,
    runtime: onnxRuntime(threads > 0 ? { threads } : {}),
  });

async function measure(
  folder: string,
  notes: readonly string[],
  [precision, threads, out]: string[],
): Promise<Measured> {
  const started = performance.now();
  const model = await open(folder, precision as Precision, Number(threads));
  const loaded = performance.now();
  await predictTexts(notes.slice(0, WARM_UP_NOTES), model.predictor);
  const [begin, cpu] = [performance.now(), process.cpuUsage()];
  const entities: Entity[][] = await predictTexts(notes, model.predictor);
  const [seconds, used] = [(performance.now() - begin) / 1000, process.cpuUsage(cpu)];
  const peakBytes = process.resourceUsage().maxRSS * 1024;
  writeFileSync(out!, JSON.stringify(entities));
  return {
    loadSeconds: (loaded - started) / 1000,
    seconds,
    cpuSeconds: (used.user + used.system) / 1e6,
    peakBytes,
  };
}

async function agree(folder: string, notes: readonly string[], [file]: string[]): Promise<Agreement> {
  const { classifier, tokenizer } = (await open(folder, 'fp32', 0)).predictor;
  const rival: RivalLogits[] = JSON.parse(readFileSync(file!, 'utf8'));
  let [sameTokens, largest] = [0, 0];
  for (const [i, { ids, logits }] of rival.entries()) {
    if (sameIds([...tokenizer.encode(notes[i]!).ids], ids)) sameTokens++;
    const [ours] = await classifier.logits([Int32Array.from(ids)]);
    for (const [k, value] of logits.entries()) largest = Math.max(largest, Math.abs(value - ours![k]!));
  }
  return { notes: rival.length, sameTokens, largest };
}

/** The rival cuts a long note off and closes it with its last special token. */
function sameIds(ours: readonly number[], rivals: readonly number[]): boolean {
  const last = rivals.length - 1;
  return ours.at(-1) === rivals[last] && ours.slice(0, last).every((id, i) => id === rivals[i] || i >= last);
}

async function main([command, folder, notesFile, ...rest]: string[]): Promise<void> {
  const notes: string[] = JSON.parse(readFileSync(notesFile!, 'utf8'));
  const answer = await (command === 'measure' ? measure : agree)(folder!, notes, rest);
  console.log(JSON.stringify(answer));
}

void main(process.argv.slice(2));
