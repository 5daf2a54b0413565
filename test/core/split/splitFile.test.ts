import assert from 'node:assert/strict';
import type { CorpusDocument } from '../../../src/core/corpus/document';
import { splitNotes } from '../../../src/core/split/notes';
import { splitParts } from '../../../src/core/split/split';
import {
  checkSplit,
  documentsOfPart,
  parseSplitFile,
  partNames,
  splitFileOf,
} from '../../../src/core/split/splitFile';
import { reportSplit } from '../../../src/core/split/splitReport';
import { sha256 } from '../../../src/node/sha256';

const documents: CorpusDocument[] = Array.from({ length: 20 }, (_, i) => ({
  id: `n${i}`,
  text: `nota inventada ${i >> 1}`,
  annotations: [{ label: i % 4 === 0 ? 'DIS' : 'ANA', fragments: [{ start: 0, end: 4 }] }],
  group: `p${i >> 2}`,
}));
const notes = splitNotes(documents, sha256);
const options = { method: 'is', ratio: [60, 20, 20], seed: 5, minNotes: 1 } as const;
const split = splitFileOf(notes, splitParts(notes, options), options, partNames(3, false));
const messages = (...given: Parameters<typeof checkSplit>) => checkSplit(...given).map((one) => one.message);

describe('a split file', () => {
  it('says how it was made and holds for its corpus', () => {
    const parsed = parseSplitFile(JSON.stringify(split), 'split.json');
    assert.deepEqual(parsed, split);
    assert.deepEqual(Object.keys(parsed.parts), ['train', 'validation', 'test']);
    assert.deepEqual(messages(parsed, notes, 'split.json'), []);
  });

  it('gives back the documents of each part, all annotators of a text together', () => {
    const parts = Object.keys(split.parts).map((part) => documentsOfPart(split, part, documents, sha256));
    assert.equal(parts.flat().length, documents.length);
    assert.ok(parts.every((part) => part.length % 4 === 0));
    assert.throws(() => documentsOfPart(split, 'dev', documents, sha256), /no part dev; it has train, val/);
    assert.throws(() => documentsOfPart(split, 'constructor', documents, sha256), /no part/);
  });

  it('is refused, by counts, for another corpus and where it tears groups apart', () => {
    assert.deepEqual(messages(split, notes.slice(1), 'f'), ['1 notes of the split are not in the corpus']);
    const { train, validation, test } = split.parts as Record<string, string[]>;
    const torn = { ...split, parts: { train: train!.slice(1), validation: validation!, test: test! } };
    assert.deepEqual(messages(torn, notes, 'f'), ['1 notes of the corpus are not in the split']);
    torn.parts.test = [...test!, train![0]!, train![1]!];
    assert.ok(messages(torn, notes, 'f').includes('1 notes are more than once in the split'));
    assert.ok(messages(torn, notes, 'f').some((message) => message.includes('in several parts')));
  });

  for (const [what, text, message] of [
    ['no JSON', '{', /^split.json: not JSON$/],
    ['another format', '{"format":"x"}', /^split.json: \/format: /],
    ['a wrong key', JSON.stringify({ ...split, parts: { train: ['zz'] } }), /\/parts\/train\/0: /],
    ['a part missing', JSON.stringify({ ...split, parts: { train: [] } }), /as many parts/],
  ] as const)
    it(`with ${what} is an error that names file and place`, () =>
      assert.throws(
        () => parseSplitFile(text, 'split.json'),
        (error: Error) => message.test(error.message),
      ));

  it('is reported with every label, rare ones in no measure', () => {
    const report = reportSplit({ ...split, minNotes: 6 }, notes);
    assert.deepEqual(
      report.labels.map(({ label, total, counted }) => [label, total, counted]),
      [
        ['ANA', 10, true],
        ['DIS', 5, false],
      ],
    );
    assert.equal(
      report.parts.reduce((sum, part) => sum + part.notes, 0),
      10,
    );
  });
});
