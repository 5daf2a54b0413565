import assert from 'node:assert/strict';
import { decodeFile } from '../../../src/core/corpus/corpusFile';
import { UMLS_GROUPS, UMLS_TYPES, umlsGroup } from '../../../src/core/labels/umlsGroups';
import { SEMANTIC_GROUPS } from '../../../src/core/labels/groups';
import { readCorpus } from '../../../src/core/corpus/readCorpus';
import { writeCorpus } from '../../../src/core/corpus/writeCorpus';
import { drawn, files, read, readWritten, said } from './support';

describe('BRAT', () => {
  const rest = [
    'R1\tpart_of Arg1:T2 Arg2:T1',
    'E1\tSurgery:T1 Site:T2',
    'A1\tNegated T1',
    '*\tEquiv T1 T2',
    '#1\tAnnotatorNotes T1\tver',
  ];

  it('reads nested and discontinuous spans in code points, keeps all else, writes it back', () => {
    const txt = '😀 dor em MMII\r\ne MMSS';
    const ann = ['T1\tDisorders 2 5;17 21\tdor MMSS', 'T2\tConcepts_and_Ideas 9 13\tMMII', ...rest].join(
      '\r\n',
    );
    const result = read({ 'sub/a.ann': ann, 'sub/a.txt': txt });
    assert.deepEqual(said(result), []);
    const [document] = result.documents;
    assert.equal(document!.id, 'sub/a');
    assert.deepEqual(drawn(document!), ['Disorders: dor … MMSS', 'Concepts & Ideas: MMII']);
    const written = writeCorpus(result.documents, 'brat');
    assert.equal(written.files[0]!.text, ann.replaceAll('\r\n', '\n') + '\n');
    assert.deepEqual(readWritten(written), result);
  });

  it('keeps the order in which fragments stand, and tells BRAT of every type that the other lines use', () => {
    const ann = ['T1\tDisorders 17 21;2 5\tMMSS dor', 'T2\tAnatomy 9 13\tMMII', ...rest, 'A2\tLevel T1 high'];
    const lines = ann.map((line) => `${line}\n`).join('');
    const result = read({ 'a.ann': lines, 'a.txt': '😀 dor em MMII\r\ne MMSS' });
    assert.deepEqual(drawn(result.documents[0]!), ['Disorders: dor … MMSS', 'Anatomy: MMII']);
    const { files: written } = writeCorpus(result.documents, 'brat');
    assert.equal(written[0]!.text, lines);
    const configuration = written.find(({ name }) => name === 'annotation.conf')!.text;
    for (const line of [
      'Disorders',
      'part_of Arg1:<ANY>, Arg2:<ANY>',
      'Equiv Arg1:<ANY>, Arg2:<ANY>, <REL-TYPE>:symmetric-transitive',
      'Surgery Site*:<ANY>',
      'Negated Arg:<ANY>',
      'Level Arg:<ANY>, Value:high',
    ])
      assert.ok(configuration.split('\n').includes(line), `${line} in\n${configuration}`);
  });

  const variants = [
    'T1\tAnatomy\t7\t11\tMMII',
    'T1\tAnatomy 7 11',
    'T1 Anatomy 7 11 MMII',
    'T1\tAnatomy 7,11\tMMII',
  ];
  for (const line of variants) {
    it(`reads ${JSON.stringify(line)}`, () => {
      const result = read({ 'a.ann': line, 'a.txt': 'dor em MMII' });
      assert.deepEqual(drawn(result.documents[0]!), ['Anatomy: MMII']);
      assert.deepEqual(said(result), ['1 warning a text-bound annotation written otherwise than BRAT does']);
    });
  }

  it('says what it cannot read, and keeps it', () => {
    const result = read({ 'a.ann': 'T1\tAnatomy x y\tz\nlixo', 'a.txt': 'dor', 'b.ann': '' });
    assert.deepEqual(said(result), [
      '1 error a text-bound annotation that cannot be read: kept as it is',
      '2 warning no annotation: kept as it is',
      '- error no .txt beside this .ann: left out',
    ]);
    assert.match(writeCorpus(result.documents, 'brat').files[0]!.text, /^T1\tAnatomy x y\tz\nlixo\n$/);
  });

  const readings = [
    ['a\r\nb dor', 'T1\tD 4 7\tdor', 'a line break of two characters as one'],
    ['a\nb dor', 'T1\tD 5 8\tdor', 'a line break of one character as two'],
    ['\ufeffa dor', 'T1\tD 2 5\tdor', 'no byte-order mark'],
    ['😀 dor', 'T1\tD 3 6\tdor', 'UTF-16 units'],
    ['ac\u0327a\u0303o dor', 'T1\tD 5 8\tdor', 'composed characters (NFC)'],
    ['😀😀\r\n dor', 'T1\tD 6 9\tdor', 'UTF-16 units, a line break of two characters as one'],
  ] as const;
  for (const [txt, ann, name] of readings) {
    it(`understands offsets that count ${name}`, () => {
      const result = read({ 'a.ann': ann, 'a.txt': txt });
      assert.deepEqual(drawn(result.documents[0]!), ['D: dor']);
      assert.deepEqual(said(result), [`- warning offsets count ${name}: the words of more spans fit so`]);
    });
  }

  it('says where words lie elsewhere, without telling them', () => {
    const result = read({ 'a.ann': 'T1\tD 0 3\tdor\nT2\tD 4 6\tMMII', 'a.txt': 'dor em MMII' });
    assert.deepEqual(said(result), ['2 warning span 4-6 does not hold the words that the file gives for it']);
  });

  it('crosses lines as BRAT does, a fragment a line', () => {
    const document = {
      id: 'a',
      text: 'dor em\r\n MMII',
      annotations: [{ label: 'D', fragments: [{ start: 0, end: 13 }] }],
    };
    const written = writeCorpus([document], 'brat');
    assert.equal(written.files[0]!.text, 'T1\tD 0 6;8 13\tdor em  MMII\n');
    assert.deepEqual(drawn(readWritten(written).documents[0]!), ['D: dor em\r\n MMII']);
  });
});

