import assert from 'node:assert/strict';
import { chooseEncoderFiles } from '../../../src/core/library/chooseFiles';
import { parameterCount, weightBytes } from '../../../src/core/library/encoderShape';
import { libraryEntries } from '../../../src/core/library/library';
import { findByName, isHubId } from '../../../src/core/library/names';
import { PUBLISHED_ENCODERS } from '../../../src/core/library/published';
import { shownBytes, transferProgress } from '../../../src/core/library/transfer';

const published = (id: string) => PUBLISHED_ENCODERS.find((one) => one.id === id)!;

describe('the encoders of the study', () => {
  it('have as many parameters as their publishers say', () => {
    // In millions, as the model cards of ModernBERT, mmBERT and BERTimbau round them; heads are theirs, not ours.
    const said = {
      'answerdotai/ModernBERT-base': [149, 0.5],
      'answerdotai/ModernBERT-large': [395, 0.5],
      'jhu-clsp/mmBERT-base': [307, 0.5],
      'jhu-clsp/mmBERT-small': [140, 0.5],
      'neuralmind/bert-base-portuguese-cased': [110, 2],
      'neuralmind/bert-large-portuguese-cased': [335, 2],
    } as const;
    for (const [id, [millions, within]] of Object.entries(said)) {
      const found = parameterCount(published(id).shape) / 1e6;
      assert.ok(Math.abs(found - millions) <= within, `${id}: ${found}`);
    }
  });

  it('weigh about what lies on the hub', () => {
    // pytorch_model.bin of the hub’s listing, in megabytes, with a pooler and heads besides the encoder.
    for (const [id, megabytes] of [
      ['pucpr/biobertpt-all', 714],
      ['neuralmind/bert-base-portuguese-cased', 438],
    ] as const) {
      const ratio = weightBytes(published(id).shape) / (megabytes * 1e6);
      assert.ok(ratio > 0.97 && ratio <= 1, `${id}: ${ratio}`);
    }
  });

  it('are nine, with the best of the table where the study has it', () => {
    assert.equal(new Set(PUBLISHED_ENCODERS.map(({ id }) => id)).size, 9);
    const best = [...PUBLISHED_ENCODERS].sort(
      (a, b) => b.study.semClinBr.io.micro - a.study.semClinBr.io.micro,
    )[0]!;
    assert.equal(best.id, 'jhu-clsp/mmBERT-base');
    assert.deepEqual(best.study.breastCancer.bio, { micro: 0.6598, macro: 0.4945 });
  });

  it('stand before what else was added', () => {
    const added = { folder: '/x', family: 'bert', layers: 2, hiddenSize: 8, labels: [], bytes: 7 };
    const entries = libraryEntries([
      { ...added, id: 'clinic/own', commit: undefined, licence: undefined },
      { ...added, id: 'pucpr/biobertpt-bio', commit: 'c', licence: 'mit' },
    ]);
    assert.deepEqual(
      entries.filter((one) => one.added).map(({ id, bytes, licence }) => [id, bytes, licence]),
      [
        ['pucpr/biobertpt-bio', 7, 'mit'],
        ['clinic/own', 7, undefined],
      ],
    );
    assert.equal(entries.length, 10);
  });
});

describe('the files of an encoder', () => {
  const chosen = (...names: string[]): string[] =>
    chooseEncoderFiles(names.map((path) => ({ path }))).map(({ path }) => path);

  it('are one form of the weights and of the tokenizer', () => {
    assert.deepEqual(
      chosen(
        'config.json',
        'pytorch_model.bin',
        'model.safetensors',
        'vocab.txt',
        'tokenizer.json',
        'README.md',
      ),
      ['config.json', 'model.safetensors', 'tokenizer.json'],
    );
    assert.deepEqual(chosen('config.json', 'pytorch_model.bin', 'vocab.txt', 'tf_model.h5'), [
      'config.json',
      'pytorch_model.bin',
      'vocab.txt',
    ]);
    const sharded = [
      'config.json',
      'vocab.txt',
      'model.safetensors.index.json',
      'model-00001-of-00002.safetensors',
      'model-00002-of-00002.safetensors',
    ];
    assert.deepEqual(
      chosen(...sharded, 'pytorch_model.bin', 'onnx/model-00001-of-00001.safetensors'),
      sharded,
    );
  });

  it('are missed by name', () => {
    assert.throws(() => chosen('model.safetensors'), /no config\.json/);
    assert.throws(
      () => chosen('config.json', 'vocab.txt', 'tf_model.h5'),
      /no weights: none of model\.safetensors/,
    );
    assert.throws(() => chosen('config.json', 'model.safetensors'), /neither tokenizer\.json nor vocab\.txt/);
  });
});

describe('names of encoders', () => {
  it('are the whole id or what follows the owner, in any case', () => {
    const encoders = [{ id: 'a/bert' }, { id: 'b/bert' }, { id: 'b/other' }, { id: 'own' }];
    const ids = (name: string): string[] => findByName(encoders, name).map(({ id }) => id);
    assert.deepEqual(ids('B/BERT'), ['b/bert']);
    assert.deepEqual(ids('Bert'), ['a/bert', 'b/bert']);
    assert.deepEqual(ids('own'), ['own']);
    assert.deepEqual(ids('nothing'), []);
  });

  it('of a hub are no paths', () => {
    for (const { id } of PUBLISHED_ENCODERS) assert.ok(isHubId(id), id);
    for (const text of [
      '../x',
      './x/y',
      'a',
      'a/b/c',
      '/etc/x',
      'a/..',
      '.a/b',
      '_local/x',
      'a/b--c',
      'C:\\x/y',
      'a b/c',
      'a/',
      '~/x',
    ])
      assert.ok(!isHubId(text), text);
  });
});

describe('a transfer', () => {
  it('counts its speed from its own bytes', () => {
    const { bytesPerSecond, secondsLeft } = transferProgress(
      'f',
      { done: 600, total: 1000, atStart: 400 },
      2,
    );
    assert.deepEqual([bytesPerSecond, secondsLeft], [100, 4]);
    assert.equal(transferProgress('f', { done: 400, total: 1000, atStart: 400 }, 2).secondsLeft, null);
  });

  it('shows sizes with three figures', () => {
    const shown = [0, 999, 1000, 12_345, 99_960, 1_227_800_000, 7.14e8].map(shownBytes);
    assert.deepEqual(shown, ['0 B', '999 B', '1.00 kB', '12.3 kB', '100 kB', '1.23 GB', '714 MB']);
  });
});
