import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { openModel } from '../../src/node/model';
import { encoderPath } from './oracleEncoders';

describe('openModel', () => {
  let folder: string;
  let before: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'anamnese-model-'));
    cpSync(encoderPath('bert'), path.join(folder, 'model'), { recursive: true });
    before = process.cwd();
    process.chdir(folder);
  });
  afterEach(() => {
    process.chdir(before);
    rmSync(folder, { recursive: true, force: true });
  });
  const messageOf = (given: string): Promise<string> =>
    openModel(given, { device: 'cpu', precision: 'fp32', onNotice: assert.fail }).then(
      () => assert.fail('it opened'),
      ({ message }: Error) => message,
    );

  for (const given of ['model', 'model/', './model']) {
    it(`names the folder of what is wrong, once, where ${given} is given`, async () => {
      truncateSync('model/model.safetensors', 200);
      const weights = await messageOf(given);
      assert.ok(weights.startsWith(`${given}: model.safetensors: `), weights);
      cpSync(encoderPath('bert'), 'model', { recursive: true });
      writeFileSync('model/tokenizer.json', '{');
      const tokenizer = await messageOf(given);
      assert.ok(tokenizer.startsWith(path.normalize('model/tokenizer.json: ')), tokenizer);
    });
  }
});
