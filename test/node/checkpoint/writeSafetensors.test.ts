import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { openSafetensors } from '../../../src/node/checkpoint/safetensors';
import { writeSafetensors } from '../../../src/node/checkpoint/writeSafetensors';

async function* values(tensors: readonly { name: string; values: Float32Array }[]) {
  yield* tensors;
}

describe('writeSafetensors', () => {
  let folder: string;
  before(() => (folder = mkdtempSync(path.join(os.tmpdir(), 'anamnese-safetensors-'))));
  after(() => rmSync(folder, { recursive: true, force: true }));
  const file = (): string => path.join(folder, 'model.safetensors');

  it('writes what is read again, data aligned to eight bytes', async () => {
    const tensor = fc.record({
      name: fc.stringMatching(/^[a-zé."]{1,20}$/),
      shape: fc.array(fc.nat(4), { maxLength: 3 }),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(tensor, { selector: ({ name }) => name, maxLength: 6 }),
        async (entries) => {
          const written = entries.map(({ name, shape }, i) => {
            const size = shape.reduce((a, b) => a * b, 1);
            // A view into something larger, as an engine gives them.
            const all = Float32Array.from({ length: size + 2 }, (_, k) => i + k / 7);
            return { name, values: all.subarray(1, size + 1) };
          });
          await writeSafetensors(file(), entries, values(written), { format: 'pt' });
          const headerLength = Number(readFileSync(file()).readBigUInt64LE());
          assert.equal(headerLength % 8, 0);
          const read = openSafetensors(file());
          assert.deepEqual([...read.tensors.keys()].sort(), entries.map(({ name }) => name).sort());
          for (const { name, values: expected } of written) {
            const bytes = new Uint8Array(expected.byteLength);
            read.readInto(name, bytes);
            assert.deepEqual(new Float32Array(bytes.buffer), expected.slice());
          }
          read.close();
        },
      ),
    );
  });

  it('refuses tensors that are missing, another, or of another size', async () => {
    const entries = [
      { name: 'a', shape: [2] },
      { name: 'b', shape: [1] },
    ];
    const a = { name: 'a', values: new Float32Array(2) };
    await assert.rejects(writeSafetensors(file(), entries, values([a])), /b: missing/);
    await assert.rejects(
      writeSafetensors(file(), entries, values([a, a])),
      /a: 2 values, where b \[1\] was due/,
    );
    const short = { name: 'a', values: new Float32Array(1) };
    await assert.rejects(
      writeSafetensors(file(), entries, values([short])),
      /a: 1 values, where a \[2\] was due/,
    );
  });
});
