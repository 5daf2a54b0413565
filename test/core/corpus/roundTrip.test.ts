import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { CorpusDocument } from '../../../src/core/corpus/document';
import type { FormatName } from '../../../src/core/corpus/formats';
import { WRITABLE } from '../../../src/core/corpus/formats';
import { writeCorpus } from '../../../src/core/corpus/writeCorpus';
import { readWritten } from './support';

/** What a format holds: discontinuous spans, overlaps, who marked a note, spans that begin or end with white space. */
interface Holds {
  readonly discontinuous?: true;
  readonly overlaps?: true;
  readonly provenance?: true;
  readonly anyEdge?: true;
}

const all: Holds = { discontinuous: true, overlaps: true, provenance: true, anyEdge: true };
const holds: Readonly<Partial<Record<FormatName, Holds>>> = {
  labelstudio: all,
  argilla: all,
  predictions: { discontinuous: true, overlaps: true, anyEdge: true },
  study: all,
  prodigy: all,
  doccano: all,
  semclinbr: all,
  brat: { discontinuous: true, overlaps: true },
  conll: {},
  'conll-iob1': {},
  'conll-bioes': {},
};

const words = [
  'dor',
  'MMII',
  '😀',
  'dispne\u0301ia',
  'ção',
  '120/80',
  '<b>',
  '&amp;',
  '"x"',
  '#',
  '-DOCSTART-',
  '\ud83e\udec0',
  '\\s',
  'O',
];
const gaps = [' ', '', '\n', '\r\n', '  ', '\t', '\r', '\n\n', '\u00a0', '\u2028', '|'];

const texts = fc
  .array(fc.tuple(fc.constantFrom(...words), fc.constantFrom(...gaps)), { minLength: 1, maxLength: 12 })
  .chain((pairs) => fc.tuple(fc.constant(pairs), fc.constantFrom('', '\ufeff', ' ', '\r\n')))
  .map(([pairs, lead]) => lead + pairs.map(([word, gap]) => word + gap).join(''));

const labels = fc.constantFrom(
  'Disorders',
  'Concepts & Ideas',
  'ER',
  'FISH/CISH/SISH',
  'Tipo histológico',
  // The UMLS has semantic types of these names.
  'ORGANIZATION',
  'Finding',
);

function fragmentsOf(text: string, cuts: readonly number[], wide: Holds): { start: number; end: number }[] {
  const points = [...text].map((_, i, points) => points.slice(0, i).join('').length).concat(text.length);
  const places = [...new Set(cuts.map((cut) => points[cut % points.length]!))].sort((a, b) => a - b);
  const pairs = places.flatMap((start, i) =>
    i % 2 === 0 && i + 1 < places.length ? [{ start, end: places[i + 1]! }] : [],
  );
  const kept = pairs.filter(({ start, end }) => wide.anyEdge || !/^\s|\s$/.test(text.slice(start, end)));
  const joined = kept.filter(({ start }, i) => i === 0 || !/^\s*$/.test(text.slice(kept[i - 1]!.end, start)));
  return wide.discontinuous ? joined : joined.slice(0, 1);
}

const documentFor = (wide: Holds): fc.Arbitrary<CorpusDocument> =>
  fc
    .record({
      // A name that Windows keeps for itself (nul, con, aux) would be written under another, and said so.
      id: fc.stringMatching(/^n-[a-z]{1,8}$/),
      text: texts,
      marks: fc.array(fc.tuple(labels, fc.array(fc.nat(60), { minLength: 2, maxLength: 6 })), {
        maxLength: 6,
      }),
      annotator: fc.option(fc.constantFrom('ana', 'caio'), { nil: undefined }),
      group: fc.option(fc.constantFrom('patient 1', '2'), { nil: undefined }),
    })
    .map(({ id, text, marks, annotator, group }) => {
      const covered = new Set<number>();
      const annotations = marks.flatMap(([label, cuts]) => {
        const fragments = fragmentsOf(text, cuts, wide);
        const places = fragments.flatMap(({ start, end }) =>
          Array.from({ length: end - start }, (_, k) => start + k),
        );
        if (fragments.length === 0 || (!wide.overlaps && places.some((place) => covered.has(place))))
          return [];
        for (const place of places) covered.add(place);
        return [{ label, fragments }];
      });
      const named = wide.provenance && annotator ? { annotator } : {};
      return { id, text, annotations, ...named, ...(wide.provenance && group ? { group } : {}) };
    });

