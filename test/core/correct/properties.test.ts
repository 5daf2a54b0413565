import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Annotation } from '../../../src/core/corpus/document';
import type { Correction } from '../../../src/core/correct/correction';
import { corrected as expectedAfter, smallestEdit } from '../../../src/core/correct/correction';
import { SEMANTIC_GROUPS } from '../../../src/core/labels/groups';
import { applyEdits } from '../../../src/core/text/edit';
import type { CorpusAt } from './support';
import { annotationsIn, correct, keys } from './support';

const words = ['dor', 'MMII', '😀', 'dispne\u0301ia', 'ção', '120/80', '"x"', '\\s', 'T1', '\u2028', '{[,'];
const gaps = [' ', '', '\n', '\r\n', '  ', '\t', '\n\n', '\u00a0'];
const notes = fc
  .array(fc.tuple(fc.constantFrom(...words), fc.constantFrom(...gaps)), { minLength: 2, maxLength: 10 })
  .map((pairs) => pairs.map(([word, gap]) => word + gap).join(''));
const labels = fc.constantFrom(...Object.keys(SEMANTIC_GROUPS));

/** A step: what to do, to which of the annotations, with which label and at which cuts of the text. */
const steps = fc.array(
  fc.record({
    kind: fc.constantFrom('add', 'remove', 'relabel', 'move'),
    which: fc.nat(20),
    label: labels,
    cuts: fc.array(fc.nat(60), { minLength: 2, maxLength: 6 }),
  }),
  { minLength: 4, maxLength: 16 },
);
type Step = typeof steps extends fc.Arbitrary<(infer S)[]> ? S : never;

/** Fragments between cuts of a text that begin and end with no white space and are parted by more than that. */
function fragmentsOf(text: string, cuts: readonly number[], most: number): Annotation['fragments'] {
  const points = [...text].map((_, i, all) => all.slice(0, i).join('').length).concat(text.length);
  const places = [...new Set(cuts.map((cut) => points[cut % points.length]!))].sort((a, b) => a - b);
  const pairs = places.flatMap((start, i) =>
    i % 2 === 0 && i + 1 < places.length ? [{ start, end: places[i + 1]! }] : [],
  );
  const kept = pairs.filter(({ start, end }) => !/^\s|\s$/.test(text.slice(start, end)));
  const apart = kept.filter(({ start }, i) => i === 0 || !/^\s*$/.test(text.slice(kept[i - 1]!.end, start)));
  return apart.slice(0, most);
}

function correctionOf(
  step: Step,
  text: string,
  now: readonly Annotation[],
  most: number,
): Correction | undefined {
  const fragments = fragmentsOf(text, step.cuts, most);
  const chosen = now[step.which % Math.max(1, now.length)];
  if (step.kind === 'add')
    return fragments.length > 0 ? { kind: 'add', annotation: { label: step.label, fragments } } : undefined;
  if (!chosen) return undefined;
  if (step.kind === 'remove') return { kind: 'remove', annotation: chosen };
  if (step.kind === 'relabel')
    return { kind: 'change', annotation: chosen, to: { ...chosen, label: step.label } };
  return fragments.length > 0
    ? { kind: 'change', annotation: chosen, to: { ...chosen, fragments } }
    : undefined;
}

interface Setting {
  readonly corpus: (note: string) => CorpusAt;
  /** Fragments an annotation may have. */
  readonly most: number;
  /** What must stay as it is, taken out of the file. */
  readonly rest: (text: string) => string;
}

const tailLines = ['#9\tAnnotatorNotes R77\tção', '* something else', 'X9\todd line'];
const bratAt = (note: string, end: string, mark: string): CorpusAt => ({
  name: 'n.ann',
  format: 'brat',
  text: mark + tailLines.join(end) + end,
  note,
  beside: { 'n.txt': note },
});
const others = (text: string): string => text.replace(/^(\ufeff?)/, '$1').replace(/^T\d+\t[^\n]*\n/gm, '');

/** Records around the note's own; numbers that JavaScript would round, and escapes, must stay. */
const before = '{"text": "outra", "label": [[0, 2, "X"]], "id": 12345678901234567890}';
const after = '{"id":7 , "text":"\\u00e7\\u00e3o mais uma"}';
const jsonl =
  (own: (note: string) => string, end = '\n') =>
  (note: string): CorpusAt => ({
    name: 'c.jsonl',
    format: 'doccano',
    text: [before, own(note), after, ''].join(end),
    note,
  });
