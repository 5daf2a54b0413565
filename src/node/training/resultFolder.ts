import { copyFile, link, readdir, rename } from 'node:fs/promises';
import path from 'node:path';
import { parseEncoderConfig } from '../../core/encoder/config';
import { inferenceGraph } from '../../core/encoder/inferenceGraph';
import { EncoderWeights } from '../../core/encoder/weights';
import { openSafetensors } from '../checkpoint/safetensors';
import { writeOnnxFiles } from '../onnxFiles';
import { replaceFolder, syncFolder, writeDurably } from './durable';
import type { BaseEncoder } from './encoderFiles';
import { copyTokenizer } from './encoderFiles';
import type { RunFolder } from './runFolder';

const WEIGHTS = 'model.safetensors';

/** An encoder folder as Hugging Face publishes it: configuration, weights, tokenizer. */
export async function writeEncoderFolder(
  folder: string,
  base: Pick<BaseEncoder, 'folder'>,
  weights: string,
  configText: string,
): Promise<void> {
  const target = path.join(folder, WEIGHTS);
  // A second name costs nothing; where the disk knows none, a copy.
  await link(weights, target).catch(() => copyFile(weights, target));
  await writeDurably(path.join(folder, 'config.json'), configText);
  await copyTokenizer(base.folder, folder);
}

/**
 * `model.onnx` beside the weights: plain operators, single precision, for any ONNX Runtime; with `model.onnx.data` where
 * the weights are more than one ONNX file may hold.
 */
export async function writeOnnx(folder: string, configText: string): Promise<void> {
  const config = parseEncoderConfig(configText, 'config.json');
  const checkpoint = openSafetensors(path.join(folder, WEIGHTS));
  try {
    const weights = EncoderWeights.open(config, checkpoint);
    await writeOnnxFiles(folder, inferenceGraph(config, weights, { precision: 'fp32', fused: false }));
  } finally {
    checkpoint.close();
  }
}

/** Moves the files of a finished folder to their place, one by one; doing it again does no harm. */
async function moveFiles(from: string, to: string): Promise<void> {
  for (const name of await readdir(from)) await rename(path.join(from, name), path.join(to, name));
  await syncFolder(to);
}

/** The finished folder, before its files are moved to their place; `clearFinished` knows it. */
const STAGE = 'result';

/**
 * Ends a run: its result is made beside the checkpoints, moved to its place, and the checkpoints go. What `make` returns
 * is kept in `run.json`. Interrupted at any moment, it is done again from the checkpoints.
 */
export async function placeResult(
  run: RunFolder,
  make: (folder: string) => Promise<Readonly<Record<string, unknown>>>,
): Promise<void> {
  let made: Readonly<Record<string, unknown>> = {};
  await replaceFolder(run.folder, STAGE, async (folder) => {
    made = await make(folder);
  });
  await moveFiles(path.join(run.folder, STAGE), run.out);
  await run.finish(made);
}
