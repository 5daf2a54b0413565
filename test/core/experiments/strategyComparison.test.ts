import assert from 'node:assert/strict';
import { holm } from '../../../src/core/evaluate/randomisation';
import { correctedResampledT, correctedWelchT } from '../../../src/core/evaluate/repeatedRuns';
import type { ComparedSystem, ScoredRun, SystemName } from '../../../src/core/experiments/strategyComparison';
import { compareStrategies } from '../../../src/core/experiments/strategyComparison';
import { seededRng } from '../../../src/core/random';
import type { MadeRun } from './madeRuns';
import { madeRun } from './madeRuns';

const rng = seededRng(3);
const runs = (made: Omit<MadeRun, 'seed'>, seeds: readonly number[] = [1, 2, 3]): ScoredRun[] =>
  seeds.map((seed) => madeRun({ ...made, seed }, rng));

const RANDOM = { encoder: 'e5', strategy: 'random', scheme: 'IO' } as const;
const IS = { encoder: 'e5', strategy: 'is', scheme: 'IO' } as const;

const compared = (given: readonly ScoredRun[], baseline: SystemName = IS, table = 'text, words') =>
  compareStrategies(given, baseline, { table, rounds: 200, rng: seededRng(1) });

const values = ({ figures }: ComparedSystem, name: string): number[] =>
  figures[name]!.perSeed.map(({ value }) => value);

