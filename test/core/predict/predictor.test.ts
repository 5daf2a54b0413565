import assert from 'node:assert/strict';
import type { Predictor } from '../../../src/core/predict/predictor';
import { fit, tokenizeWindows } from '../../../src/core/predict/predictor';
import { predictionSettings } from '../../../src/core/predict/settings';
import { knownRefusal } from '../../../src/extension/refusalSentences';

/** A predictor of inputs of 10 tokens, whose tokenizer makes so many of each code point, as NFKC and bytes may. */
function predictorOf(tokensEach: number): Predictor {
  const encode = (text: string) => {
    const found = [...text.matchAll(/./gsu)].flatMap((one) => Array<RegExpExecArray>(tokensEach).fill(one));
    return {
      ids: new Int32Array(found.length),
      starts: Int32Array.from(found, ({ index }) => index),
      ends: Int32Array.from(found, ({ index, 0: words }) => index + words.length),
      special: new Uint8Array(found.length),
    };
  };
  return {
    classifier: { labels: ['DIS'], logits: () => assert.fail('is not run') },
    tokenizer: { padId: 0, modelMaxLength: 10, encode },
    settings: predictionSettings({}, ['DIS'], 10),
  };
}

describe('the windows of a text', () => {
  it('cover all of it, however many tokens a character takes', () => {
    const text = 'dor 😀😀 em\u0301 MMII ﷺﷺﷺ e febre';
    for (const tokensEach of [1, 2, 3, 5, 10]) {
      const windows = tokenizeWindows(text, predictorOf(tokensEach)).map(({ window }) => window);
      assert.equal(windows.map(({ start, end }) => text.slice(start, end)).join(''), text, `${tokensEach}`);
    }
  });

  it('of one character give up what they read around it before anything else', () => {
    const window = { start: 9, end: 10, contextStart: 0, contextEnd: 10 };
    const [only, ...others] = fit('dor aguda!', window, predictorOf(3));
    assert.deepEqual([only?.window, others], [{ ...window, contextStart: 9 }, []]);
  });

  it('are refused where one character is too much for the encoder, rather than leaving it out', () => {
    for (const text of ['dor', '😀', 'a ﷺ'])
      assert.throws(
        () => tokenizeWindows(text, predictorOf(11)),
        ({ message }: Error) => knownRefusal(message)?.holes.join() === '11,10',
      );
  });
});
