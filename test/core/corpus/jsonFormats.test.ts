import assert from 'node:assert/strict';
import { detectFormat } from '../../../src/core/corpus/detectFormat';
import { drawn, read, said } from './support';

const text = '😀 dor em MMII';
const spans = ['Disorders: dor em MMII', 'Anatomy: MMII'];
const json = JSON.stringify;

describe('JSON formats', () => {
  const items = [
    [
      'lists',
      [
        [2, 13, 'Disorders'],
        [9, 13, 'Anatomy'],
      ],
    ],
    [
      'label first',
      [
        ['Disorders', 2, 13],
        ['Anatomy', 9, 13],
      ],
    ],
    [
      'start, end, label',
      [
        { start: 2, end: 13, label: 'Disorders' },
        { start: 9, end: 13, label: 'Anatomy' },
      ],
    ],
    [
      'start_offset, end_offset',
      [
        { start_offset: 2, end_offset: 13, label: 'Disorders' },
        { start_offset: 9, end_offset: 13, label: 'Anatomy' },
      ],
    ],
    [
      'begin, stop, labels',
      [
        { begin: 2, stop: 13, labels: ['Disorders'] },
        { begin: '9', stop: '13', labels: ['Anatomy'] },
      ],
    ],
  ] as const;
  for (const [name, list] of items) {
    for (const key of ['label', 'labels', 'entities', 'annotations']) {
      it(`doccano: ${name} under ${key}`, () => {
        const line = json({ text, [key]: list });
        for (const content of [
          line,
          `${line}\r\n`,
          `\ufeff${line}\n\n`,
          `[${line}]`,
          json([JSON.parse(line)], undefined, 2),
        ]) {
          const result = read({ 'a.jsonl': content });
          assert.deepEqual(said(result), []);
          assert.deepEqual(result.documents.map(drawn), [spans]);
          assert.equal(result.documents[0]!.text, text);
        }
      });
    }
  }

  it('doccano: a broken record takes no other with it', () => {
    const good = json({ text, label: [] });
    const result = read({ 'a.jsonl': `${good}\n{"text": "x\n${good}\n[1]\n{"label": []}\n${good}` });
    assert.equal(result.documents.length, 3);
    assert.deepEqual(said(result), [
      '2 error not valid JSON: record left out',
      '4 error no record: left out',
      '5 error record without a text: left out',
    ]);
    const array = read({ 'a.json': `[\n${good},\n{"text": oh},\n${good}\n]` });
    assert.equal(array.documents.length, 2);
    assert.deepEqual(said(array), ['3 error not valid JSON: record left out']);
  });

  it('says where two records run into one', () => {
    const merged = read({ 'a.jsonl': `{"text":"a","label":[],"text":"b"}\n{"text":"c","label":[]}` });
    assert.deepEqual(said(merged), ['1 error "text" stands there twice: only the last is read']);
    const inside = read({
      'a.json': json({ a: { fields: { text }, responses: {}, b: { fields: { text } } } }),
    });
    assert.match(said(inside).join(), /1 error a record inside of this one/);
  });

  it('doccano: spans that are none are errors with their line', () => {
    const bad = [
      [2, 99, 'A'],
      [5, 5, 'A'],
      [-1, 3, 'A'],
      [1.5, 3, 'A'],
      [0, 1],
      'x',
      [0, 1, ''],
      { start: 0, end: 1 },
    ];
    const result = read({ 'a.jsonl': `\n${json({ text, label: [...bad, [2, 5, 'A']] })}` });
    assert.deepEqual(result.documents.map(drawn), [['A: dor']]);
    assert.equal(result.problems.length, bad.length);
    assert.ok(result.problems.every(({ line, severity }) => line === 2 && severity === 'error'));
  });

  it('doccano: keeps who and which group', () => {
    const result = read({ 'a.jsonl': json({ id: 'n1', text, label: [], annotator: 'ana', group: 7 }) });
    assert.deepEqual(
      result.documents.map(({ id, annotator, group }) => ({ id, annotator, group })),
      [{ id: 'n1', annotator: 'ana', group: '7' }],
    );
  });

  it('Argilla: one document an answer, one group a record', () => {
    const answer = (list: unknown[], user_id?: string): object => ({ value: list, user_id });
    const span = { start: 9, end: 13, label: 'Anatomy' };
    const records = {
      r1: {
        fields: { text },
        responses: {
          annotations: [answer([span], 'ana'), answer([], 'caio'), { value: [], status: 'discarded' }],
        },
      },
      r2: { fields: { text }, responses: {} },
    };
    const result = read({ 'a.json': json(records, undefined, 2) });
    assert.deepEqual(
      result.documents.map(({ id, annotator, group, annotations }) => [
        id,
        annotator,
        group,
        annotations.length,
      ]),
      [
        ['r1@1', 'ana', 'r1', 1],
        ['r1@2', 'caio', 'r1', 0],
        ['r2', undefined, undefined, 0],
      ],
    );
    assert.deepEqual(
      said(result).map((line) => line.replace(/^\d+ /, '')),
      [
        'warning an answer that was discarded: left out',
        'warning record without an answer: read as a note without spans',
      ],
    );
    const list = read({ 'a.json': json([{ id: 'r1', ...records.r1 }]) });
    assert.deepEqual(
      list.documents.map(({ id }) => id),
      ['r1@1', 'r1@2'],
    );
  });

  it('Argilla: a broken record in an object of records takes no other with it', () => {
    const record = json({ fields: { text }, responses: { annotations: [{ value: [] }] } });
    const result = read({ 'a.json': `{\n"a": ${record},\n"b": {"fields": oh},\n"c": ${record}\n}` });
    assert.deepEqual(
      result.documents.map(({ id }) => id),
      ['a', 'c'],
    );
    assert.deepEqual(said(result), ['3 error not valid JSON: record left out']);
  });

  it('study: a span a semantic group, or a tag’s group', () => {
    const annotations = [
      {
        id: 1,
        tags: ['Sign or Symptom', 'Finding'],
        semantic_groups: ['Disorders'],
        start: 2,
        end: 13,
        text: 'dor em MMII',
      },
      { id: 2, tags: ['Body Location or Region'], start: 9, end: 13, text: 'MMII' },
    ];
    const result = read({ 'a.jsonl': json({ text, annotations }) });
    assert.deepEqual(result.documents.map(drawn), [spans]);
    assert.deepEqual(said(result), []);
  });

  it('study: what has no offsets is found in order of appearance', () => {
    const mention = (label: string, words: string): object => ({
      tags: [],
      semantic_groups: [label],
      start: null,
      end: null,
      text: words,
    });
    const record = {
      text: '😀 dor, dor e dor',
      annotations: ['dor', 'e', 'dor', 'dor', 'dor', 'tosse'].map((words) => mention('D', words)),
    };
    const result = read({ 'a.jsonl': json(record) });
    assert.deepEqual(
      result.documents[0]!.annotations.map(({ fragments }) => fragments[0]!.start),
      [3, 12, 14, 8],
    );
    assert.deepEqual(
      said(result),
      Array(2).fill('1 error an annotation whose words are not in the note: left out'),
    );
  });

  it('Label Studio: annotations, older offsets in UTF-16, relations kept', () => {
    const result = (start: number, end: number, labels: string[]): object => ({
      type: 'labels',
      value: { start, end, labels, text: text.slice(start, end) },
    });
    const task = {
      id: 5,
      data: { note: text },
      annotations: [
        {
          completed_by: { email: 'ana' },
          result: [
            result(3, 14, ['Disorders']),
            result(10, 14, ['Anatomy']),
            { type: 'relation', from_id: 'a' },
          ],
        },
        { completed_by: 2, was_cancelled: true, result: [] },
      ],
    };
    const { documents, ...rest } = read({ 'a.json': json([task]) });
    assert.deepEqual(documents.map(drawn), [spans]);
    assert.equal(documents[0]!.annotator, 'ana');
    assert.match(
      said({ documents, ...rest }).join('\n'),
      /skipped: left out\n1 warning offsets count UTF-16 units/,
    );
    assert.match(json(documents[0]!.rest), /from_id/);
  });

  it('Prodigy: accepted examples only; spaCy pairs too', () => {
    const list = [
      { start: 2, end: 13, label: 'Disorders' },
      { start: 9, end: 13, label: 'Anatomy' },
    ];
    const lines = ['accept', 'reject'].map((answer) => json({ text, spans: list, answer }));
    const result = read({ 'a.jsonl': lines.join('\n') });
    assert.deepEqual(result.documents.map(drawn), [spans]);
    assert.deepEqual(said(result), ['2 warning an example answered "reject": left out']);
    const pairs = read({
      'b.json': json([
        [
          text,
          {
            entities: [
              [2, 13, 'Disorders'],
              [9, 13, 'Anatomy'],
            ],
          },
        ],
      ]),
    });
    assert.deepEqual(pairs.documents.map(drawn), [spans]);
  });

  it('predictions: the note is the file that fits the name best', () => {
    const line = (file: string): string =>
      json({ file, model: 'm', entities: [{ start: 2, end: 5, label: 'D', score: 0.9, text: 'dor' }] });
    const notes = { 'x/a.txt': text, 'y/a.txt': 'outra' };
    const result = read({
      'p.jsonl': `${line('/tmp/notes/x/a.txt')}\n${line('b.txt')}\n${line('a.txt')}`,
      ...notes,
    });
    assert.deepEqual(
      result.documents.map(({ id }) => id),
      ['x/a', 'y/a'],
    );
    assert.deepEqual(drawn(result.documents[0]!), ['D: dor']);
    assert.deepEqual(said(result), [
      '2 error the note "b.txt" is not at hand: prediction left out',
      '3 error the note "a.txt" is not at hand: prediction left out',
      '- information a note without annotations',
    ]);
  });

  const samples = {
    labelstudio: [{ data: { text }, annotations: [] }],
    argilla: { r: { fields: { text }, responses: {} } },
    predictions: { file: 'a.txt', model: 'm', entities: [] },
    study: { text, annotations: [{ id: 1, tags: [], semantic_groups: [], start: 0, end: 1 }] },
    prodigy: { text, spans: [] },
    doccano: { text, label: [] },
  };
  for (const [format, value] of Object.entries(samples))
    it(`tells ${format} from the others`, () =>
      assert.equal(detectFormat({ name: 'a.json', text: json(value) }), format));
});