describe('compareStrategies', () => {
  const study = [
    ...runs({ strategy: 'random', recall: 0.6 }),
    ...runs({ strategy: 'is', recall: 0.6 }),
    ...runs({ strategy: 'weighted', recall: 0.8 }),
    ...runs({ strategy: 'oversampling', recall: 0.61 }),
  ];

  it('compares strategies on the same splits split by split, and a random split without pairs', () => {
    const { systems, figures } = compared(study);
    assert.deepEqual(figures, ['micro F1', 'macro F1', 'F1 of DIS', 'F1 of ANA']);
    assert.deepEqual(
      systems.map(({ strategy, isBaseline }) => [strategy, isBaseline]),
      [
        ['is', true],
        ['random', false],
        ['weighted', false],
        ['oversampling', false],
      ],
    );
    const [is, random, weighted] = systems as [ComparedSystem, ComparedSystem, ComparedSystem];
    for (const figure of figures) {
      const differences = values(weighted, figure).map((value, i) => value - values(is, figure)[i]!);
      const paired = correctedResampledT(differences, 1 / 3)!;
      const ofWeighted = weighted.figures[figure]!.fromBaseline!;
      assert.equal(ofWeighted.p, paired.p);
      assert.deepEqual(ofWeighted.difference, { value: paired.mean, low: paired.low, high: paired.high });
      assert.equal(ofWeighted.test, 'corrected resampled t-test, 3 common splits');
      const unpaired = correctedWelchT(values(is, figure), values(random, figure), 1 / 3)!;
      const ofRandom = random.figures[figure]!.fromBaseline!;
      assert.equal(ofRandom.p, unpaired.p);
      assert.match(
        ofRandom.test,
        /^Welch’s t-test with Nadeau and Bengio’s correction, 3 and 3 different splits$/,
      );
    }
    assert.ok(weighted.figures['micro F1']!.fromBaseline!.adjustedP < 0.05);
    assert.equal(is.figures['micro F1']!.fromBaseline, undefined);
  });

  it('corrects micro F1, macro F1, and all labels’ F1 each as one family', () => {
    const { systems } = compared(study);
    const others = systems.filter(({ isBaseline }) => !isBaseline);
    const tests = (name: string) => others.map(({ figures }) => figures[name]!.fromBaseline!);
    for (const name of ['micro F1', 'macro F1']) {
      assert.deepEqual(
        tests(name).map(({ adjustedP }) => adjustedP),
        holm(tests(name).map(({ p }) => p)),
      );
      assert.ok(tests(name).every(({ family }) => family === 3));
    }
    const labels = [...tests('F1 of DIS'), ...tests('F1 of ANA')];
    assert.deepEqual(
      labels.map(({ adjustedP }) => adjustedP),
      holm(labels.map(({ p }) => p)),
    );
    assert.ok(labels.every(({ family }) => family === 6));
  });

  it('names every run’s figure, mean and deviation over seeds', () => {
    const [is] = compared(study).systems as [ComparedSystem];
    const { mean, deviation, perSeed } = is.figures['macro F1']!;
    assert.deepEqual(
      perSeed.map(({ run, seed }) => [run, seed]),
      [1, 2, 3].map((seed) => [`e5-is-io-${seed}`, seed]),
    );
    assert.ok(Math.abs(mean - values(is, 'macro F1').reduce((sum, value) => sum + value / 3, 0)) < 1e-12);
    assert.ok(deviation! > 0);
  });

  it('pairs runs by their splits, whatever their order and number', () => {
    const shuffled = compared([study[8]!, study[3]!, study[6]!, study[5]!, study[4]!]);
    const [is, weighted] = shuffled.systems as [ComparedSystem, ComparedSystem];
    const own = values(weighted, 'micro F1');
    assert.deepEqual(weighted.runs, ['e5-weighted-io-1', 'e5-weighted-io-3']);
    const differences = [own[0]! - values(is, 'micro F1')[0]!, own[1]! - values(is, 'micro F1')[2]!];
    const { p, mean } = correctedResampledT(differences, 1 / 3)!;
    const tested = weighted.figures['micro F1']!.fromBaseline!;
    assert.deepEqual([tested.p, tested.difference.value], [p, mean]);
    assert.match(tested.test, /2 common splits/);
  });

  it('tests a single common split over its notes, and nothing where there is too little', () => {
    const one = [
      ...runs({ strategy: 'is', recall: 0.5 }, [1]),
      ...runs({ strategy: 'weighted', recall: 0.8 }, [1]),
    ];
    const [, weighted] = compared(one).systems as [ComparedSystem, ComparedSystem];
    const tested = weighted.figures['micro F1']!.fromBaseline!;
    assert.equal(tested.test, 'approximate randomisation over the notes of one split');
    assert.ok(tested.p < 0.05 && tested.difference.value > 0.1);
    const apart = [
      ...runs({ strategy: 'random', recall: 0.5 }, [1]),
      ...runs({ strategy: 'is', recall: 0.8 }, [1, 2]),
    ];
    const [, is] = compared(apart, RANDOM).systems as [ComparedSystem, ComparedSystem];
    assert.equal(is.untested, 'on different notes, at least two runs of each are needed');
    assert.equal(is.figures['micro F1']!.fromBaseline, undefined);
  });

  it('tests several seeds on one split by the multi-bootstrap', () => {
    const split = 'given';
    const given = [
      ...runs({ strategy: 'is', recall: 0.5, split }),
      ...runs({ strategy: 'weighted', recall: 0.8, split }),
    ];
    const [, weighted] = compared(given).systems as [ComparedSystem, ComparedSystem];
    const { test, p } = weighted.figures['macro F1']!.fromBaseline!;
    assert.equal(test, 'multi-bootstrap over paired seeds and notes');
    assert.ok(p < 0.02);
  });

  it('compares encoders and schemes in the text view, and in token views only what counts the same', () => {
    const others = { recall: 0.7, strategy: 'is' } as const;
    const table = 'honest token, shared threshold';
    const begin = ['B-DIS', 'I-DIS', 'B-ANA', 'I-ANA'];
    const given = [
      ...runs({ ...others, table }),
      ...runs({ ...others, table, encoder: 'bert' }),
      ...runs({ ...others, table, scheme: 'BIO', labels: begin }),
      ...runs({ ...others, table, strategy: 'clamped' }),
    ];
    const { systems, figures } = compared(given, IS, table);
    assert.deepEqual(
      systems.map(({ untested }) => untested),
      [
        undefined,
        'encoders may count different tokens: compare them in the text view',
        'IO and BIO count different outputs: compare them in the text view',
        undefined,
      ],
    );
    // Labels of one scheme are none of the other's, whose mean they would halve.
    assert.ok(systems.every((system) => system.figures['macro F1']!.mean > 0.6));
    assert.ok('F1 of B-DIS' in systems[2]!.figures && !('F1 of B-DIS' in systems[0]!.figures));
    assert.equal(figures.length, 8);
    const text = [...runs(others), ...runs({ ...others, encoder: 'bert', scheme: 'BIO' })];
    assert.equal(compared(text).systems[1]!.untested, undefined);
  });

  it('compares nothing across states of the corpus', () => {
    const given = [
      ...runs({ strategy: 'is', recall: 0.6 }),
      ...runs({ strategy: 'clamped', recall: 0.6, corpus: 'c1' }),
    ];
    assert.equal(compared(given).systems[1]!.untested, 'the corpus has changed between the runs');
  });

  it('tests no training that is the baseline’s own: the others are corrected for fewer comparisons', () => {
    const given = [
      ...runs({ strategy: 'is', recall: 0.6 }),
      ...runs({ strategy: 'random', recall: 0.7 }),
      ...runs({ strategy: 'clamped', recall: 0.6 }).map((run, i): ScoredRun => {
        const { id } = runs({ strategy: 'is', recall: 0.6 })[i]!.record;
        return { ...run, record: { ...run.record, sameAs: id } };
      }),
    ];
    const [, random, clamped] = compared(given).systems;
    assert.equal(clamped!.untested, 'the same training as the baseline');
    assert.equal(clamped!.figures['micro F1']!.fromBaseline, undefined);
    assert.equal(random!.figures['micro F1']!.fromBaseline!.family, 1);
    const [twin] = compared(given, { encoder: 'e5', strategy: 'clamped', scheme: 'IO' }).systems.slice(1);
    assert.equal(twin!.untested, 'the same training as the baseline');
  });

  it('says what it cannot find', () => {
    assert.throws(
      () => compared(study, { ...IS, encoder: 'bert' }),
      /no finished run of the baseline bert, is, IO/,
    );
    assert.throws(
      () => compared(study, IS, 'text, lines'),
      /e5-random-io-1: counts\.json has no table "text, lines"/,
    );
  });
});
