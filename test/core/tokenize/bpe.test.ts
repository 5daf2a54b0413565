import assert from 'node:assert/strict';
import { BPE } from '@huggingface/tokenizers';
import fc from 'fast-check';
import { TokenizerFileError } from '../../../src/core/tokenize/fileError';
import { bpe } from '../../../src/core/tokenize/models/bpe';
import { bpeTables, type BpeConfig } from '../../../src/core/tokenize/models/bpeTables';
import { LeastFirst } from '../../../src/core/tokenize/models/leastFirst';
import { MergeTable } from '../../../src/core/tokenize/models/mergeTable';

const configOf = (vocab: Record<string, number>, merges: [string, string][]): BpeConfig => ({
  type: 'BPE',
  vocab,
  merges,
  unk_token: undefined,
  fuse_unk: false,
  byte_fallback: false,
  ignore_merges: false,
});

/** Merges that build on one another, in any order of rank, over a few characters of one unit and of two. */
const configs = fc.array(fc.tuple(fc.nat(), fc.nat()), { maxLength: 14 }).chain((picks) => {
  const tokens = ['a', 'b', 'é', '😀', '▁'];
  const merges: [string, string][] = [];
  for (const [left, right] of picks) {
    const merge: [string, string] = [tokens[left % tokens.length]!, tokens[right % tokens.length]!];
    merges.push(merge);
    if (!tokens.includes(merge.join(''))) tokens.push(merge.join(''));
  }
  const vocab = Object.fromEntries(tokens.map((token, id) => [token, id]));
  return fc
    .shuffledSubarray(merges, { minLength: merges.length })
    .map((shuffled) => configOf(vocab, shuffled));
});

const words = fc
  .array(fc.constantFrom('a', 'b', 'é', '😀', '▁'), { maxLength: 40 })
  .map((letters) => letters.join(''));

describe('byte-pair encoding', () => {
  it('joins as the queue of transformers.js does, whatever the merges', () => {
    fc.assert(
      fc.property(configs, words, (config, word) => {
        const library = new BPE({ ...config, merges: config.merges, unk_token: '' } as never);
        const pieces = bpe(bpeTables(config))(word);
        const surfaces = pieces.starts.map((start, i) => word.slice(start, pieces.ends[i]));
        assert.deepEqual(surfaces, library.bpe(word));
        assert.deepEqual(
          pieces.ids,
          surfaces.map((surface) => config.vocab[surface]),
        );
      }),
      { numRuns: 1000 },
    );
  });

  it('takes no longer a character in a long word', () => {
    const vocab = { a: 0, b: 1, ab: 2, abab: 3 };
    const encode = bpe(
      bpeTables(
        configOf(vocab, [
          ['a', 'b'],
          ['ab', 'ab'],
        ]),
      ),
    );
    const { ids, ends } = encode('ab'.repeat(200_000));
    assert.deepEqual([ids.length, ids[0], ends.at(-1)], [100_000, 3, 400_000]);
  });

  it('knows words that are named like parts of an object', () => {
    const tables = bpeTables(configOf({ t: 0, o: 1, to: 2 }, [['t', 'o']]));
    assert.deepEqual(bpe(tables)('to').ids, [2]);
    const missing = { ...configOf({ t: 0 }, []), unk_token: 'constructor' };
    assert.throws(() => bpeTables(missing), /the unknown token constructor is missing/);
  });

  it('names a merge that the vocabulary lacks', () => {
    assert.throws(
      () => bpeTables(configOf({ a: 0, b: 1 }, [['a', 'b']])),
      (error) =>
        error instanceof TokenizerFileError &&
        error.message === 'tokenizer.json: model.merges.0: "ab" is not in model.vocab',
    );
  });

  it('finds every pair of a large table and no other', () => {
    const pairs = fc.uniqueArray(fc.tuple(fc.nat(300), fc.nat(300)), {
      maxLength: 400,
      selector: ([left, right]) => left * 1000 + right,
    });
    fc.assert(
      fc.property(pairs, (all) => {
        const table = new MergeTable({
          lefts: Int32Array.from(all, ([left]) => left),
          rights: Int32Array.from(all, ([, right]) => right),
          results: Int32Array.from(all, (_, rank) => 7 * rank),
        });
        all.forEach(([left, right], rank) => {
          assert.equal(table.rank(left, right), rank);
          assert.equal(table.result(rank), 7 * rank);
          assert.equal(table.rank(left, right + 1000), -1);
        });
      }),
    );
  });

  it('takes the least number first', () => {
    fc.assert(
      fc.property(fc.array(fc.integer()), (numbers) => {
        const heap = new LeastFirst();
        numbers.forEach((number) => heap.push(number));
        const taken = numbers.map(() => heap.pop());
        assert.deepEqual(
          taken,
          [...numbers].sort((a, b) => a - b),
        );
        assert.equal(heap.pop(), undefined);
      }),
    );
  });
});
