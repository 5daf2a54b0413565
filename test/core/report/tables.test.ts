import assert from 'node:assert/strict';
import { runFigures } from '../../../src/core/report/figures';
import { groupsIn } from '../../../src/core/report/groups';
import { numberWriter } from '../../../src/core/report/numbers';
import type { ReportHeader, ReportRun } from '../../../src/core/report/reportHeader';
import { runsBySystem, systemFigures } from '../../../src/core/report/systemFigures';
import type { ReportTable } from '../../../src/core/report/tables';
import { toCsvTable, toLatex, toMarkdown, wholeText } from '../../../src/core/report/tables';
import { costTable } from '../../../src/core/report/tables/cost';
import { labelsTable } from '../../../src/core/report/tables/labels';
import { modelsTable } from '../../../src/core/report/tables/models';
import { comparedTable } from '../../../src/core/report/tables/compared';
import type { OwnTallies } from '../../../src/core/report/tallies';
import { english } from '../../../src/core/report/words';
import { reportHeader, reportRun } from './reports';

const writing = { t: english, numbers: numberWriter(false) };

const TABLE: ReportTable = {
  caption: 'Models & more',
  columns: [
    { name: 'model', numeric: false },
    { name: 'F1', numeric: true },
  ],
  rows: [
    [{ text: 'a_b | 50 %' }, { text: '0.500', value: 0.5, detail: '±0.100' }],
    [{ text: '=1+1, "x"' }, { text: '−0.074', value: -0.0743 }],
  ],
};

describe('tables', () => {
  it('are written as Markdown', () => {
    const lines = toMarkdown(TABLE).split('\n');
    assert.equal(lines[2], '| model | F1 |');
    assert.equal(lines[3], '| :-- | --: |');
    assert.equal(lines[4], '| a_b \\| 50 % | 0.500 ±0.100 |');
    const tag = { ...TABLE, rows: [[{ text: '<b>"&' }, { text: '<0.001' }]] };
    assert.equal(toMarkdown(tag).split('\n')[4], '| \\<b>"& | <0.001 |');
  });

  it('are written as CSV with bare numbers, and no name that a spreadsheet would compute', () => {
    assert.equal(toCsvTable(TABLE), 'model,F1\r\na_b | 50 %,0.5\r\n"\'=1+1, ""x""",-0.0743\r\n');
  });

  it('are written as LaTeX with its signs escaped', () => {
    const latex = toLatex(TABLE);
    assert.match(latex, /\\caption\{Models \\& more\}/);
    assert.match(latex, /a\\_b \| 50 \\% & 0\.500 \$\\pm\$0\.100 \\\\/);
    assert.match(latex, /\$-\$0\.074/);
    assert.match(latex, /\\begin\{tabular\}\{lr\}/);
  });
});

/** Two strategies with two seeds each, one label: precision 1, recall from the hits of ten. */
function twoStrategies(): { header: ReportHeader; tallies: OwnTallies } {
  const hits = [5, 7, 8, 10];
  const header = reportHeader({
    layouts: [['A']],
    systems: [
      { encoder: 'e5', strategy: 'random', scheme: 'IO' },
      { encoder: 'e5', strategy: 'is', scheme: 'IO' },
    ],
    runs: hits.map((_, run) => reportRun({ system: run < 2 ? 0 : 1, seed: run % 2 })),
    comparisons: [
      {
        view: 'honest',
        metric: 'micro F1',
        baseline: 1,
        system: 0,
        difference: { value: -0.2, low: -0.3, high: -0.1 },
        test: 'a test',
        p: 0.01,
        adjustedP: 0.02,
      },
    ],
  });
  const tallies = {
    starts: Uint32Array.of(0, 1, 2, 3, 4),
    cells: 4,
    truePositives: Uint32Array.from(hits),
    falsePositives: new Uint32Array(4),
    falseNegatives: Uint32Array.from(hits, (hit) => 10 - hit),
  };
  return { header, tallies };
}

function viewOf({ header, tallies }: ReturnType<typeof twoStrategies>, threshold?: number) {
  const systems = systemFigures(runsBySystem(header, 'honest'), runFigures(tallies));
  return { view: 'honest' as const, threshold, systems };
}

