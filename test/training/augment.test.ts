import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { MarkedNote } from '../../src/core/corpus/inlineMarkup';
import type { Rng } from '../../src/core/ports';
import { seededRng } from '../../src/core/random';
import { Abbreviations } from '../../training/augment/abbreviations';
import { Exchangeable, values } from '../../training/augment/content';
import { lower, noAccents, sentenceCase, upper } from '../../training/augment/letters';
import { bankKey, mentions } from '../../training/augment/mentions';
import { closingTitle, dropEnds, join, shuffleSentences } from '../../training/augment/pieces';
import { sides } from '../../training/augment/sides';
import { lineBreaks, oddBreaks, slip, slips, spacing } from '../../training/augment/typing';
import { anyNote, assertWellFormed, marked, wordsOf } from './markedNotes';

const note = marked(
  'Às 10:30h: ⟦LIV Enf Maria⟧, ⟦DIS edema em ⟦ANA MMII⟧⟧, ⟦PRO ⟦DEV AVP⟧⟧ em ⟦ANA MSD⟧, em uso de ⟦CHE losartana 50mg⟧ ⟦CON 12/12h⟧.\n⟦DIS Afebril⟧, ⟦PHE PA 120/80⟧. ⟦DIS hipertensão arterial sistêmica⟧.',
);
const drugs = new Exchangeable(['losartana', 'atenolol']);
const names = new Exchangeable(['Maria', 'Rute']);
const abbreviations = new Abbreviations([
  ['HAS', 'hipertensão arterial sistêmica'],
  ['TOT', 'tubo orotraqueal'],
]);
const bank = new Map([
  [bankKey(['Procedures', 'Devices']), ['SNE']],
  [bankKey(['Disorders']), ['tosse']],
]);
const labels = ({ spans }: MarkedNote): string[] => spans.map(({ label }) => label).sort();
const seeds = fc.integer({ min: 0, max: 1e6 });

describe('changes of a note', () => {
  type Change = (note: MarkedNote, rng: Rng) => MarkedNote;
  const keepingAllSpans: Record<string, Change> = {
    upper,
    lower,
    noAccents,
    sentenceCase,
    sides,
    values: (n, rng) => values(n, rng, 1),
    slips: (n, rng) => slips(n, rng, 0.7),
    spacing: (n, rng) => spacing(n, rng, 0.7),
    lineBreaks,
    oddBreaks: (n, rng) => oddBreaks(n, rng, 0.7),
    drugs: (n, rng) => drugs.exchange(n, 'Chemicals & Drugs', rng, 1),
    names: (n, rng) => names.exchange(n, 'Living Beings', rng, 1),
    mentions: (n, rng) => mentions(n, rng, bank, 1),
    abbreviations: (n, rng) => abbreviations.exchange(n, rng, 1),
    shuffleSentences,
  };
  for (const [name, change] of Object.entries(keepingAllSpans)) {
    it(`${name}: every mention stays, no two cross`, () => {
      fc.assert(
        fc.property(anyNote, seeds, (any, seed) => {
          const out = change(any, seededRng(seed));
          assertWellFormed(out);
          assert.deepEqual(labels(out), labels(any));
        }),
      );
    });
  }

  it('a part, or another note behind, brings its own mentions only', () => {
    fc.assert(
      fc.property(anyNote, anyNote, seeds, (first, second, seed) => {
        const part = dropEnds(first, seededRng(seed));
        assertWellFormed(part);
        assert.ok(first.text.includes(part.text));
        const both = join(part, second, ' ');
        assertWellFormed(both);
        assert.equal(both.spans.length, part.spans.length + second.spans.length);
      }),
    );
  });

  it('spaces and line breaks change nothing but blanks and joints', () => {
    const visible = (text: string): string => text.replace(/[\s.-]/g, '');
    fc.assert(
      fc.property(anyNote, seeds, (any, seed) => {
        for (const change of [spacing, lineBreaks, oddBreaks]) {
          const out = change(any, seededRng(seed));
          assert.equal(visible(out.text), visible(any.text));
        }
      }),
    );
  });

  it('capitals and accents keep every place', () => {
    assert.ok(noAccents(upper(note)).text.includes('HIPERTENSAO ARTERIAL SISTEMICA'));
    assert.equal(sentenceCase(upper(note)).text.slice(0, 22), 'Às 10:30h: Enf maria, ');
    assert.equal(upper(marked('⟦DIS ß⟧ 36º')).text, 'ß 36º');
  });

  it('numbers keep their length and the hours their sense', () => {
    for (let seed = 0; seed < 50; seed++) {
      const out = values(note, seededRng(seed), 1);
      assert.match(wordsOf(out, 'Phenomena')[0]!, /^PA [1-9][0-9]0\/[1-9]0$/);
      assert.match(wordsOf(out, 'Chemicals & Drugs')[0]!, /^losartana [1-9]0mg$/);
      assert.match(out.text, /^Às ([01]\d|2[0-3]):[0-5]\dh/);
    }
  });

  it('a slip keeps the first letter and adds or takes one at most', () => {
    fc.assert(
      fc.property(fc.constantFrom('edema', 'AVALIAÇÃO', 'dreno'), seeds, (word, seed) => {
        const out = slip(word, seededRng(seed));
        assert.equal(out[0], word[0]);
        assert.ok(Math.abs(out.length - word.length) <= 1);
      }),
    );
  });

  it('exchanges drugs, names and sides', () => {
    assert.match(
      wordsOf(drugs.exchange(note, 'Chemicals & Drugs', seededRng(2), 1), 'Chemicals & Drugs')[0]!,
      /^(losartana|atenolol) 50mg$/,
    );
    const renamed = [1, 2, 3, 4, 5, 6].map(
      (seed) => wordsOf(names.exchange(note, 'Living Beings', seededRng(seed), 1), 'Living Beings')[0],
    );
    assert.deepEqual(new Set(renamed), new Set(['Enf Maria', 'Enf Rute']));
    assert.deepEqual(wordsOf(sides(note), 'Anatomy'), ['MMII', 'MSE']);
    assert.equal(sides(marked('⟦ANA hálux E⟧ e ⟦DIS dor⟧ à Direita')).text, 'hálux D e dor à Esquerda');
  });

  it('shortens and writes out, but not over a smaller mention', () => {
    assert.ok(wordsOf(abbreviations.exchange(note, seededRng(1), 1), 'Disorders').includes('HAS'));
    const nested = marked('⟦DIS hipertensão ⟦ANA arterial⟧ sistêmica⟧');
    assert.equal(abbreviations.exchange(nested, seededRng(1), 1), nested);
    const written = [1, 2, 3, 4, 5, 6].map(
      (seed) => abbreviations.exchange(marked('COM ⟦DEV TOT⟧'), seededRng(seed), 1).text,
    );
    assert.deepEqual(new Set(written), new Set(['COM TOT', 'COM TUBO OROTRAQUEAL']));
  });

  it('exchanges mentions for others with the same labels', () => {
    const out = mentions(note, seededRng(2), bank, 1);
    assert.deepEqual(wordsOf(out, 'Devices'), ['SNE']);
    assert.deepEqual(wordsOf(out, 'Procedures'), ['SNE']);
    assert.deepEqual(wordsOf(out, 'Disorders'), ['edema em MMII', 'Tosse', 'tosse']);
  });

  it('closes with a title', () => {
    const out = closingTitle(note, seededRng(3), ['Cólera não especificada']);
    assertWellFormed(out);
    assert.equal(wordsOf(out, 'Disorders').at(-1), 'COLERA NAO ESPECIFICADA');
  });
});
