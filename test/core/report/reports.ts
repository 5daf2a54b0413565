import { concatRows } from '../../../src/core/evaluate/scoredRows';
import type { ScoredRows } from '../../../src/core/evaluate/scoredRows';
import { STUDY_THRESHOLDS, thresholdHistogram } from '../../../src/core/evaluate/thresholds';
import type { TokenScores } from '../../../src/core/experiments/runFiles';
import type { ReportHeader, ReportRun } from '../../../src/core/report/reportHeader';

/** A run of a report with nothing in it but what a test says. */
export function reportRun(run: Partial<ReportRun>): ReportRun {
  return {
    id: 'run',
    system: 0,
    seed: 1,
    split: '00000000',
    notes: { train: 60, validation: 20, test: 20 },
    layouts: { honest: 0 },
    labels: 0,
    parts: ['train', 'validation', 'test'],
    operating: { honest: 0.5, paper: null },
    intervals: {},
    epochs: 0,
    bestEpoch: null,
    cost: { trainSeconds: 60, scoreSeconds: 6, peakMemoryBytes: 1e9, trainedTokens: 6000 },
    machine: 'cpu',
    errors: null,
    ...run,
  };
}

/** A report with nothing in it but what a test says. */
export function reportHeader(header: Partial<ReportHeader>): ReportHeader {
  return {
    format: 'anamnese-report',
    version: 2,
    name: 'plan',
    corpus: 'notes',
    planned: 1,
    layouts: [['A', 'B']],
    labels: ['A', 'B'],
    thresholds: STUDY_THRESHOLDS,
    systems: [{ encoder: 'e5', strategy: 'is', scheme: 'IO' }],
    runs: [],
    comparisons: [],
    notes: [],
    problems: [],
    hasTexts: false,
    ...header,
  };
}

/** What `tokens.json` keeps of some rows. */
export function histogramOf(rows: ScoredRows): TokenScores['honest'] {
  const { bins, thresholds, labels } = thresholdHistogram(concatRows(rows.labels, [rows]));
  const size = thresholds.length + 1;
  const side = (positive: number): number[][] =>
    Array.from({ length: labels }, (_, label) => {
      const from = (label * 2 + positive) * size;
      return [...bins.subarray(from, from + size)];
    });
  return { thresholds: [...thresholds], negatives: side(0), positives: side(1) };
}
