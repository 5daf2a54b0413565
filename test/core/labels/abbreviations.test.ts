import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { abbreviationsIn, parseAbbreviations } from '../../../src/core/labels/abbreviations';

const list = path.resolve(__dirname, '../../../training/lexicon/abbreviations.tsv');
const known = parseAbbreviations(readFileSync(list, 'utf8'));

describe('abbreviations', () => {
  it('are found among words, with all that they can stand for', () => {
    assert.deepEqual(abbreviationsIn('HAS + DM', known), [
      { short: 'HAS', long: ['hipertensão arterial sistêmica'] },
      { short: 'DM', long: ['diabetes mellitus'] },
    ]);
    assert.ok(abbreviationsIn('TC', known)[0]!.long.length > 1);
  });

  it('are whole words, written as they are, once', () => {
    assert.deepEqual(abbreviationsIn('has, DMX e área', known), []);
    assert.equal(abbreviationsIn('HAS HAS', known).length, 1);
  });
});
