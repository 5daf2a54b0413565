import type { Dropouts } from '../../encoder/encoderParts';
import type { GraphBuilder } from '../../graph/graphBuilder';
import type { Dropout } from '../../graph/operators/dropout';
import { hashDropout, noDropout } from '../../graph/operators/dropout';
import { multiply } from '../../graph/operators/elementwise';
import { first } from '../../graph/operators/shape';
import type { TextBlock } from '../../graph/operators/textLayout';
import type { Value } from '../../graph/value';
import type { Rng, Tensors, TensorValue } from '../../ports';

/** Names of the inputs that a graph with dropout is fed random numbers by. */
const noise = {
  /** [tokens, 1] */
  tokens: 'noise.tokens',
  /** [heads, longest, 1]: all texts of a block have the same mask of attention's weights. */
  queries: 'noise.queries',
  /** [longest] */
  keys: 'noise.keys',
  /** [width], one input a width */
  features: 'noise.features.',
  /** A scalar that tells layers apart which share a graph. */
  layer: 'noise.layer',
} as const;

/** Where each layer's salt comes from: a graph of one layer is fed it. */
export type LayerSalt = 'constant' | 'input';

/** Dropout masks of a graph, from random numbers that it takes as inputs: a few a token and feature, not one each. */
export function dropoutInputs(graph: GraphBuilder, layerSalt: LayerSalt): Dropouts {
  const input = (name: string, shape: readonly (string | number)[]) =>
    graph.once(name, () => graph.input(name, 'int32', shape));
  const salted = (rows: Value, stage: number | 'begin' | 'end', place: number): Value => {
    const own = multiply(graph, rows, graph.constant('int32', [oddNumber(place)], []));
    const salt =
      layerSalt === 'input' && typeof stage === 'number'
        ? input(noise.layer, [])
        : graph.constant('int32', [stageSalt(stage)], []);
    return multiply(graph, own, salt);
  };
  const unlessNone = (rate: number, make: () => Dropout) => (rate === 0 ? noDropout : make());
  return (stage) => ({
    rows: (rate, width, place) =>
      unlessNone(rate, () => {
        const rows = salted(input(noise.tokens, ['tokens', 1]), stage, place);
        return hashDropout(rate, { rows, columns: input(`${noise.features}${width}`, [width]) });
      }),
    attention:
      (rate, heads) =>
      ({ index, length }: TextBlock) =>
        unlessNone(rate, () => {
          const queries = first(graph, input(noise.queries, [heads, 'longest', 1]), 1, length);
          const columns = first(graph, input(noise.keys, ['longest']), 0, length);
          return hashDropout(rate, { rows: salted(queries, stage, attentionPlace + index), columns });
        }),
  });
}

/** The first of those that blocks of texts have, behind the places of rows. */
const attentionPlace = 7;

/** The salt of a layer, or of what precedes or follows them. */
export function stageSalt(stage: number | 'begin' | 'end'): number {
  return oddNumber(stage === 'begin' ? 1001 : stage === 'end' ? 1002 : 2000 + stage);
}

/** A well-mixed odd int32 for a small number (the finaliser of MurmurHash3). */
function oddNumber(seed: number): number {
  let h = Math.imul(seed + 1, 0x9e37_79b1);
  h = Math.imul(h ^ (h >>> 16), 0x85eb_ca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2_ae35);
  return (h ^ (h >>> 16)) | 1;
}

export interface NoiseSizes {
  readonly tokens: number;
  /** Tokens of the longest text. */
  readonly longest: number;
  readonly heads: number;
}

/** Random numbers for those of `inputs` that dropout reads; the layer's salt is for the caller to add. */
export function drawNoise(
  inputs: readonly string[],
  { tokens, longest, heads }: NoiseSizes,
  rng: Rng,
): Tensors {
  const shapeOf = (name: string): number[] | undefined => {
    if (name === noise.tokens) return [tokens, 1];
    if (name === noise.queries) return [heads, longest, 1];
    if (name === noise.keys) return [longest];
    return name.startsWith(noise.features) ? [Number(name.slice(noise.features.length))] : undefined;
  };
  const drawn = [...inputs].sort().flatMap((name): [string, TensorValue][] => {
    const dims = shapeOf(name);
    return dims ? [[name, { type: 'int32', dims, data: oddNumbers(dims, rng) }]] : [];
  });
  return Object.fromEntries(drawn);
}

/** The input that tells a layer from others of its graph, where the graph has dropout. */
export function layerNoise(inputs: readonly string[], layer: number): Tensors {
  if (!inputs.includes(noise.layer)) return {};
  return { [noise.layer]: { type: 'int32', dims: [], data: Int32Array.of(stageSalt(layer)) } };
}

function oddNumbers(dims: readonly number[], rng: Rng): Int32Array {
  const numbers = new Int32Array(dims.reduce((product, length) => product * length, 1));
  for (let i = 0; i < numbers.length; i++) numbers[i] = Math.floor(rng() * 2 ** 32) | 1;
  return numbers;
}