describe('SemClinBr', () => {
  const note = (text: string, tags: string, extra = ''): string =>
    `<?xml version="1.0" encoding="UTF-8"?>\n<NOTE>\n<TEXT>${text}</TEXT>\n<TAGS>\n${tags}\n</TAGS>${extra}\n</NOTE>`;

  it('maps semantic types to groups, one annotation a group', () => {
    const tags =
      '<annotation id="1" tag="Sign or Symptom|Finding" start="0" end="3" text="dor"/>\n' +
      '<TAG id="2" tag="Body Location or Region|Clinical Drug" start="7" end="11" text="MMII"/>\n' +
      '<tag id="3" tag="Negation" start="4" end="6" text="em"/><tag id="4" tag="Coisa" start="4" end="6"/>';
    const result = read({ 'a.xml': note('dor em MMII', tags) });
    assert.deepEqual(drawn(result.documents[0]!), [
      'Disorders: dor',
      'Anatomy: MMII',
      'Chemicals & Drugs: MMII',
      'Negation: em',
      'Coisa: em',
    ]);
    assert.deepEqual(said(result), [
      '7 warning "Coisa" is no semantic type of the UMLS: kept as a label of its own',
    ]);
    const written = writeCorpus(result.documents, 'semclinbr');
    assert.match(written.files[0]!.text, /id="1" tag="Sign or Symptom\|Finding"/);
    assert.deepEqual(readWritten(written).documents, result.documents);
  });

  const lines = ['dor', 'em', 'MMII'];
  const tag = (start: number, end: number, words: string): string =>
    `<tag id="1" tag="Finding" start="${start}" end="${end}" text="${words}"/>`;
  for (const [name, text, at] of [
    ['two characters in a file that has two', lines.join('\r\n'), 9],
    ['two characters in a file that has one', lines.join('\n'), 9],
    ['one character in a file that has two', lines.join('\r\n'), 7],
    ['one character in a file that has one', lines.join('\n'), 7],
  ] as const) {
    it(`counts a line break as ${name}, and keeps the text`, () => {
      const { documents, problems } = read({ 'a.xml': note(text, tag(at, at + 4, 'M M I I')) });
      assert.equal(documents[0]!.text, text);
      assert.deepEqual(drawn(documents[0]!), ['Disorders: MMII']);
      assert.ok(problems.every(({ message }) => message.startsWith('offsets count a line break')));
    });
  }

  it('bears with invalid XML and says where', () => {
    const result = read({
      'a.xml': note('PA < 9 & dor <x', tag(9, 12, 'dor'), '<rel annotation1="1" annotation2="9"/>'),
    });
    assert.equal(result.documents[0]!.text, 'PA < 9 & dor <x');
    assert.deepEqual(drawn(result.documents[0]!), ['Disorders: dor']);
    assert.deepEqual(said(result), [
      '3 warning & or < that is not escaped: read as it stands',
      '6 warning a relation with a tag that is not there',
    ]);
    const cut = read({ 'a.xml': '<NOTE><TEXT>dor em' });
    assert.equal(cut.documents[0]!.text, 'dor em');
    assert.ok(cut.problems.length > 0);
    assert.deepEqual(said(read({ 'a.xml': '<NOTE/>' })), ['1 error no TEXT element: note left out']);
  });

  it('reads Latin-1 and CDATA', () => {
    const bytes = Uint8Array.from(note('<![CDATA[ção <b>]]>', tag(0, 3, 'ção')), (letter) =>
      letter.charCodeAt(0),
    );
    const result = readCorpus([{ name: 'a.xml', bytes }]);
    assert.equal(result.documents[0]!.text, 'ção <b>');
    assert.deepEqual(said(result), ['- warning not UTF-8: read as Windows-1252 (Latin-1)']);
  });

  it('knows the 127 semantic types in 15 groups, the study’s twelve among them', () => {
    assert.equal(UMLS_TYPES.filter(({ current }) => current).length, 127);
    assert.equal(new Set(UMLS_TYPES.map(({ tui }) => tui)).size, UMLS_TYPES.length);
    assert.equal(UMLS_GROUPS.length, 15);
    for (const group of Object.keys(SEMANTIC_GROUPS)) assert.equal(umlsGroup(group), group);
    assert.equal(umlsGroup('body part, organ or organ component'), 'Anatomy');
    assert.equal(umlsGroup('T047'), 'Disorders');
    assert.equal(umlsGroup('Problema'), undefined);
  });
});

