import assert from 'node:assert/strict';
import { gradients } from '../../../src/core/graph/gradients';
import { GraphBuilder } from '../../../src/core/graph/graphBuilder';
import { activate } from '../../../src/core/graph/operators/activation';
import { selfAttention } from '../../../src/core/graph/operators/attention';
import { binaryCrossEntropy } from '../../../src/core/graph/operators/binaryCrossEntropy';
import { dense } from '../../../src/core/graph/operators/dense';
import { drop, hashDropout, noDropout } from '../../../src/core/graph/operators/dropout';
import { add, multiply, subtract } from '../../../src/core/graph/operators/elementwise';
import { matMul } from '../../../src/core/graph/operators/matMul';
import { layerNorm } from '../../../src/core/graph/operators/normalisation';
import { rotate, rotation } from '../../../src/core/graph/operators/rotary';
import {
  concat,
  joinRows,
  reshape,
  split,
  splitRows,
  transpose,
} from '../../../src/core/graph/operators/shape';
import { softAverage } from '../../../src/core/graph/operators/softAverage';
import { padded, ragged } from '../../../src/core/graph/operators/textLayout';
import type { Dimension, Value } from '../../../src/core/graph/value';
import { seededRng } from '../../../src/core/random';
import type { Given, GradientCase } from './gradientCheck';
import { gradientErrors, randomTensor } from './gradientCheck';

type Shape = readonly Dimension[];

const operands: readonly (readonly [Shape, Shape])[] = [
  [
    ['rows', 3],
    ['rows', 3],
  ],
  [['rows', 3], [3]],
  [
    ['rows', 3],
    [1, 3],
  ],
  [
    ['rows', 3],
    ['rows', 1],
  ],
  [
    ['rows', 1],
    [1, 3],
  ],
  [['rows', 3], []],
  [['rows', 3], [1]],
  [
    ['batch', 1, 'length', 2],
    [3, 1, 2],
  ],
  [
    ['batch', 1, 1, 2],
    ['length', 1],
  ],
];

const elementwise = Object.entries({ add, subtract, multiply }).flatMap(([name, operator]) =>
  operands.flatMap(([left, right]) =>
    [
      [left, right],
      [right, left],
    ].map(([x, y]): [string, GradientCase] => [
      `${name} [${x}] [${y}]`,
      { wrt: { x: x!, y: y! }, build: (graph, values) => operator(graph, values['x']!, values['y']!) },
    ]),
  ),
);

const matrices = [[], ['batch', 2]].flatMap((outer) =>
  [
    [false, false],
    [true, false],
    [false, true],
    [true, true],
  ].map(([tx, ty]): [string, GradientCase] => [
    `matMul ${outer.length + 2} axes${tx ? ', x transposed' : ''}${ty ? ', y transposed' : ''}`,
    {
      wrt: { x: [...outer, ...(tx ? [4, 3] : [3, 4])], y: [...outer, ...(ty ? [2, 4] : [4, 2])] },
      build: (graph, { x, y }) => matMul(graph, x!, y!, { x: tx!, y: ty! }),
    },
  ]),
);

const drawn = (shape: Shape, value: (index: number, random: number) => number): Given => ({
  shape,
  tensor: randomTensor(shape, seededRng(5), value),
});
/** 1 with the probability `of`, else 0. */
const chance = (shape: Shape, of: number) => drawn(shape, (_, value) => Number(value / 3 + 0.5 < of));
const positive = (shape: Shape) => drawn(shape, (_, value) => value + 1.6);
const integers = (shape: Shape, dims: readonly number[], values: readonly number[]): Given => ({
  shape,
  tensor: { type: 'int32', dims, data: Int32Array.from(values) },
});
const integers64 = (shape: Shape, values: readonly number[]): Given => ({
  shape,
  tensor: { type: 'int64', dims: [values.length], data: BigInt64Array.from(values, BigInt) },
});
const noise = (count: number) => Array.from({ length: count }, (_, i) => Math.imul(i + 7, 0x9e37_79b1) | 1);
/** Not near zero, where ReLU bends. */
const awayFromZero = (_: number, value: number) => value + Math.sign(value) * 0.1;

