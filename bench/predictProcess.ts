// One process of bench/predict.ts: our side. Bundled first, so that peak memory is not the TypeScript loader's.
import { readFileSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { predictTexts } from '../src/core/predict/predictor';
import type { Entity } from '../src/core/text/entity';
import type { Precision } from '../src/core/ports';
import { openModel } from '../src/node/model';
import type { OpenedModel } from '../src/node/model';
import { onnxRuntime } from '../src/node/onnxRuntime';

/** What some notes took; the rival says the same. Loading and a few first notes are left out. */
export interface Times {
  readonly seconds: number;
  /** Processor time of all threads: what is left to compare where other programs take the processor away. */
  readonly cpuSeconds: number;
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

const say = (answer: object): void => console.log(JSON.stringify(answer));

const open = (folder: string, precision: Precision, threads: number): Promise<OpenedModel> =>
  openModel(folder, {
    device: 'cpu',
    precision,
    onNotice: console.error,
    runtime: onnxRuntime(threads > 0 ? { threads } : {}),
  });

/**
 * Answers each line "from to" with what these notes take, and the end of its input with the peak memory; the entities
 * found go to a file.
 */
async function measure(
  folder: string,
  notes: readonly string[],
  [precision, threads, out]: string[],
): Promise<void> {
  const started = performance.now();
  const model = await open(folder, precision as Precision, Number(threads));
  const loadSeconds = (performance.now() - started) / 1000;
  await predictTexts(notes.slice(0, WARM_UP_NOTES), model.predictor);
  say({ loadSeconds });
  const entities: Entity[][] = [];
  for await (const line of createInterface(process.stdin)) {
    const [first, end] = line.split(' ').map(Number);
    const [begin, cpu] = [performance.now(), process.cpuUsage()];
    entities.push(...(await predictTexts(notes.slice(first, end), model.predictor)));
    const [seconds, { user, system }] = [(performance.now() - begin) / 1000, process.cpuUsage(cpu)];
    say({ seconds, cpuSeconds: (user + system) / 1e6 } satisfies Times);
  }
  say({ peakBytes: process.resourceUsage().maxRSS * 1024 });
  writeFileSync(out!, JSON.stringify(entities));
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
  if (command === 'measure') await measure(folder!, notes, rest);
  else say(await agree(folder!, notes, rest));
}

void main(process.argv.slice(2));
