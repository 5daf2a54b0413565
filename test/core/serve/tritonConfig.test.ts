import assert from 'node:assert/strict';
import { textFormat } from '../../../src/core/serve/textFormat';
import { MODEL_NAME, tritonConfig } from '../../../src/core/serve/tritonConfig';

describe('config.pbtxt', () => {
  it('says what Triton has to know, as its own examples say it', () => {
    const config = tritonConfig({
      name: 'clinical',
      labels: ['Distúrbio', 'Fármaco'],
      maxBatch: 16,
      instances: 'gpu',
      instanceCount: 2,
      fingerprint: 'ab12',
    });
    assert.equal(
      config,
      [
        'name: "clinical"',
        'backend: "onnxruntime"',
        'default_model_filename: "model.onnx"',
        'max_batch_size: 16',
        ...['input_ids', 'attention_mask'].flatMap((name) => [
          'input {',
          `  name: "${name}"`,
          '  data_type: TYPE_INT64',
          '  dims: -1',
          '}',
        ]),
        'output {',
        '  name: "logits"',
        '  data_type: TYPE_FP32',
        '  dims: -1',
        '  dims: 2',
        '}',
        'instance_group {',
        '  count: 2',
        '  kind: KIND_GPU',
        '}',
        'dynamic_batching {}',
        'parameters {',
        '  key: "anamnese_sha256"',
        '  value {',
        '    string_value: "ab12"',
        '  }',
        '}',
        'parameters {',
        '  key: "anamnese_labels"',
        '  value {',
        '    string_value: "[\\"Dist\\303\\272rbio\\",\\"F\\303\\241rmaco\\"]"',
        '  }',
        '}',
        '',
      ].join('\n'),
    );
  });

  it('escapes what protobuf’s text format does not take as it is', () => {
    assert.equal(textFormat({ s: 'a"b\\c\nd\te\r\u0001\u007f' }), 's: "a\\"b\\\\c\\nd\\te\\r\\001\\177"\n');
    // An octal escape has three digits at most: a digit behind it is one of the text.
    assert.equal(textFormat({ s: '\u00017' }), 's: "\\0017"\n');
    assert.equal(textFormat({ s: '😀' }), 's: "\\360\\237\\230\\200"\n');
    assert.equal(
      textFormat({ flag: true, none: [], inner: [{ a: 1 }, {}] }),
      'flag: true\ninner {\n  a: 1\n}\ninner {}\n',
    );
  });

  it('takes names that a folder, a URL and a command line share', () => {
    for (const name of ['clinical', 'mmBERT-base.v2', '7']) assert.match(name, MODEL_NAME);
    for (const name of ['', '.hidden', '..', 'a/b', 'a b', 'clínico', '-a'])
      assert.doesNotMatch(name, MODEL_NAME);
  });
});
