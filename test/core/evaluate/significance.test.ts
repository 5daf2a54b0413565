import assert from 'node:assert/strict';
import fc from 'fast-check';
import { bootstrapIntervals, pairedBootstrap } from '../../../src/core/evaluate/bootstrap';
import { f1Metrics, macro, micro } from '../../../src/core/evaluate/metric';
import type { NoteCounts } from '../../../src/core/evaluate/noteCounts';
import { approximateRandomisation, holm } from '../../../src/core/evaluate/randomisation';
import { correctedResampledT, multiBootstrap, spread } from '../../../src/core/evaluate/repeatedRuns';
import { studentQuantile, studentTwoSided } from '../../../src/core/evaluate/studentT';
import type { Rng } from '../../../src/core/ports';
import { seededRng } from '../../../src/core/random';
import { oracle } from './metricsOracle';

const LABELS = ['DIS', 'ANA'];

/** Notes of ten entities a label, each found with the given chance, and as many false alarms as are missed on average. */
function system(notes: number, recall: number, rng: Rng): NoteCounts {
  const counts: number[] = [];
  for (let i = 0; i < notes * LABELS.length; i++) {
    const draws = Array.from({ length: 20 }, rng);
    const found = draws.slice(0, 10).filter((draw) => draw < recall).length;
    const alarms = draws.slice(10).filter((draw) => draw >= recall).length;
    counts.push(found, alarms, 10 - found);
  }
  return {
    labels: LABELS,
    notes: Array.from({ length: notes }, (_, i) => `n${i}`),
    counts: Float64Array.from(counts),
  };
}

const tests: Record<string, (a: NoteCounts, b: NoteCounts, rng: Rng) => number> = {
  'approximate randomisation': (a, b, rng) =>
    approximateRandomisation(a, b, micro('f1'), { rounds: 199, rng }).p,
  'paired bootstrap': (a, b, rng) => pairedBootstrap(a, b, macro('f1'), { rounds: 199, rng }).p,
};

for (const [name, test] of Object.entries(tests)) {
  describe(name, () => {
    it('gives p-values spread evenly where the systems do not differ', () => {
      const rng = seededRng(1);
      const ps = Array.from({ length: 200 }, () => test(system(40, 0.7, rng), system(40, 0.7, rng), rng));
      for (const level of [0.1, 0.25, 0.5, 0.75]) {
        const share = ps.filter((p) => p <= level).length / ps.length;
        assert.ok(Math.abs(share - level) < 0.1, `${share} of the p-values are at most ${level}`);
      }
    });

    it('gives a small p where they clearly do, and 1 where they are one', () => {
      const rng = seededRng(2);
      const [weak, strong] = [system(60, 0.6, rng), system(60, 0.75, rng)];
      assert.equal(test(weak, strong, rng), 1 / 200);
      assert.equal(test(weak, weak, rng), 1);
    });

    it('is the same for the same seed', () => {
      const [a, b] = [system(30, 0.7, seededRng(3)), system(30, 0.72, seededRng(4))];
      assert.equal(test(a, b, seededRng(5)), test(a, b, seededRng(5)));
    });

    it('refuses systems of different notes', () => {
      const [a, b] = [system(3, 0.7, seededRng(3)), system(3, 0.7, seededRng(4))];
      const other = { ...b, notes: ['n0', 'n2', 'n1'] };
      assert.throws(() => test(a, other, seededRng(5)), /different notes/);
    });
  });
}

describe('approximateRandomisation', () => {
  it('comes near the exact test, which tries every exchange', () => {
    const [a, b] = [system(8, 0.65, seededRng(6)), system(8, 0.72, seededRng(7))];
    const exact = allExchanges(a, b);
    const { p } = approximateRandomisation(a, b, micro('f1'), { rounds: 4000, rng: seededRng(8) });
    assert.ok(Math.abs(p - exact) < 0.03, `${p} instead of ${exact}`);
  });
});

/** The rows of system i's bit pattern: note n belongs to b where bit n is set. */
function allExchanges(a: NoteCounts, b: NoteCounts): number {
  const f1 = micro('f1');
  const width = LABELS.length * 3;
  const difference = (pattern: number): number => {
    const sums = [new Float64Array(width), new Float64Array(width)];
    for (let i = 0; i < a.counts.length; i++) {
      const exchanged = (pattern >> Math.floor(i / width)) & 1;
      sums[exchanged]![i % width]! += a.counts[i]!;
      sums[1 - exchanged]![i % width]! += b.counts[i]!;
    }
    return Math.abs(f1(sums[1]!) - f1(sums[0]!));
  };
  const patterns = Array.from({ length: 2 ** a.notes.length }, (_, pattern) => difference(pattern));
  return patterns.filter((one) => one >= patterns[0]! - 1e-12).length / patterns.length;
}

