import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parseEncoderConfig } from '../src/core/encoder/config';
import { encoderWeights, headWeights } from '../src/core/encoder/weightNames';
import { seededRng } from '../src/core/random';
import { writeSafetensors } from '../src/node/checkpoint/writeSafetensors';
import type { ShapeName } from './trainShapes';
import { OUTPUTS, shapes } from './trainShapes';

/** Writes an encoder of random weights, as a folder that both sides can read. */
export async function writeRandomEncoder(
  folder: string,
  shape: ShapeName,
  dropout: number,
  layers?: number,
): Promise<void> {
  await mkdir(folder, { recursive: true });
  const id2label = Object.fromEntries(Array.from({ length: OUTPUTS }, (_, id) => [id, `L${id}`]));
  const rates =
    shapes[shape].model_type === 'bert'
      ? { hidden_dropout_prob: dropout, attention_probs_dropout_prob: dropout }
      : { attention_dropout: dropout, mlp_dropout: dropout, embedding_dropout: dropout };
  const depth = layers === undefined ? {} : { num_hidden_layers: layers };
  const text = JSON.stringify({
    ...shapes[shape],
    ...depth,
    ...rates,
    classifier_dropout: dropout,
    id2label,
  });
  await writeFile(path.join(folder, 'config.json'), text);
  const config = parseEncoderConfig(text, 'config.json');
  const prefix = config.modelType === 'bert' ? 'bert.' : 'model.';
  const entries = [
    ...encoderWeights(config).map(({ name, shape: dims }) => ({ name: prefix + name, shape: dims })),
    ...headWeights(config),
  ];
  await writeSafetensors(path.join(folder, 'model.safetensors'), entries, randomTensors(entries));
}

async function* randomTensors(entries: readonly { name: string; shape: readonly number[] }[]) {
  const rng = seededRng(1);
  for (const { name, shape } of entries) {
    const values = new Float32Array(shape.reduce((product, length) => product * length, 1));
    const norm = /norm\.weight$/i.test(name);
    for (let i = 0; i < values.length; i++) values[i] = norm ? 1 : 0.04 * (rng() - 0.5);
    yield await Promise.resolve({ name, values });
  }
}