const cases: readonly (readonly [string, GradientCase])[] = [
  ...elementwise,
  ...matrices,
  [
    'a value used twice',
    { wrt: { x: ['rows', 3] }, build: (graph, { x }) => multiply(graph, x!, add(graph, x!, x!)) },
  ],
  [
    'reshape',
    { wrt: { x: ['batch', 'length', 4] }, build: (graph, { x }) => reshape(graph, x!, ['tokens', 2, 2]) },
  ],
  [
    'transpose',
    { wrt: { x: ['batch', 'length', 2, 2] }, build: (graph, { x }) => transpose(graph, x!, [0, 2, 3, 1]) },
  ],
  [
    'transpose of three axes in a circle',
    { wrt: { x: [2, 'length', 4] }, build: (graph, { x }) => transpose(graph, x!, [1, 2, 0]) },
  ],
  [
    'split',
    {
      wrt: { x: ['rows', 7] },
      build(graph, { x }) {
        const [a, b, c] = split(graph, x!, [3, 3, 1]) as [Value, Value, Value];
        return multiply(graph, multiply(graph, a, b), c);
      },
    },
  ],
  [
    'concat',
    { wrt: { x: ['rows', 1], y: ['rows', 3] }, build: (graph, { x, y }) => concat(graph, [x!, y!, x!], 1) },
  ],
  ...[true, false].map((biased): [string, GradientCase] => [
    `dense ${biased ? 'with' : 'without'} bias`,
    {
      wrt: { x: ['tokens', 4], w: [3, 4], ...(biased ? { b: [3] } : {}) },
      build: (graph, { x, w, b }) => dense(graph, x!, { kind: 'float32', outputs: 3, weight: w!, bias: b }),
    },
  ]),
  ...[true, false].map((biased): [string, GradientCase] => [
    `layerNorm ${biased ? 'with' : 'without'} bias`,
    {
      wrt: { x: ['tokens', 5], w: [5], ...(biased ? { b: [5] } : {}) },
      build: (graph, { x, w, b }) => layerNorm(graph, x!, { weight: w!, bias: b, epsilon: 1e-5 }),
    },
  ]),
  ...(['gelu', 'geluTanh', 'relu', 'silu'] as const).map((activation): [string, GradientCase] => [
    `activate ${activation}`,
    {
      wrt: { x: ['rows', 9] },
      values: (_, value) => 2 * awayFromZero(0, value),
      build: (graph, { x }) => activate(graph, x!, activation),
    },
  ]),
  ...[true, false].map((masked): [string, GradientCase] => [
    `softAverage ${masked ? 'with' : 'without'} dropout`,
    {
      wrt: { scores: ['batch', 2, 'length', 'length'], values: ['batch', 2, 'length', 4] },
      given: masked ? { mask: chance([2, 'length', 'length'], 0.6) } : {},
      build: (graph, { scores, values, mask }) => softAverage(graph, scores!, values!, () => mask),
    },
  ]),
  [
    'rotate',
    {
      wrt: { x: ['batch', 2, 'length', 6] },
      build: (graph, { x }) => rotate(graph, x!, rotation(graph, 8, 6, 100)),
    },
  ],
  [
    'selfAttention with padding, a window, rotation and dropout',
    {
      wrt: { qkv: ['tokens', 12] },
      given: {
        padding: integers(['batch', 'length'], [2, 3], [1, 1, 1, 1, 1, 0]),
        mask: chance([2, 'length', 'length'], 0.7),
      },
      build(graph, { qkv, padding, mask }) {
        const options = { heads: 2, layout: padded(padding), window: 1, dropout: () => () => mask };
        return selfAttention(graph, qkv!, { ...options, rotation: rotation(graph, 8, 2, 100) });
      },
    },
  ],
  [
    'selfAttention of texts one after another, a window, rotation and dropout',
    {
      wrt: { qkv: ['tokens', 12] },
      given: {
        lengths: integers64([3], [1, 3, 2]),
        ...Object.fromEntries(
          [1, 3, 2].map((length, text) => {
            const { tensor } = chance([2, length, length], 0.7);
            return [`mask${text}`, { shape: [2, `length.${text}`, `length.${text}`], tensor }];
          }),
        ),
      },
      build(graph, { qkv, lengths, ...masks }) {
        const options = {
          heads: 2,
          layout: ragged(3, lengths!),
          window: 1,
          rotation: rotation(graph, 8, 2, 100),
        };
        return selfAttention(graph, qkv!, {
          ...options,
          dropout:
            ({ index }) =>
            () =>
              masks[`mask${index}`],
        });
      },
    },
  ],
  [
    'splitRows and joinRows',
    {
      wrt: { x: ['tokens', 2] },
      given: { lengths: integers64([3], [2, 2, 2]) },
      build(graph, { x, lengths }) {
        const [a, b, c] = splitRows(graph, x!, lengths!, [2, 2, 2]) as [Value, Value, Value];
        return joinRows(graph, [multiply(graph, c, b), a, multiply(graph, b, a)], lengths!, 'tokens');
      },
    },
  ],
  [
    'binaryCrossEntropy',
    {
      wrt: { x: ['tokens', 3] },
      values: (index, value) => (index === 0 ? 30 : index === 1 ? -30 : 2 * value),
      given: {
        targets: chance(['tokens', 3], 0.5),
        weights: drawn(['tokens', 1], (index, value) => (index === 2 ? 0 : value + 2)),
        positive: positive([3]),
      },
      build: (graph, { x, targets, weights, positive }) =>
        binaryCrossEntropy(graph, x!, { targets: targets!, weights: weights!, positiveWeights: positive! }),
    },
  ],
  [
    'dropout by a hash',
    {
      wrt: { x: ['rows', 8] },
      given: { rows: integers(['rows', 1], [4, 1], noise(4)), columns: integers([8], [8], noise(8)) },
      build: (graph, { x, rows, columns }) =>
        drop(graph, x!, hashDropout(0.4, { rows: rows!, columns: columns! })),
    },
  ],
  [
    'no dropout',
    { wrt: { x: ['rows', 2] }, build: (graph, { x }) => drop(graph, multiply(graph, x!, x!), noDropout) },
  ],
];

