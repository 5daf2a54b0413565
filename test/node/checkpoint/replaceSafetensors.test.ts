import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { storedBytes } from '../../../src/core/encoder/checkpoint';
import { openSafetensors } from '../../../src/node/checkpoint/safetensors';
import type { TensorToWrite } from '../../../src/node/checkpoint/replaceSafetensors';
import { replaceSafetensors } from '../../../src/node/checkpoint/replaceSafetensors';
import { encoderPath } from '../oracleEncoders';
import { temporaryFolder } from '../../temporaryFolder';

describe('writing safetensors', () => {
  const folder = temporaryFolder('safetensors');
  const out = path.join(folder, 'model.safetensors');

  for (const name of ['bert-int8', 'bert-fp16', 'bert-masked-lm']) {
    it(`writes ${name} byte for byte as the reference implementation did`, async () => {
      const original = path.join(encoderPath(name), 'model.safetensors');
      const checkpoint = openSafetensors(original);
      const tensors = [...checkpoint.tensors].reverse().map(([tensor, { type, shape }]): TensorToWrite => ({
        name: tensor,
        type,
        shape,
        elements: () => {
          const bytes = new Uint8Array(shape.reduce((size, length) => size * length, storedBytes[type]));
          checkpoint.readInto(tensor, bytes);
          return bytes;
        },
      }));
      await replaceSafetensors(out, tensors, metadataOf(original));
      checkpoint.close();
      assert.ok(readFileSync(out).equals(readFileSync(original)));
    });
  }

  it('leaves the earlier file, and nothing else, where writing fails', async () => {
    writeFileSync(out, 'earlier');
    const wrong: TensorToWrite = { name: 'x', type: 'F32', shape: [2], elements: () => new Uint8Array(4) };
    await assert.rejects(replaceSafetensors(out, [wrong]), /x: 4 values, where x \[2\] was due/);
    assert.equal(readFileSync(out, 'utf8'), 'earlier');
    assert.ok(!existsSync(`${out}.partial`));
    await assert.rejects(
      replaceSafetensors(path.join(folder, 'none', 'x'), []),
      /cannot be written \(ENOENT\)/,
    );
  });
});

function metadataOf(file: string): Record<string, string> {
  const bytes = readFileSync(file);
  const header = JSON.parse(bytes.subarray(8, 8 + Number(bytes.readBigUInt64LE(0))).toString()) as {
    __metadata__?: Record<string, string>;
  };
  return header.__metadata__ ?? {};
}
