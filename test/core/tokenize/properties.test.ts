import assert from 'node:assert/strict';
import fc from 'fast-check';
import { loadTokenizer } from '../../../src/core/tokenize/loadTokenizer';
import { anyText } from './anyText';
import { oracleFiles, ownTokens } from './oracle';

const kinds = [
  'wordpiece-cased',
  'wordpiece-uncased',
  'byte-level',
  'byte-level-prefix',
  'gemma',
  'unigram',
  'unigram-e5',
];

/** Characters that a normalizer may delete or turn into a space. */
const droppable = /[\p{White_Space}\p{Cc}\p{Cf}\p{Co}\p{M}\p{Surrogate}\ufffd\u2581]/u;

for (const kind of kinds) {
  describe(`any text, ${kind}`, () => {
    const tokenizer = loadTokenizer(oracleFiles(kind));
    const holds = (check: (text: string, tokens: [number, number, number][]) => void) =>
      fc.assert(
        fc.property(anyText, (text) => check(text, ownTokens(tokenizer.encode(text)))),
        { numRuns: 400 },
      );

    it('has ranges in reading order, inside the text', () => {
      holds((text, tokens) => {
        tokens.forEach(([, start, end], i) => {
          const [, lastStart, lastEnd] = tokens[i - 1] ?? [0, 0, 0];
          assert.ok(lastStart <= start && lastEnd <= end && start <= end && end <= text.length);
        });
      });
    });

    it('has no range that ends inside a surrogate pair', () => {
      holds((text, tokens) => {
        for (const offset of tokens.flatMap(([, start, end]) => [start, end])) {
          assert.ok(offset === 0 || (text.codePointAt(offset - 1) ?? 0) <= 0xffff);
        }
      });
    });

    it('covers each character that is not dropped', () => {
      holds((text, tokens) => {
        let at = 0;
        for (const character of text) {
          const covered = tokens.some(([, start, end]) => start <= at && at + character.length <= end);
          assert.ok(covered || droppable.test(character), JSON.stringify(character));
          at += character.length;
        }
      });
    });

    it('has no range that begins or ends with a blank', () => {
      holds((text, tokens) => {
        for (const [, start, end] of tokens)
          assert.equal(text.slice(start, end).trim(), text.slice(start, end));
      });
    });

    it('gives the same encoding again, from memory', () => {
      holds((text) => assert.deepEqual(tokenizer.encode(text), tokenizer.encode(text)));
    });
  });
}

describe('composed and decomposed text', () => {
  const sentence =
    'Evolução: paciente com dispneia, úlcera sacral e lesão à direita. Não há sinais de infecção.';
  /** The words that tokens cut a text into, joining tokens that touch. */
  const words = (kind: string, text: string): string[] => {
    const result: string[] = [];
    let last = -1;
    for (const [, start, end] of ownTokens(loadTokenizer(oracleFiles(kind)).encode(text))) {
      if (start > last) result.push('');
      result[result.length - 1] += text.slice(Math.max(start, last), end);
      last = Math.max(last, end);
    }
    return result.map((word) => word.normalize('NFC'));
  };

  for (const kind of kinds) {
    it(`align to the same words, ${kind}`, () => {
      assert.deepEqual(words(kind, sentence.normalize('NFC')), sentence.split(' '));
      assert.deepEqual(words(kind, sentence.normalize('NFD')), sentence.split(' '));
    });
  }
});
