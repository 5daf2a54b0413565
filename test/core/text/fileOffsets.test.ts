import assert from 'node:assert/strict';
import fc from 'fast-check';
import { fileOffsets } from '../../../src/core/text/fileOffsets';

const pieces = fc.array(fc.constantFrom('dor ', 'é', '😀', '\n', '\r\n'), { maxLength: 40 });

describe('fileOffsets', () => {
  it('finds each word of a document in its file, whatever its line breaks and byte-order mark', () => {
    fc.assert(
      fc.property(pieces, fc.boolean(), fc.boolean(), (parts, mark, windows) => {
        const file = (mark ? '\ufeff' : '') + parts.join('');
        const document = parts
          .map((part) => (part.endsWith('\n') ? (windows ? '\r\n' : '\n') : part))
          .join('');
        const toFile = fileOffsets(document, file)!;
        for (const { index } of document.matchAll(/dor/g)) assert.ok(file.startsWith('dor', toFile(index)));
      }),
    );
  });

  it('gives up where the document was edited', () => {
    assert.equal(fileOffsets('dor forte', 'dor fraca'), undefined);
    assert.equal(fileOffsets('dor', 'dor\n'), undefined);
  });
});