describe('CoNLL', () => {
  const drawConll = (content: string): string[][] => read({ 'a.conll': content }).documents.map(drawn);
  for (const [scheme, tags] of [
    ['IOB1', ['I-D', 'I-D', 'B-D', 'O', 'I-A']],
    ['IOB2', ['B-D', 'I-D', 'B-D', 'O', 'B-A']],
    ['BIOES', ['B-D', 'E-D', 'S-D', 'O', 'S-A']],
    ['BILOU', ['B-D', 'L-D', 'U-D', 'O', 'U-A']],
  ] as const) {
    for (const space of ['\t', ' ', ' X Y ']) {
      it(`reads ${scheme} with columns parted by ${JSON.stringify(space)}`, () => {
        const rows = ['dor', 'forte', 'tosse', 'no', 'tórax'].map((token, i) => token + space + tags[i]);
        rows.splice(3, 0, '');
        const result = read({ 'a.conll': rows.join('\r\n') });
        assert.equal(result.documents[0]!.text, 'dor forte tosse\nno tórax');
        assert.deepEqual(result.documents.map(drawn), [['D: dor forte', 'D: tosse', 'A: tórax']]);
        assert.deepEqual(said(result), []);
      });
    }
  }

  it('parts documents, passes over comments, keeps the token #', () => {
    const content = '-DOCSTART- -X- O\n\n# sent_id = 1\n#\tO\ndor\tB-D\n\n-DOCSTART- -X- O\n\nMMII\tB-A\n';
    assert.deepEqual(drawConll(content), [['D: dor'], ['A: MMII']]);
    assert.equal(read({ 'a.conll': content }).documents[0]!.text, '# dor');
  });

  it('says where a tag goes on with nothing', () => {
    const result = read({ 'a.conll': 'a\tO\nb\tE-D\nc\tS-D\nd' });
    assert.deepEqual(drawn(result.documents[0]!), ['D: b', 'D: c']);
    assert.deepEqual(said(result), [
      '4 error a token without a tag: read as O',
      '2 warning a tag that goes on with an entity that never began',
    ]);
  });
});

describe('files of a corpus', () => {
  it('leaves binary files and strangers out, and says so', () => {
    const result = readCorpus([
      { name: 'a.json', bytes: Uint8Array.of(0, 1, 2, 0) },
      ...files({ 'b.pdf': 'x', 'README.md': 'x', 'c.txt': 'nota', 'd.txt': '⟦DIS dor⟧\n===\n⟦ANA MMII⟧' }),
    ]);
    assert.deepEqual(said(result), [
      '- error not a text file: left out',
      '- warning no corpus file: left out',
      '- information a note without annotations',
    ]);
    assert.deepEqual(
      result.documents.map(({ id }) => id),
      ['d#1', 'd#2', 'c'],
    );
  });

  it('gives every document an id of its own', () => {
    const record = '{"id":"x","text":"a","label":[]}';
    const result = read({ 'a.jsonl': `${record}\n${record.replace('"x"', '"x~2"')}\n${record}` });
    assert.deepEqual(
      result.documents.map(({ id }) => id),
      ['x', 'x~2', 'x~3'],
    );
  });

  it('names the file of bytes that are no text', () => {
    assert.equal(decodeFile({ name: 'a', bytes: Uint8Array.of(0) }).problems[0]!.file, 'a');
  });
});
