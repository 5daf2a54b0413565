import assert from 'node:assert/strict';
import type { CorpusDocument } from '../../../src/core/corpus/document';
import { withGroups } from '../../../src/core/corpus/groups';

const document = (id: string, group?: string): CorpusDocument => ({
  id,
  text: id,
  annotations: [],
  ...(group === undefined ? {} : { group }),
});

const documents = [
  document('a'),
  document('ward/b'),
  document('c.jsonl#1'),
  document('r@1'),
  document('r@2', 'own'),
];

function grouped(table: string) {
  const result = withGroups({ documents, problems: [] }, { name: 'g.csv', text: table });
  return {
    groups: result.documents.map(({ group }) => group),
    problems: result.problems.map(({ line, severity, message }) => `${line ?? '-'} ${severity} ${message}`),
  };
}

describe('a table of groups', () => {
  const rows = [
    ['a.txt', 'p1'],
    ['ward/b', 'p2'],
    ['c.jsonl#1', 'p1'],
    ['r', 'p3'],
  ] as const;
  for (const [name, delimiter] of [
    ['commas', ','],
    ['semicolons', ';'],
    ['tabs', '\t'],
  ] as const) {
    for (const [heading, begin] of [
      ['a heading', `\ufeffnote${delimiter}patient\r\n`],
      ['no heading', ''],
    ] as const) {
      it(`with ${name} and ${heading} gives every annotator's document its note's group`, () => {
        const table = begin + rows.map((row) => `${row.join(delimiter)}\r\n`).join('');
        assert.deepEqual(grouped(table), { groups: ['p1', 'p2', 'p1', 'p3', 'p3'], problems: [] });
      });
    }
  }

  it('says what it cannot place', () => {
    const { groups, problems } = grouped('note,group\n"a","p,1"\nx,p1\nr\na,p2\n');
    assert.deepEqual(groups, ['p,1', undefined, undefined, undefined, 'own']);
    assert.deepEqual(problems, [
      '4 error two columns are needed, note and group: line left out',
      '5 error "a" is in two groups: the first is taken',
      '3 error no note is called "x"',
      '- warning 4 notes of the corpus are not named here: each keeps to itself',
    ]);
  });

  it('that is none is an error with its line', () => {
    const { groups, problems } = grouped('a,"p1\nb,p2');
    assert.deepEqual(groups, [undefined, undefined, undefined, undefined, 'own']);
    assert.match(problems[0]!, /^\d+ error no table that can be read/);
  });
});