/** Texts, spans, annotators and groups, whatever the order of the files and the ids given to spans. */
function content(documents: readonly CorpusDocument[]): string[] {
  return documents
    .map(({ text, annotations, annotator, group }) =>
      JSON.stringify([
        text,
        annotator,
        group,
        annotations.map(({ label, fragments }) => JSON.stringify([label, fragments])).sort(),
      ]),
    )
    .sort();
}

describe('every format that can be written', () => {
  it('is tried below', () => assert.deepEqual(Object.keys(holds), WRITABLE));

  for (const [format, wide] of Object.entries(holds) as [FormatName, Holds][]) {
    it(`${format} reads back what was written, byte for byte and span for span`, () => {
      fc.assert(
        fc.property(
          fc.uniqueArray(documentFor(wide), { selector: ({ id }) => id, minLength: 1, maxLength: 4 }),
          (documents) => {
            const written = writeCorpus(documents, format);
            assert.deepEqual(written.problems, []);
            assert.deepEqual(content(readWritten(written).documents), content(documents));
          },
        ),
        { numRuns: 150 },
      );
    });
  }

  const overlapping: CorpusDocument = {
    id: 'a',
    text: 'dor em MMII e MMSS',
    annotations: [
      { label: 'Disorders', fragments: [{ start: 0, end: 11 }] },
      { label: 'Anatomy', fragments: [{ start: 7, end: 11 }] },
      {
        label: 'Disorders',
        fragments: [
          { start: 0, end: 6 },
          { start: 14, end: 18 },
        ],
      },
    ],
  };
  for (const format of ['conll', 'conll-iob1', 'conll-bioes'] as const) {
    it(`${format} says that it cannot hold a discontinuous span`, () => {
      const { problems } = writeCorpus([overlapping], format);
      assert.match(problems.map(({ message }) => message).join(), /1 discontinuous annotations/);
      assert.ok(problems.every(({ file }) => file === 'a'));
    });
  }
  it('conll says that it cannot hold overlaps, and keeps the longest', () => {
    const written = writeCorpus([overlapping], 'conll');
    assert.match(written.problems.map(({ message }) => message).join(), /2 spans that overlap longer ones/);
    assert.equal(readWritten(written).documents[0]!.annotations.length, 2);
  });

  for (const format of ['argilla', 'labelstudio'] as const) {
    it(`${format} keeps the annotators of one text in one record`, () => {
      const one = (id: string, annotator: string): CorpusDocument => ({
        ...overlapping,
        id,
        annotator,
        group: 'g',
        annotations: [],
      });
      const written = writeCorpus([one('x', 'ana'), one('y', 'caio')], format);
      const { documents } = readWritten(written);
      assert.deepEqual(
        documents.map(({ annotator, group }) => [annotator, group]),
        [
          ['ana', 'g'],
          ['caio', 'g'],
        ],
      );
    });
  }

  it('names files safely and apart', () => {
    const one = (id: string): CorpusDocument => ({ id, text: 'a', annotations: [] });
    const ids = ['../x', 'A', 'a', 'b/c', 'x.jsonl#1', 'con', '/y'];
    const { files } = writeCorpus(ids.map(one), 'semclinbr');
    assert.deepEqual(
      files.map(({ name }) => name),
      ['_/x.xml', 'A.xml', 'a-2.xml', 'b/c.xml', 'x.jsonl_1.xml', '_con.xml', '_/y.xml'],
    );
  });
});