describe('the tables of results', () => {
  it('give a system the mean of its runs and an interval that is wider than a plain t-test’s', () => {
    const both = twoStrategies();
    const [row] = modelsTable(both.header, viewOf(both), writing).rows;
    assert.equal(row![0]!.text, 'e5 · random split · IO');
    assert.equal(row![2]!.value, 1);
    assert.ok(Math.abs(row![3]!.value! - 0.6) < 1e-12);
    assert.deepEqual(row![3]!.interval, [0, 1]);
    assert.equal(row![3]!.detail, '[0.000–1.000]');
    assert.equal(row![2]!.detail, '[1.000–1.000]', 'precision has no spread');
    const [names, values] = toCsvTable(modelsTable(both.header, viewOf(both), writing)).split('\r\n');
    assert.match(names!, /^model,runs,micro P,"micro P, low end","micro P, high end",micro R,/);
    assert.match(values!, /^e5 · random split · IO,2,1,1,1,0\.6\d*,0,1,/);
  });

  it('show differences from iterative stratification, and p with a mark where it is small', () => {
    const both = twoStrategies();
    const figures = viewOf(both);
    const [group] = groupsIn('honest', both.header.systems);
    const { rows, columns } = comparedTable(both.header, figures, group!, writing)!;
    assert.deepEqual(group, { differ: 'strategy', members: [0, 1], baseline: 1 });
    assert.equal(columns[3]!.name, 'Δ micro from IS');
    const [random, is] = rows;
    const mean = (a: number, b: number): number => (2 * a) / (10 + a) / 2 + (2 * b) / (10 + b) / 2;
    assert.ok(Math.abs(random![3]!.value! - (mean(5, 7) - mean(8, 10))) < 1e-12);
    assert.equal(random![4]!.text, '0.020 ●');
    assert.deepEqual(
      is!.slice(3, 5).map(({ text }) => text),
      ['–', ''],
    );
  });

  it('have in CSV the deviations that Markdown writes beside the means', () => {
    const both = twoStrategies();
    const [group] = groupsIn('honest', both.header.systems);
    const table = comparedTable(both.header, viewOf(both), group!, writing)!;
    const [names, values] = toCsvTable(table)
      .split('\r\n')
      .map((line) => line.match(/"[^"]*"|[^,]+/g)!);
    assert.deepEqual(names!.slice(2, 4), ['micro F1', '"micro F1, standard deviation"']);
    assert.equal(names![6], 'macro F1');
    assert.equal(names![7], '"macro F1, standard deviation"');
    const f1 = [5, 7].map((right) => (2 * right) / (10 + right));
    assert.ok(Math.abs(Number(values![3]) - Math.abs(f1[0]! - f1[1]!) / Math.SQRT2) < 1e-12, values![3]);
    assert.match(toMarkdown(table), new RegExp(`±${Number(values![3]).toFixed(3)}`));
  });

  it('say of a strategy that found nothing to do that its runs are another’s', () => {
    const both = twoStrategies();
    const [a, b, c, d] = both.header.runs as [ReportRun, ReportRun, ReportRun, ReportRun];
    const nameOf = (...runs: ReportRun[]): string => {
      const header = { ...both.header, runs };
      const [group] = groupsIn('honest', header.systems);
      return wholeText(comparedTable(header, viewOf({ ...both, header }), group!, writing)!.rows[0]![0]!);
    };
    const [first, second] = [
      { ...a, sameAs: 'c' },
      { ...b, sameAs: 'd' },
    ];
    const others = [
      { ...c, id: 'c' },
      { ...d, id: 'd' },
    ];
    assert.equal(nameOf(first, second, ...others), 'random split (the same training as IS)');
    assert.equal(nameOf(first, b, ...others), 'random split', 'only one of its runs is');
  });

  it('show no p and no interval at another threshold than the runs’ own', () => {
    const both = twoStrategies();
    const figures = viewOf(both, 0.3);
    const [group] = groupsIn('honest', both.header.systems);
    assert.equal(comparedTable(both.header, figures, group!, writing)!.rows[0]![4]!.text, '–');
    const models = modelsTable(both.header, figures, writing);
    assert.ok(models.rows[0]!.every(({ detail }) => detail === undefined));
    assert.match(models.caption, /all at threshold 0\.30/);
  });

  it('list labels with their support', () => {
    const counts = new Map([['A', { truePositives: 3, falsePositives: 1, falseNegatives: 2 }]]);
    const { rows } = labelsTable(counts, 'Labels', (label) => label, writing);
    assert.deepEqual(
      rows[0]!.map(({ text }) => text),
      ['A', '5', '0.750', '0.600', '0.667'],
    );
  });

  it('add up what runs took', () => {
    const { header } = twoStrategies();
    const [row] = costTable(header, [[0, 1], []], writing).rows;
    assert.deepEqual(
      row!.map(({ text }) => text),
      ['e5 · random split · IO', '2', '1.0', '0.1', '2.2', '100', '1\u2009000'],
    );
  });
});

describe('numbers', () => {
  const [point, comma] = [numberWriter(false), numberWriter(true)];
  it('have a point or a comma, and a true minus that zero does not have', () => {
    assert.equal(comma.rate(0.7314), '0,731');
    assert.equal(point.signed(-0.0741), '−0.074');
    assert.equal(point.signed(0.0741), '+0.074');
    assert.equal(point.signed(-0.0001), '0.000');
    assert.equal(point.rate(undefined), '–');
    assert.equal(point.rate(NaN), '–');
    assert.equal(comma.p(0.0004), '<0,001');
    assert.equal(point.p(0.0041), '0.004');
    assert.equal(point.count(1234567), '1\u2009234\u2009567');
  });
});
