import assert from 'node:assert/strict';
import type { Decoding } from '../../../src/core/predict/decode';
import { decodeEntities, entityLabels, joinSeams } from '../../../src/core/predict/decode';
import { softmax } from '../../../src/core/predict/calibration';
import { predictionSettings } from '../../../src/core/predict/settings';
import { markText } from '../../../src/core/export/markedText';

const io = (overrides: Partial<Decoding> = {}): Decoding => ({
  scheme: 'IO',
  outputs: ['DIS', 'ANA'],
  thresholds: { DIS: 0.5, ANA: 0.5 },
  aggregation: 'token',
  ...overrides,
});

/** Tokens as `|`-separated pieces of a text with a row of probabilities each; blanks between pieces belong to none. */
function scored(
  pieces: string,
  rows: number[][],
): { text: string; tokens: Parameters<typeof decodeEntities>[1] } {
  const text = pieces.replaceAll('|', '');
  const spans: [number, number][] = [];
  let at = 0;
  for (const piece of pieces.split('|')) {
    const blank = piece.length - piece.trimStart().length;
    spans.push([at + blank, at + piece.trimEnd().length]);
    at += piece.length;
  }
  const tokens = {
    starts: Int32Array.from(spans, ([start]) => start),
    ends: Int32Array.from(spans, ([, end]) => end),
    probabilities: Float32Array.from(rows.flat()),
  };
  return { text, tokens };
}

function drawn(pieces: string, rows: number[][], decoding = io()): string {
  const { text, tokens } = scored(pieces, rows);
  const entities = decodeEntities(text, tokens, decoding);
  return markText(text, entities, { open: () => '[', close: (label) => `]${label}` });
}

describe('decodeEntities', () => {
  it('joins neighbouring tokens over white space, not over what is between them', () => {
    assert.equal(
      drawn('dor| forte|,| edema', [
        [0.9, 0],
        [0.8, 0],
        [0.1, 0],
        [0.7, 0],
      ]),
      '[dor forte]DIS, [edema]DIS',
    );
  });

  it('lets labels nest', () => {
    assert.equal(
      drawn('edema| em| MMII', [
        [0.9, 0],
        [0.9, 0],
        [0.9, 0.8],
      ]),
      '[edema em [MMII]ANA]DIS',
    );
  });

  it('counts a probability at the threshold in', () => {
    assert.equal(drawn('dor', [[0.5, 0.49]]), '[dor]DIS');
  });

  it('shares probabilities within a word, so that no entity ends inside one', () => {
    const rows = [
      [0.9, 0],
      [0.2, 0],
      [0.1, 0],
    ];
    assert.equal(drawn('hiper|tensão| leve', rows), '[hiper]DIStensão leve');
    assert.equal(drawn('hiper|tensão| leve', rows, io({ aggregation: 'word' })), '[hipertensão]DIS leve');
  });

  it('opens a new entity at B under BIO', () => {
    const bio = io({ scheme: 'BIO', outputs: ['B-DIS', 'I-DIS'], thresholds: { DIS: 0.5 } });
    const rows = [
      [0.9, 0],
      [0.1, 0.9],
      [0.9, 0.2],
    ];
    assert.equal(drawn('dor| forte| febre', rows, bio), '[dor forte]DIS [febre]DIS');
    assert.deepEqual(entityLabels(bio.outputs, 'BIO'), ['DIS']);
  });

  it('gives the mean probability as score', () => {
    const { text, tokens } = scored('dor| forte', [
      [0.9, 0],
      [0.7, 0],
    ]);
    assert.ok(Math.abs(decodeEntities(text, tokens, io())[0]!.score - 0.8) < 1e-6);
  });
});

describe('joinSeams', () => {
  const entity = (start: number, end: number, score: number) => ({ start, end, label: 'DIS', score });

  it('joins what only white space separates, weighting scores by length', () => {
    const [joined] = joinSeams('dor forte', [entity(0, 3, 1), entity(4, 9, 0.2)], 'IO');
    assert.deepEqual({ ...joined, score: Number(joined!.score.toFixed(6)) }, entity(0, 9, 0.5));
  });

  it('is idempotent and leaves other neighbours apart', () => {
    const text = 'dor, forte febre';
    const once = joinSeams(text, [entity(0, 3, 1), entity(5, 10, 1), entity(11, 16, 1)], 'IO');
    assert.deepEqual(
      once.map(({ start, end }) => [start, end]),
      [
        [0, 3],
        [5, 16],
      ],
    );
    assert.deepEqual(joinSeams(text, once, 'IO'), once);
  });
});

describe('a model with one label a token', () => {
  const outputs = ['O', 'B-DIS', 'I-DIS'];
  const settings = predictionSettings(undefined, outputs, 512, undefined);

  it('is read by softmax, under BIO, and `O` is no entity', () => {
    assert.equal(settings.activation, 'softmax');
    assert.equal(settings.decoding.scheme, 'BIO');
    assert.deepEqual(Object.keys(settings.decoding.thresholds), ['DIS']);
    const rows = [...softmax(Float32Array.from([1000, 1000, -1000, 0, 0, 0]), 3)];
    assert.deepEqual(
      rows.map((value) => Number(value.toFixed(6))),
      [0.5, 0.5, 0, 0.333333, 0.333333, 0.333333],
    );
    assert.equal(
      drawn(
        'dor| e| dor',
        [
          [0, 1, 0],
          [1, 0, 0],
          [0, 1, 0],
        ].flatMap((row) => [row]),
        settings.decoding,
      ),
      '[dor]DIS e [dor]DIS',
    );
  });

  it('is multilabel where config.json says so', () => {
    assert.equal(
      predictionSettings(undefined, ['DIS', 'ANA'], 512, 'multi_label_classification').activation,
      'sigmoid',
    );
  });

  it('of another prefixed scheme is refused', () => {
    assert.throws(() => predictionSettings(undefined, ['O', 'B-DIS', 'E-DIS'], 512), /E-DIS/);
  });
});
