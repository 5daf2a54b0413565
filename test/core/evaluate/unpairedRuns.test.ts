import assert from 'node:assert/strict';
import fc from 'fast-check';
import { correctedWelchT } from '../../../src/core/evaluate/repeatedRuns';
import { studentQuantile, studentTwoSided } from '../../../src/core/evaluate/studentT';
import type { Rng } from '../../../src/core/ports';
import { seededRng } from '../../../src/core/random';

describe('Student’s t with broken degrees of freedom', () => {
  // scipy.stats.t.sf(t, degrees) * 2
  for (const [t, degrees, twoSided] of [
    [2.1, 2.37, 0.1503110044496852],
    [0.5, 1.01, 0.7041730399438173],
    [3.3, 17.77, 0.004035377897608809],
    [1.2, 130.3, 0.23231663029937955],
    [12, 1.5, 0.018042029274027864],
  ] as const)
    it(`${t} with ${degrees}, as scipy has it`, () =>
      assert.ok(Math.abs(studentTwoSided(t, degrees) - twoSided) < 1e-12 + 1e-11 * twoSided));

  it('lies between those of the whole numbers beside them', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 1, max: 400, noNaN: true }),
        fc.double({ min: 0, max: 30, noNaN: true }),
        (n, t) => {
          const p = studentTwoSided(t, n);
          assert.ok(p <= studentTwoSided(t, Math.floor(n)) + 1e-11);
          assert.ok(p >= studentTwoSided(t, Math.ceil(n)) - 1e-11);
        },
      ),
    );
  });

  // scipy.stats.t.ppf(0.975, 2.37)
  it('is inverted', () => assert.ok(Math.abs(studentQuantile(0.95, 2.37) - 3.7189208397974567) < 1e-9));
});

const figures = fc.array(
  fc.integer({ min: 0, max: 1000 }).map((value) => value / 1000),
  { minLength: 2, maxLength: 8 },
);

describe('correctedWelchT', () => {
  const [a, b] = [
    [0.71, 0.74, 0.69, 0.73],
    [0.76, 0.78, 0.75],
  ];

  it('without test notes in common is Welch’s own', () => {
    // scipy.stats.ttest_ind(b, a, equal_var=False), its df and its confidence_interval(0.95)
    const { p, degrees, low, high, value } = correctedWelchT(a!, b!, 0)!;
    const expected = [0.02309100853976062, 4.9967693688303925, 0.00940967441306901, 0.08225699225359778];
    for (const [i, found] of [p, degrees, low, high].entries())
      assert.ok(Math.abs(found - expected[i]!) < 1e-10, `${found} instead of ${expected[i]}`);
    assert.ok(Math.abs(value - (low + high) / 2) < 1e-12);
  });

  it('is less sure the larger the test part', () => {
    const ps = [0, 0.1, 1 / 3, 1].map((ratio) => correctedWelchT(a!, b!, ratio)!.p);
    for (const [i, p] of ps.slice(1).entries()) assert.ok(p > ps[i]!);
  });

  it('mirrors an exchange, and heeds neither a shift nor the unit', () => {
    fc.assert(
      fc.property(figures, figures, fc.double({ min: 0.1, max: 100, noNaN: true }), (one, other, unit) => {
        const [there, back] = [correctedWelchT(one, other, 1 / 3)!, correctedWelchT(other, one, 1 / 3)!];
        assert.ok(Math.abs(there.value + back.value) < 1e-12 && Math.abs(there.p - back.p) < 1e-9);
        assert.ok(Math.abs(there.low + back.high) < 1e-9);
        fc.pre(new Set(one).size > 1 || new Set(other).size > 1);
        const moved = (values: number[]): number[] => values.map((value) => unit * value + 3);
        assert.ok(Math.abs(correctedWelchT(moved(one), moved(other), 1 / 3)!.p - there.p) < 1e-5);
      }),
    );
  });

  it('holds 0 in its interval where p is more than 0.05, and only there', () => {
    fc.assert(
      fc.property(figures, figures, (one, other) => {
        const { low, high, p } = correctedWelchT(one, other, 1 / 3)!;
        fc.pre(Math.abs(p - 0.05) > 1e-9);
        assert.equal(low <= 0 && high >= 0, p > 0.05);
      }),
    );
  });

  it('says nothing of a single run, all of runs that never differ', () => {
    assert.equal(correctedWelchT([0.5], [0.6, 0.7], 1 / 3), undefined);
    assert.equal(correctedWelchT([0.5, 0.5], [0.5, 0.5], 1 / 3)!.p, 1);
    assert.equal(correctedWelchT([0.5, 0.5], [0.6, 0.6], 1 / 3)!.p, 0);
  });

  /**
   * How often two systems that are equally good on notes at large seem to differ: each suits some notes of the corpus
   * better than the other does, and every run scores a fifth of the corpus, with what its seed does besides.
   */
  function falsePositives(seeds: number, ratio: number, rng: Rng): number {
    const [corpora, notes, level] = [600, 60, 0.05];
    let found = 0;
    for (let corpus = 0; corpus < corpora; corpus++) {
      const systems = [0, 1].map(() => {
        const own = Array.from({ length: notes }, () => normal(rng));
        return Array.from({ length: seeds }, () => meanOfFifth(own, rng) + 0.05 * normal(rng));
      });
      if (correctedWelchT(systems[0]!, systems[1]!, ratio)!.p <= level) found++;
    }
    return found / corpora;
  }

  for (const seeds of [2, 3, 5, 10])
    it(`takes chance for a difference in no more than 5 % of corpora, with ${seeds} seeds`, () => {
      const share = falsePositives(seeds, 1 / 3, seededRng(seeds));
      // Three standard errors of 600 corpora above 5 %.
      assert.ok(share <= 0.05 + 0.027, String(share));
    });

  it('would do so far more often without the correction', () => {
    assert.ok(falsePositives(10, 0, seededRng(1)) > 0.2);
  });

  it('still finds what is there', () => {
    const rng = seededRng(5);
    const runs = (mean: number): number[] => Array.from({ length: 5 }, () => mean + 0.01 * normal(rng));
    assert.ok(correctedWelchT(runs(0.6), runs(0.66), 1 / 3)!.p < 0.01);
  });
});

function meanOfFifth(values: readonly number[], rng: Rng): number {
  const left = [...values];
  let sum = 0;
  const size = values.length / 5;
  for (let i = 0; i < size; i++) sum += left.splice(Math.floor(rng() * left.length), 1)[0]!;
  return sum / size;
}

/** Box and Muller's. */
function normal(rng: Rng): number {
  return Math.sqrt(-2 * Math.log(1 - rng())) * Math.cos(2 * Math.PI * rng());
}
