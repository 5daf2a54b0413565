import assert from 'node:assert/strict';
import { areas } from '../../../src/core/evaluate/areas';
import { calibrationErrors } from '../../../src/core/evaluate/calibrationError';
import { precisionRecallCurve, rocCurve } from '../../../src/core/evaluate/curves';
import { rank } from '../../../src/core/evaluate/ranking';
import type { Rates } from '../../../src/core/evaluate/rates';
import { labelRates } from '../../../src/core/evaluate/rates';
import { column, countAbove } from '../../../src/core/evaluate/scoredRows';
import {
  bestLabelThresholds,
  bestSharedThreshold,
  thresholdHistogram,
} from '../../../src/core/evaluate/thresholds';
import { assertClose, oracle, rowsOf } from './metricsOracle';

for (const one of oracle.cases) {
  describe(`metrics equal scikit-learn's to 1e-12: ${one.name}`, () => {
    const rows = rowsOf(one);
    const at = (threshold: number) =>
      labelRates(
        rows.labels,
        countAbove(
          rows,
          rows.labels.map(() => threshold),
        ),
      );

    it('precision, recall, F1 and support of each label', () => {
      const { perLabel } = at(0.5);
      for (const key of ['precision', 'recall', 'f1', 'support'] as const) {
        assertClose(
          Object.values(perLabel).map((rates) => rates[key]),
          one.atHalf[key],
          key,
        );
      }
    });

    it('the study’s metric function: its threshold, micro and macro rates there, ROC AUC', () => {
      const { threshold, macroF1 } = bestSharedThreshold(thresholdHistogram(rows));
      assert.equal(threshold, one.study.threshold);
      assertClose([macroF1], [one.study.macro.f1], 'macro F1');
      const rates = at(threshold);
      const figures = ({ precision, recall, f1 }: Omit<Rates, 'support'>): number[] => [
        precision,
        recall,
        f1,
      ];
      for (const average of ['micro', 'macro'] as const) {
        assertClose(figures(rates[average]), figures(one.study[average]), average);
      }
      const { rocAuc } = areas(rows);
      assertClose([rocAuc.micro], [one.study.micro.rocAuc], 'micro ROC AUC');
      const defined = one.rocAuc.perLabel.filter((value) => value !== null);
      const mean =
        defined.length > 0 ? defined.reduce((sum, value) => sum + value, 0) / defined.length : null;
      assertClose([rocAuc.macro], [one.study.macro.rocAuc ?? mean], 'macro ROC AUC');
    });

    it('the best threshold of each label', () => {
      assert.deepEqual(bestLabelThresholds(thresholdHistogram(rows)), one.labelThresholds);
    });

    it('ROC AUC, average precision and calibration error', () => {
      const { rocAuc, averagePrecision } = areas(rows);
      assertClose(Object.values(rocAuc.perLabel), one.rocAuc.perLabel, 'ROC AUC');
      assertClose(Object.values(averagePrecision.perLabel), one.averagePrecision.perLabel, 'precision');
      assertClose(
        [averagePrecision.micro, averagePrecision.macro],
        [one.averagePrecision.micro, one.averagePrecision.macro],
        'average precision',
      );
      const { perLabel, micro } = calibrationErrors(rows);
      assertClose(Object.values(perLabel), one.calibrationError.perLabel, 'calibration error');
      assertClose([micro], [one.calibrationError.micro], 'pooled calibration error');
    });

    it('precision-recall and ROC curves, point by point', () => {
      one.curves.forEach((expected, label) => {
        const { scores, truth } = column(rows, label);
        const ranking = rank(scores, truth);
        const curve = precisionRecallCurve(ranking);
        for (const key of ['precision', 'recall', 'thresholds'] as const) {
          assertClose(curve[key], expected[key], `${key} of ${label}`);
        }
        const { falsePositiveRate, truePositiveRate, thresholds } = rocCurve(ranking);
        assertClose(falsePositiveRate, expected.falsePositiveRate, `false positive rate of ${label}`);
        assertClose(truePositiveRate, expected.truePositiveRate, `true positive rate of ${label}`);
        assertClose(thresholds, expected.rocThresholds, `ROC thresholds of ${label}`);
      });
    });
  });
}
