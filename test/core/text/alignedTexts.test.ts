import assert from 'node:assert/strict';
import fc from 'fast-check';
import { alignTexts } from '../../../src/core/text/alignedTexts';

const parts = fc.constantFrom('a', 'é', 'e\u0301', '😀', '\n', '\r\n', '\r', ' ');
const texts = fc.array(parts, { maxLength: 12 }).map((all) => all.join(''));

describe('two copies of a note', () => {
  it('line up character for character, whatever their marks and line breaks', () => {
    fc.assert(
      fc.property(
        texts,
        fc.boolean(),
        fc.boolean(),
        fc.constantFrom('', '\n', ' \r\n'),
        (text, mark, crlf, tail) => {
          const plain = text.replaceAll(/\r\n?/g, '\n');
          const other = (mark ? '\ufeff' : '') + (crlf ? plain.replaceAll('\n', '\r\n') : plain) + tail;
          const alignment = alignTexts(text, other);
          assert.ok(alignment);
          for (let i = 0; i < text.length; i++) {
            if (/\s/.test(text[i]!) || text.slice(i).trimEnd() === '') continue;
            assert.equal(other[alignment.there(i)], text[i]);
            assert.equal(other.slice(alignment.there(i), alignment.there(i + 1)), text[i]);
            assert.equal(alignment.back(alignment.there(i)), i);
          }
        },
      ),
    );
  });

  it('are not the same note where anything else differs', () => {
    assert.equal(alignTexts('dor', 'Dor'), undefined);
    assert.equal(alignTexts('dispne\u0301ia', 'dispn\u00e9ia'), undefined);
    assert.equal(alignTexts(' dor', 'dor'), undefined);
  });
});