const aroundRecord = (text: string): string => {
  const lines = text.split('\n');
  assert.equal(lines.length, 4);
  const kept = [/"big": ?1e400/, /"meta": ?\{ "a" : 1 \}/].map((field) => String(field.exec(lines[1]!)));
  return [lines[0], lines[2], lines[3], ...kept].join('\n');
};
const fields = '"meta": { "a" : 1 }, "big": 1e400';

const settings: Record<string, Setting> = {
  BRAT: { corpus: (note) => bratAt(note, '\n', ''), most: 3, rest: others },
  'BRAT with CRLF and a byte-order mark': {
    corpus: (note) => bratAt(note, '\r\n', '\ufeff'),
    most: 3,
    rest: others,
  },
  'doccano, lists': {
    corpus: jsonl((note) => `{${fields}, "text": ${JSON.stringify(note)}, "label": []}`),
    most: 3,
    rest: aroundRecord,
  },
  'doccano without a list of spans, CRLF': {
    corpus: jsonl((note) => `  {"text":${JSON.stringify(note)}, ${fields}}`, '\r\n'),
    most: 3,
    rest: aroundRecord,
  },
  'doccano, relations format': {
    corpus: jsonl((note) => `{"text":${JSON.stringify(note)},"entities":[],${fields}}`),
    most: 3,
    rest: aroundRecord,
  },
  Prodigy: {
    corpus: (note) => ({
      name: 'p.jsonl',
      format: 'prodigy',
      text: [before, `{"text":${JSON.stringify(note)},"spans":[], ${fields}}`, after, ''].join('\n'),
      note,
    }),
    most: 3,
    rest: aroundRecord,
  },
};

describe('any sequence of corrections', () => {
  for (const [name, { corpus, most, rest }] of Object.entries(settings)) {
    it(`${name}: is read back as what was asked for, and leaves all else as it was`, () => {
      let made = 0;
      fc.assert(
        fc.property(notes, steps, (note, sequence) => {
          let now = corpus(note);
          for (const step of sequence) {
            const annotations = annotationsIn(now);
            const correction = correctionOf(step, note, annotations, most);
            if (!correction) continue;
            const outcome = correct(now, correction);
            assert.ok('edit' in outcome, JSON.stringify([outcome, correction, now.text]));
            const next = { ...now, text: applyEdits(now.text, [outcome.edit]) };
            assert.deepEqual(keys(annotationsIn(next)), keys(expectedAfter(annotations, correction)));
            assert.equal(rest(next.text), rest(now.text));
            now = next;
            made++;
          }
        }),
        { numRuns: 200 },
      );
      assert.ok(made > 500, `${made} corrections`);
    });
  }

  it('marked notes: nested marks are kept, what crosses is refused', () => {
    let [made, refused] = [0, 0];
    const marked = notes
      .map((note) => note.replace(/^\s+|\s+$/g, ''))
      .filter((note) => note !== '' && !/^===$/m.test(note));
    fc.assert(
      fc.property(marked, steps, (note, sequence) => {
        const file = (own: string): string => `⟦DIS dor⟧ de antes\n===\n${own}\n===\n⟦ANA ⟦DIS x⟧⟧\n`;
        let now: CorpusAt = { name: 'm.txt', format: 'markup', text: file(note), note };
        for (const step of sequence) {
          const annotations = annotationsIn(now);
          const correction = correctionOf(step, note, annotations, 1);
          if (!correction) continue;
          const outcome = correct(now, correction);
          if ('refusal' in outcome) {
            assert.equal(outcome.refusal, 'span');
            refused++;
            continue;
          }
          now = { ...now, text: applyEdits(now.text, [outcome.edit]) };
          assert.deepEqual(keys(annotationsIn(now)), keys(expectedAfter(annotations, correction)));
          assert.equal(now.text.replaceAll(/⟦[A-Z]{3} |⟧/g, ''), file(note).replaceAll(/⟦[A-Z]{3} |⟧/g, ''));
          assert.ok(
            now.text.startsWith('⟦DIS dor⟧ de antes\n===\n') && now.text.endsWith('\n===\n⟦ANA ⟦DIS x⟧⟧\n'),
          );
          made++;
        }
      }),
      { numRuns: 200 },
    );
    assert.ok(made > 400 && refused > 10, `${made} made, ${refused} refused`);
  });
});

describe('the smallest edit', () => {
  it('makes one text of the other and cuts no pair', () => {
    const texts = fc
      .array(fc.constantFrom('a', 'b', '😀', '\ud83d', '\r\n', '\n', 'é'), { maxLength: 8 })
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(texts, texts, (before, after) => {
        const edit = smallestEdit(before, after);
        assert.equal(applyEdits(before, [edit]), after);
        assert.doesNotMatch(before.slice(0, edit.start), /\r$(?!\n)/);
      }),
    );
  });
});
