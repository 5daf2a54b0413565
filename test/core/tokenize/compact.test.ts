import assert from 'node:assert/strict';
import fc from 'fast-check';
import { compactFromBytes, compactOf, compactToBytes } from '../../../src/core/tokenize/compact';
import { loadTokenizer } from '../../../src/core/tokenize/loadTokenizer';
import { specialTokens } from '../../../src/core/tokenize/vocabulary';
import { anyText } from './anyText';
import { oracleFiles } from './oracle';

const bytesOf = (kind: string) => compactToBytes(compactOf(oracleFiles(kind).tokenizerJson)!);

describe('compact tokenizers', () => {
  for (const kind of ['gemma', 'byte-level', 'byte-level-prefix']) {
    it(`${kind} encodes any text as before`, () => {
      const files = oracleFiles(kind);
      const compact = compactFromBytes(bytesOf(kind))!;
      const [before, after] = [
        loadTokenizer(files),
        loadTokenizer({ compact, tokenizerConfig: files.tokenizerConfig }),
      ];
      assert.deepEqual([after.padId, after.modelMaxLength], [before.padId, before.modelMaxLength]);
      fc.assert(fc.property(anyText, (text) => assert.deepEqual(after.encode(text), before.encode(text))));
    });

    it(`${kind} forces a first word's space as before`, () => {
      const compact = compactFromBytes(bytesOf(kind))!;
      const options = { prefixSpace: 'always' } as const;
      const [before, after] = [
        loadTokenizer(oracleFiles(kind), options),
        loadTokenizer({ compact }, options),
      ];
      assert.deepEqual(after.encode('Dor torácica'), before.encode('Dor torácica'));
    });
  }

  it('names the same special tokens', () => {
    const compact = compactFromBytes(bytesOf('gemma'))!;
    assert.deepEqual(specialTokens({ compact }), specialTokens(oracleFiles('gemma')));
  });

  it('is not made of other models, nor of one that looks up whole words', () => {
    for (const kind of ['unigram', 'wordpiece-cased'])
      assert.equal(compactOf(oracleFiles(kind).tokenizerJson), undefined);
    const json = oracleFiles('gemma').tokenizerJson as { model: object };
    assert.equal(compactOf({ ...json, model: { ...json.model, ignore_merges: true } }), undefined);
  });

  it('is not read where it was cut off, nor from another version', () => {
    const bytes = bytesOf('gemma');
    for (const length of [0, 5, 21, 24, 200, bytes.length - 4])
      assert.equal(compactFromBytes(bytes.subarray(0, length)), undefined, `${length} bytes`);
    const other = bytes.slice();
    other['anamnese-tokenizer-'.length] = '9'.charCodeAt(0);
    assert.equal(compactFromBytes(other), undefined);
  });
});
