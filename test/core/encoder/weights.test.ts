import assert from 'node:assert/strict';
import type { Checkpoint } from '../../../src/core/encoder/checkpoint';
import { parseEncoderConfig } from '../../../src/core/encoder/config';
import { quantiseRows, transposeInto } from '../../../src/core/encoder/quantise';
import { encoderWeights, savedName } from '../../../src/core/encoder/weightNames';
import { EncoderWeights } from '../../../src/core/encoder/weights';
import { seededRng } from '../../../src/core/random';

const config = parseEncoderConfig(
  JSON.stringify({
    model_type: 'bert',
    vocab_size: 3001,
    hidden_size: 128,
    num_hidden_layers: 1,
    num_attention_heads: 2,
    intermediate_size: 2500,
    max_position_embeddings: 16,
    type_vocab_size: 2,
  }),
  'config.json',
);

/** All weights of that encoder in single precision; what was read in parts is told. */
function checkpointOf(values: (name: string) => Float32Array, onPart?: (bytes: number) => void): Checkpoint {
  const tensors = new Map(
    encoderWeights(config).map(({ name, shape }) => [
      savedName('bert', name),
      { type: 'F32' as const, shape },
    ]),
  );
  const bytes = (name: string): Uint8Array => new Uint8Array(values(name).buffer);
  const readPart = (name: string, from: number, target: Uint8Array): void => {
    onPart?.(target.length);
    target.set(bytes(name).subarray(from, from + target.length));
  };
  return {
    file: 'made up',
    tensors,
    readInto: (name, target) => target.set(bytes(name)),
    ...(onPart ? { readPart } : {}),
    close: () => undefined,
  };
}

describe('weights in eight bits', () => {
  const made = new Map<string, Float32Array>();
  const rng = seededRng(5);
  const values = (stored: string): Float32Array => {
    if (!made.has(stored)) {
      const { shape } = encoderWeights(config).find(({ name }) => savedName('bert', name) === stored)!;
      const length = shape.reduce((product, one) => product * one, 1);
      made.set(
        stored,
        Float32Array.from({ length }, () => rng() - 0.5),
      );
    }
    return made.get(stored)!;
  };
  const largest = encoderWeights(config).filter(({ shape }) => 4 * shape[0]! * (shape[1] ?? 0) > 2 ** 20);

  it('are the same whether a checkpoint is read in parts or not', () => {
    assert.ok(largest.length >= 3, String(largest.length));
    const parts: number[] = [];
    const ways = [checkpointOf(values), checkpointOf(values, (bytes) => parts.push(bytes))];
    for (const checkpoint of ways) {
      const weights = EncoderWeights.open(config, checkpoint);
      for (const { name, shape } of largest) {
        const [rows, columns] = shape as [number, number];
        const expected = quantiseRows(values(savedName('bert', name)), rows);
        const [target, scales] = [new Uint8Array(rows * columns).fill(7), new Float32Array(rows)];
        weights.writeInt8(name, target, scales);
        assert.deepEqual(new Int8Array(target.buffer), expected.values, name);
        assert.deepEqual(scales, expected.scales);
        const wide = rows + 5;
        const [turned, turnedByHand] = [new Uint8Array(columns * wide), new Uint8Array(columns * wide)];
        weights.writeInt8Transposed(name, turned, wide, 3, scales.fill(0));
        transposeInto(turnedByHand, wide, 3, expected.values, rows);
        assert.deepEqual(turned, turnedByHand, name);
        assert.deepEqual(scales, expected.scales);
      }
    }
    assert.ok(parts.length > 2 * largest.length);
    assert.ok(parts.every((bytes) => bytes <= 2 ** 20));
  });
});
