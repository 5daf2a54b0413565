import assert from 'node:assert/strict';
import type { EncoderConfig, ModernBertConfig } from '../../../src/core/encoder/config';
import { parseEncoderConfig } from '../../../src/core/encoder/config';

const parse = (json: object): EncoderConfig => parseEncoderConfig(JSON.stringify(json), 'config.json');
const modern = (json: object) => parse({ model_type: 'modernbert', ...json }) as ModernBertConfig;
const windows = (config: ModernBertConfig) => config.layerTypes.map(({ window }) => window);
const thetas = (config: ModernBertConfig) => config.layerTypes.map(({ ropeTheta }) => ropeTheta);

describe('encoder config', () => {
  it('knows the family of a file that does not name it by its class or by keys of BERT', () => {
    const family = (json: object) => parse(json).modelType;
    assert.equal(family({ architectures: ['BertForMaskedLM'] }), 'bert');
    assert.equal(family({ architectures: ['BertModel'] }), 'bert');
    assert.equal(family({ architectures: ['ModernBertForMaskedLM'] }), 'modernbert');
    assert.equal(family({ hidden_act: 'gelu', type_vocab_size: 2 }), 'bert');
  });

  it('takes the defaults of transformers for BERT', () => {
    const config = parse({ model_type: 'bert' });
    assert.deepEqual(
      [config.vocabSize, config.hiddenSize, config.layers, config.heads, config.intermediateSize],
      [30_522, 768, 12, 12, 3072],
    );
    assert.deepEqual([config.activation, config.normEpsilon, config.padId], ['gelu', 1e-12, 0]);
    assert.deepEqual([config.labels, config.problemType], [['LABEL_0', 'LABEL_1'], undefined]);
  });

  it('takes the defaults of transformers for ModernBERT', () => {
    const config = modern({});
    assert.deepEqual([config.layers, config.intermediateSize, config.maxPositions], [22, 1152, 8192]);
    assert.deepEqual(windows(config).slice(0, 5), [undefined, 64, 64, undefined, 64]);
    assert.deepEqual(thetas(config).slice(0, 2), [160_000, 10_000]);
  });

  it('reads labels in the order of their ids, whatever the order of the keys', () => {
    const { labels } = parse({
      model_type: 'bert',
      id2label: { '10': 'k', '2': 'c', '0': 'a', ...letters(1, 3, 9) },
    });
    assert.deepEqual(labels.slice(0, 3), ['a', 'b', 'c']);
    assert.equal(labels[10], 'k');
  });

  it('drops out before the classifier as the encoder does where classifier_dropout says nothing', () => {
    const keys = { model_type: 'bert', hidden_dropout_prob: 0.3 };
    assert.equal(parse(keys).classifierDropout, 0.3);
    assert.equal(parse({ ...keys, classifier_dropout: null }).classifierDropout, 0.3);
    assert.equal(parse({ ...keys, classifier_dropout: 0 }).classifierDropout, 0);
  });

  it('reads the rotary bases of transformers 4 and 5', () => {
    const four = modern({ num_hidden_layers: 2, global_rope_theta: 8e4, local_rope_theta: 2e4 });
    assert.deepEqual(thetas(four), [8e4, 2e4]);
    const rope_parameters = {
      full_attention: { rope_type: 'default', rope_theta: 8e4 },
      sliding_attention: { rope_type: 'default', rope_theta: 2e4 },
    };
    assert.deepEqual(thetas(modern({ num_hidden_layers: 2, rope_parameters })), [8e4, 2e4]);
    assert.deepEqual(thetas(modern({ num_hidden_layers: 2, local_rope_theta: null })), [160_000, 160_000]);
  });

  it('reads the layers of transformers 4 and 5', () => {
    const four = modern({ num_hidden_layers: 4, global_attn_every_n_layers: 2, local_attention: 10 });
    assert.deepEqual(windows(four), [undefined, 5, undefined, 5]);
    const layer_types = ['sliding_attention', 'full_attention'];
    assert.deepEqual(windows(modern({ num_hidden_layers: 2, layer_types, sliding_window: 7 })), [
      7,
      undefined,
    ]);
  });

  const refused: [string, string | object, RegExp][] = [
    ['no JSON', '{ model_type', /^EncoderError: config\.json: is not valid JSON/],
    ['a list', '[]', /is not a JSON object/],
    ['no model_type', {}, /model_type is missing/],
    ['no model_type, another class', { architectures: ['BertweetModel'] }, /model_type is missing/],
    ['another family', { model_type: 'deberta-v2' }, /"deberta-v2" is not supported: choose/],
    ['a prototype’s name as a family', { model_type: 'constructor' }, /is not supported/],
    ['text for a number', { model_type: 'bert', hidden_size: '768' }, /hidden_size/],
    ['layers without end', { model_type: 'bert', num_hidden_layers: 1e12 }, /num_hidden_layers/],
    [
      'heads that do not fit',
      { model_type: 'bert', hidden_size: 100 },
      /hidden_size: \d+ does not divide among 12 heads/,
    ],
    ['odd heads with rotation', { model_type: 'modernbert', hidden_size: 36 }, /does not divide/],
    [
      'an unknown activation',
      { model_type: 'bert', hidden_act: 'constructor' },
      /hidden_act: activation "constructor" is not supported/,
    ],
    [
      'relative positions',
      { model_type: 'bert', position_embedding_type: 'relative_key' },
      /only absolute positions/,
    ],
    ['a decoder', { model_type: 'bert', is_decoder: true }, /a decoder is not an encoder/],
    [
      'gaps between labels',
      { model_type: 'bert', id2label: { '0': 'a', '2': 'c' } },
      /id2label: .*without gaps/,
    ],
    ['labels by name', { model_type: 'bert', id2label: { a: 'b' } }, /id2label/],
    ['scaled rotation', { model_type: 'modernbert', rope_scaling: { rope_type: 'yarn' } }, /scaled rotary/],
    [
      'too few layer types',
      { model_type: 'modernbert', layer_types: ['full_attention'] },
      /num_hidden_layers is 22/,
    ],
  ];
  for (const [name, json, message] of refused) {
    it(`refuses ${name}`, () => {
      const text = typeof json === 'string' ? json : JSON.stringify(json);
      assert.throws(() => parseEncoderConfig(text, 'config.json'), message);
    });
  }
});

const letters = (...ranges: number[]) =>
  Object.fromEntries(
    [...ranges.slice(0, 1), ...between(ranges[1]!, ranges[2]!)].map((id) => [id, 'abcdefghijk'[id]!]),
  );

const between = (first: number, last: number) =>
  Array.from({ length: last - first + 1 }, (_, i) => first + i);
