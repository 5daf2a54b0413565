import assert from 'node:assert/strict';
import { Unigram } from '@huggingface/tokenizers';
import fc from 'fast-check';
import { UnigramVocabulary } from '../../../src/core/tokenize/models/unigramVocabulary';

/** Scores of no simple ratio: no two segmentations are equally probable. */
const pieces = ['<unk>', 'a', 'b', 'ab', 'ba', 'aba', 'bb', 'abab', 'é', '😀', '😀a', '▁', '▁a', 'bé'].map(
  (piece, id): [string, number] => [piece, -Math.sqrt(3 * id + 2)],
);

function cutsOfLibrary(word: string): number[] {
  const model = new Unigram({ type: 'Unigram', vocab: pieces, unk_id: 0 }, '</s>');
  let end = 0;
  return model.tokenize(word).map((piece) => (end += piece.length));
}

describe('unigram vocabulary', () => {
  const vocabulary = new UnigramVocabulary(pieces, 0);

  it('cuts any word as the lattice of transformers.js does', () => {
    const word = fc.array(fc.constantFrom('a', 'b', 'é', '😀', '▁', 'ç', '🫀'), { maxLength: 24 });
    fc.assert(
      fc.property(word, (characters) => {
        const text = characters.join('');
        assert.deepEqual(vocabulary.bestCuts(text), cutsOfLibrary(text));
      }),
    );
  });

  it('takes no longer a character in a long word', () => {
    const long = 'ab😀▁x'.repeat(20_000);
    const cuts = vocabulary.bestCuts(long);
    assert.deepEqual([cuts[0], cuts.at(-1)], [2, long.length]);
    assert.deepEqual(vocabulary.bestCuts(''), []);
  });
});
