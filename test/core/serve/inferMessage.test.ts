import assert from 'node:assert/strict';
import { inferAnswer, inferRequest, JSON_LENGTH } from '../../../src/core/serve/inferMessage';

const inputs = {
  input_ids: { type: 'int64', dims: [1, 2], data: BigInt64Array.of(5n, -1n) },
  attention_mask: { type: 'int32', dims: [1, 2], data: Int32Array.of(1, 0) },
} as const;
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const answer = (output: object): Uint8Array =>
  bytes(JSON.stringify({ model_name: 'm', outputs: [{ name: 'logits', datatype: 'FP32', ...output }] }));

describe('messages of the open inference protocol', () => {
  it('asks in JSON', () => {
    const { body, headers } = inferRequest(inputs, 'logits', false);
    assert.deepEqual(JSON.parse(new TextDecoder().decode(body)), {
      inputs: [
        { name: 'input_ids', shape: [1, 2], datatype: 'INT64', data: [5, -1] },
        { name: 'attention_mask', shape: [1, 2], datatype: 'INT32', data: [1, 0] },
      ],
      outputs: [{ name: 'logits' }],
    });
    assert.deepEqual(headers, { 'Content-Type': 'application/json' });
  });

  it('asks with the tensors’ bytes behind the JSON, little-endian', () => {
    const { body, headers } = inferRequest(inputs, 'logits', true);
    const length = Number(headers[JSON_LENGTH]);
    const json = JSON.parse(new TextDecoder().decode(body.subarray(0, length))) as object;
    assert.deepEqual(json, {
      inputs: [
        { name: 'input_ids', shape: [1, 2], datatype: 'INT64', parameters: { binary_data_size: 16 } },
        { name: 'attention_mask', shape: [1, 2], datatype: 'INT32', parameters: { binary_data_size: 8 } },
      ],
      outputs: [{ name: 'logits', parameters: { binary_data: true } }],
    });
    assert.deepEqual(
      [...body.subarray(length)],
      [5, 0, 0, 0, 0, 0, 0, 0, ...Array<number>(8).fill(255), 1, 0, 0, 0, 0, 0, 0, 0],
    );
  });

  it('reads numbers of JSON, nested or not, and bytes wherever they begin', () => {
    const flat = inferAnswer(answer({ shape: [1, 2], data: [0.5, -2] }), undefined, 'logits');
    const nested = inferAnswer(answer({ shape: [1, 2], data: [[0.5, -2]] }), undefined, 'logits');
    const other = { name: 'other', datatype: 'INT8', shape: [3], parameters: { binary_data_size: 3 } };
    const logits = {
      name: 'logits',
      datatype: 'FP32',
      shape: [1, 2],
      parameters: { binary_data_size: 8 },
    };
    const json = bytes(JSON.stringify({ outputs: [other, logits] }));
    const body = Uint8Array.from([...json, 1, 2, 3, ...new Uint8Array(Float32Array.of(0.5, -2).buffer)]);
    for (const read of [flat, nested, inferAnswer(body, json.length, 'logits')])
      assert.deepEqual(
        [read.shape, [...read.data]],
        [
          [1, 2],
          [0.5, -2],
        ],
      );
  });

  for (const [what, body, message] of [
    ['what is not JSON', bytes('<html>'), /none of the open inference protocol/],
    ['JSON of something else', bytes('{"predictions":[]}'), /none of the open inference protocol/],
    ['another output', bytes('{"outputs":[]}'), /has no output logits/],
    ['another type', answer({ datatype: 'FP64', shape: [1], data: [1] }), /is FP64, not FP32/],
    ['too few numbers', answer({ shape: [2, 2], data: [1, 2, 3] }), /has 3 numbers, not the 4 of its shape/],
    ['no numbers', answer({ shape: [2], data: [1, null] }), /holds what is no number/],
    ['words', answer({ shape: [1], data: ['1'] }), /holds what is no number/],
    [
      'bytes that are cut',
      answer({ shape: [1], parameters: { binary_data_size: 4 } }),
      /ends within a tensor/,
    ],
  ] as const)
    it(`refuses ${what}`, () => assert.throws(() => inferAnswer(body, undefined, 'logits'), message));
});
