import assert from 'node:assert/strict';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { EncoderError } from '../../src/core/encoder/encoderError';
import { openEncoderFolder } from '../../src/node/encoderFolder';
import { encoderPath } from './oracleEncoders';

describe('encoder folder', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'encoder-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const copy = (name: string) => cpSync(encoderPath(name), folder, { recursive: true });
  const file = (name: string) => path.join(folder, name);
  const refused = (message: RegExp) =>
    assert.rejects(
      openEncoderFolder(folder),
      (error) => error instanceof EncoderError && message.test(error.message),
    );

  /** Rewrites config.json with some keys changed. */
  const configure = (keys: object) => {
    const config = JSON.parse(readFileSync(file('config.json'), 'utf8')) as object;
    writeFileSync(file('config.json'), JSON.stringify({ ...config, ...keys }));
  };

  /** Rewrites the header of model.safetensors and keeps the tensors' bytes. */
  const rewriteHeader = (change: (header: string) => string) => {
    const bytes = readFileSync(file('model.safetensors'));
    const length = Number(bytes.readBigUInt64LE());
    const header = Buffer.from(change(bytes.subarray(8, 8 + length).toString()));
    const prefix = Buffer.alloc(8);
    prefix.writeBigUInt64LE(BigInt(header.length));
    writeFileSync(file('model.safetensors'), Buffer.concat([prefix, header, bytes.subarray(8 + length)]));
  };

  it('says that config.json is missing', () => refused(/config\.json: is missing/));

  it('says that the weights are missing', async () => {
    copy('bert');
    rmSync(file('model.safetensors'));
    await refused(/has no weights: none of model\.safetensors/);
  });

  it('names a config.json that is no JSON', async () => {
    copy('bert');
    truncateSync(file('config.json'), 50);
    await refused(/^config\.json: is not valid JSON/);
  });

  it('names an unknown family', async () => {
    copy('bert');
    configure({ model_type: 'xlm-roberta' });
    await refused(/^config\.json: model_type "xlm-roberta" is not supported/);
  });

  it('names the weight whose shape contradicts config.json', async () => {
    copy('bert');
    configure({ vocab_size: 121 });
    await refused(
      /model\.safetensors: .*word_embeddings.* \[120, 32\], but config\.json asks for \[121, 32\]/,
    );
  });

  it('names a weight that is missing', async () => {
    copy('bert');
    configure({ num_hidden_layers: 3 });
    await refused(/^model\.safetensors: the weight encoder\.layer\.2\..* is missing/);
  });

  for (const [name, weights] of [
    ['bert', 'model.safetensors'],
    ['bert-zip', 'pytorch_model.bin'],
    ['bert-legacy', 'pytorch_model.bin'],
    ['bert-sharded', 'model-00003-of-00005.safetensors'],
  ] as const) {
    it(`finds ${name} truncated at any place`, async () => {
      copy(name);
      const whole = readFileSync(file(weights));
      for (const length of [0, 1, 7, 8, 100, 5000, whole.length - 100, whole.length - 1]) {
        writeFileSync(file(weights), whole.subarray(0, Math.min(length, whole.length - 1)));
        await refused(new RegExp(`^${weights}: `));
      }
    });
  }

  it('knows a pointer of Git LFS', async () => {
    copy('bert');
    writeFileSync(
      file('model.safetensors'),
      'version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n',
    );
    await refused(/^model\.safetensors: is only a pointer of Git LFS: run "git lfs pull"/);
  });

  it('refuses a header of nonsensical length', async () => {
    copy('bert');
    const bytes = readFileSync(file('model.safetensors'));
    bytes.writeBigUInt64LE(2n ** 60n);
    writeFileSync(file('model.safetensors'), bytes);
    await refused(/^model\.safetensors: is not a safetensors file/);
  });

  it('refuses tensors whose size is not their shape', async () => {
    copy('bert');
    rewriteHeader((header) => header.replace('"shape":[120,32]', '"shape":[120,3200]'));
    await refused(/^model\.safetensors: has a damaged header: the size of bert\.embeddings\.word_embeddings/);
  });

  it('refuses an index that leads out of the folder, or to a file that is missing', async () => {
    copy('bert-sharded');
    const index = readFileSync(file('model.safetensors.index.json'), 'utf8');
    writeFileSync(file('model.safetensors.index.json'), index.replace('model-00001', '../model-00001'));
    await refused(/names a file outside its folder/);
    writeFileSync(file('model.safetensors.index.json'), index);
    rmSync(file('model-00004-of-00005.safetensors'));
    await refused(/^model-00004-of-00005\.safetensors: cannot be opened/);
  });

  it('refuses a checkpoint of a big-endian machine', async () => {
    copy('bert-zip');
    const bytes = readFileSync(file('pytorch_model.bin'));
    bytes.write('bigger', bytes.indexOf('little'));
    writeFileSync(file('pytorch_model.bin'), bytes);
    await refused(/^pytorch_model\.bin: was written on a big-endian machine/);
  });

  it('refuses an archive of something else, and what is neither archive nor pickle', async () => {
    copy('bert-zip');
    const bytes = readFileSync(file('pytorch_model.bin'));
    writeFileSync(
      file('pytorch_model.bin'),
      bytes.toString('latin1').replaceAll('data.pkl', 'data.pkx'),
      'latin1',
    );
    await refused(/^pytorch_model\.bin: is an archive without data\.pkl/);
    writeFileSync(file('pytorch_model.bin'), '<!doctype html>');
    await refused(/^pytorch_model\.bin: is not a PyTorch checkpoint/);
    writeFileSync(file('pytorch_model.bin'), '');
    await refused(/^pytorch_model\.bin: /);
  });

  for (const name of ['malicious-zip', 'malicious-legacy']) {
    it(`refuses ${name} without running it`, async () => {
      copy(name);
      await refused(/^pytorch_model\.bin: wants to import (posix|nt)\.system/);
      assert.ok(!existsSync('anamnese-was-here'));
    });
  }

  for (const name of ['bert-masked-lm', 'modernbert-masked-lm']) {
    it(`opens ${name}, which cannot mark entities`, async () => {
      copy(name);
      const { weights, close } = await openEncoderFolder(folder);
      assert.equal(weights.hasHead, false);
      assert.throws(() => weights.requireHead(), /has no token classification head.*fine-tune it/);
      close();
    });
  }

  it('does not take a sequence classifier for a token classifier', async () => {
    copy('bert');
    configure({ architectures: ['BertForSequenceClassification'] });
    const { weights, close } = await openEncoderFolder(folder);
    assert.equal(weights.hasHead, false);
    close();
  });
});