/** Of the CPU, of anything, of shaders. */
const kinds = [
  ['', { fused: true }],
  [', plain ONNX', { fused: false }],
  [', turned', { fused: false, turned: true }],
] as const;

describe('gradients against central differences', () => {
  for (const [name, test] of cases)
    for (const [kind, options] of kinds)
      it(`${name}${kind}`, async () => {
        for (const [input, error] of Object.entries(await gradientErrors(test, options)))
          assert.ok(error < 1e-3, `${input}: ${error}`);
      });
});

describe('gradients', () => {
  const graphOf = () => {
    const graph = new GraphBuilder({ fused: false, differentiable: true });
    return { graph, x: graph.input('x', 'float32', [2, 2]), other: graph.input('other', 'float32', [2]) };
  };
  const seed = (output: Value) => [{ output, gradient: output }];

  it('refuses what the outputs do not depend on', () => {
    const { graph, x, other } = graphOf();
    assert.throws(
      () => gradients(graph, seed(add(graph, x, x)), [other]),
      /nothing that is differentiated depends on other/,
    );
  });

  it('refuses a split of which a part is not used', () => {
    const { graph, x } = graphOf();
    const [left] = split(graph, x, [1, 1]);
    assert.throws(() => gradients(graph, seed(left!), [x]), /a part of a split is not used/);
  });

  it('computes nothing that is not asked for', () => {
    const { graph, x, other } = graphOf();
    const product = multiply(graph, x, other);
    const before = graph.nodes.length;
    gradients(graph, seed(product), [x]);
    assert.deepEqual(
      graph.nodes.slice(before).map(({ opType }) => opType),
      ['Mul'],
    );
  });
});
