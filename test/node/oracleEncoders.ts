import { readFileSync } from 'node:fs';
import path from 'node:path';

/** Checkpoints that test/oracles/make_encoders.py wrote. */
export const encodersPath = path.join(import.meta.dirname, '..', 'oracles', 'encoders');

export const encoderPath = (name: string): string => path.join(encodersPath, name);

export interface Oracle {
  readonly ids: Int32Array[];
  /** Of the tokens alone, text after text, [tokens, labels] row-major. */
  readonly logits: number[];
}

/** A batch, and what transformers computes with it. Padding is left out. */
export function readOracle(name: string): Oracle {
  const json = JSON.parse(readFileSync(path.join(encoderPath(name), 'oracle.json'), 'utf8')) as {
    ids: number[][];
    mask: number[][];
    logits: number[][][];
  };
  const lengths = json.mask.map((row) => row.reduce((sum, bit) => sum + bit, 0));
  return {
    ids: json.ids.map((text, i) => Int32Array.from(text.slice(0, lengths[i]))),
    logits: json.logits.flatMap((text, i) => text.slice(0, lengths[i]).flat()),
  };
}