describe('bootstrapIntervals', () => {
  it('hold the truth about as often as they say', () => {
    const rng = seededRng(9);
    let held = 0;
    for (let i = 0; i < 200; i++) {
      const { 'micro F1': interval } = bootstrapIntervals(system(40, 0.7, rng), f1Metrics(LABELS), {
        rounds: 200,
        rng,
        level: 0.9,
      });
      // With as many alarms as misses on average, F1 of endless notes is the recall.
      if (interval!.low <= 0.7 && interval!.high >= 0.7) held++;
    }
    assert.ok(held >= 165 && held <= 194, `${held} of 200`);
  });

  it('hold the value itself, and name every label', () => {
    const intervals = bootstrapIntervals(system(50, 0.7, seededRng(1)), f1Metrics(LABELS), {
      rounds: 300,
      rng: seededRng(2),
    });
    assert.deepEqual(Object.keys(intervals), ['micro F1', 'macro F1', 'F1 of DIS', 'F1 of ANA']);
    for (const { low, value, high } of Object.values(intervals)) assert.ok(low <= value && value <= high);
  });
});

describe('holm', () => {
  // R: p.adjust(p, "holm")
  const table: [number[], number[]][] = [
    [
      [0.01, 0.04, 0.03, 0.005],
      [0.03, 0.06, 0.06, 0.02],
    ],
    [
      [0.5, 0.9],
      [1, 1],
    ],
    [[0.02], [0.02]],
    [[], []],
  ];
  for (const [ps, adjusted] of table) {
    it(`[${ps.join(', ')}] becomes [${adjusted.join(', ')}]`, () => {
      holm(ps).forEach((p, i) => assert.ok(Math.abs(p - adjusted[i]!) < 1e-12));
    });
  }

  it('never lowers a p, and keeps their order', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true })), (ps) => {
        const adjusted = holm(ps);
        adjusted.forEach((p, i) => {
          assert.ok(p >= ps[i]! && p <= 1);
          ps.forEach((other, k) => assert.ok(other < ps[i]! || adjusted[k]! >= p));
        });
      }),
    );
  });
});

describe('runs with several seeds', () => {
  const runs = (recalls: number[], seed: number): NoteCounts[] => {
    const rng = seededRng(seed);
    return recalls.map((recall) => system(60, recall, rng));
  };

  it('mean and standard deviation', () => {
    assert.deepEqual(spread([1, 2, 3, 4]), { runs: 4, mean: 2.5, deviation: Math.sqrt(5 / 3) });
    assert.deepEqual(spread([2]), { runs: 1, mean: 2, deviation: undefined });
  });

  for (const { t, degrees, twoSided } of oracle.student) {
    it(`Student's t of ${t} with ${degrees} degrees of freedom, as scipy has it`, () => {
      assert.ok(Math.abs(studentTwoSided(t, degrees) - twoSided) <= 1e-12 + 1e-10 * twoSided);
    });
  }

  // scipy.stats.t.ppf((1 + level) / 2, degrees)
  for (const [level, degrees, quantile] of [
    [0.95, 1, 12.706204736174694],
    [0.95, 3, 3.1824463052837078],
    [0.95, 9, 2.262157162798205],
    [0.99, 4, 4.604094871349992],
  ] as const) {
    it(`${level} of Student's t with ${degrees} degrees of freedom stay within ${quantile}`, () => {
      assert.ok(Math.abs(studentQuantile(level, degrees) - quantile) < 1e-8);
    });
  }

  it('the corrected t-test is less sure than the ordinary one', () => {
    const differences = [0.02, 0.03, 0.01, 0.025, 0.015];
    const [plain, corrected] = [
      correctedResampledT(differences, 0)!,
      correctedResampledT(differences, 1 / 3)!,
    ];
    assert.ok(Math.abs(plain.t - 5.656854249492381) < 1e-12);
    assert.ok(Math.abs(corrected.t - plain.t * Math.sqrt(0.2 / (0.2 + 1 / 3))) < 1e-12);
    assert.ok(corrected.p > plain.p);
    assert.ok(plain.low > 0 && corrected.low < plain.low && corrected.high > plain.high);
    assert.ok(Math.abs(plain.low + plain.high - 2 * plain.mean) < 1e-12);
    assert.equal(correctedResampledT([0, 0, 0], 1 / 3)!.p, 1);
    assert.equal(correctedResampledT([0.1], 1 / 3), undefined);
  });

  it('the multi-bootstrap doubts a difference that only some seeds show, and finds one that all show', () => {
    const options = () => ({ rounds: 300, rng: seededRng(11) });
    const same = runs([0.7, 0.7, 0.7, 0.7], 1);
    const noisy = runs([0.85, 0.62, 0.8, 0.6], 2);
    const better = runs([0.78, 0.79, 0.8, 0.78], 3);
    assert.ok(multiBootstrap(same, noisy, micro('f1'), options()).p > 0.2);
    assert.ok(multiBootstrap(same, better, micro('f1'), options()).p < 0.01);
    assert.ok(multiBootstrap(same, better.slice(1), micro('f1'), options(), 'unpaired').p < 0.01);
    assert.throws(() => multiBootstrap(same, better.slice(1), micro('f1'), options()), /differ in number/);
  });
});
