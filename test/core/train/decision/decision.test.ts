import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { predictionSettings } from '../../../../src/core/predict/settings';
import { decisionFile, fitDecision, neutralDecision } from '../../../../src/core/train/decision/decision';
import { fitThresholds } from '../../../../src/core/train/decision/fitThresholds';
import type { NoteLogits } from '../../../../src/core/train/decision/noteLogits';
import { fitPlatt } from '../../../../src/core/train/decision/platt';

interface Oracle {
  notes: {
    text: string;
    edges: [number, number][];
    entities: [number, number, number][];
    logits: number[][];
  }[];
  a: number[];
  b: number[];
  common: number;
  perLabel: number[];
  odd: { logits: number[]; truth: number[]; a: number; b: number }[];
}

const labels = ['one', 'two', 'three'];
const task = { outputs: labels, labels, scheme: 'IO', activation: 'sigmoid' } as const;
const settings = predictionSettings(
  { scheme: 'IO', activation: 'sigmoid' },
  labels,
  512,
  'multi_label_classification',
);

/** Written by make_calibration.py. */
const oracle = JSON.parse(
  readFileSync(path.join(import.meta.dirname, '../../../oracles/calibration.json'), 'utf8'),
) as Oracle;

const notes: NoteLogits[] = oracle.notes.map(({ text, edges, entities, logits }, i) => ({
  document: {
    id: String(i),
    text,
    annotations: entities.map(([start, end, label]) => ({
      label: labels[label]!,
      fragments: [{ start, end }],
    })),
  },
  windows: [
    {
      starts: Int32Array.from(edges, ([start]) => start),
      ends: Int32Array.from(edges, ([, end]) => end),
      logits: Float32Array.from(logits.flat()),
    },
  ],
}));

const close = (actual: number, expected: number, within: number): void =>
  assert.ok(Math.abs(actual - expected) <= within, `${actual}, not ${expected}`);

describe('fitPlatt', () => {
  it('finds what PyTorch finds, also where labels are one-sided, few or upside down', () => {
    for (const { logits, truth, a, b } of oracle.odd) {
      const pair = fitPlatt(logits, truth);
      close(pair.a, a, 1e-6 * a + 1e-7);
      close(pair.b, b, 1e-5);
    }
  });

  it('leaves an honest encoder nearly as it is', () => {
    // 1000 tokens at each logit, as many right as it says.
    const [logits, truth]: [number[], number[]] = [[], []];
    for (let z = -4; z <= 4; z++) {
      for (let i = 0; i < 1000; i++) {
        logits.push(z);
        truth.push(i < 1000 / (1 + Math.exp(-z)) ? 1 : 0);
      }
    }
    const { a, b } = fitPlatt(logits, truth);
    close(a, 1, 0.01);
    close(b, 0, 0.01);
  });
});

describe('fitDecision', () => {
  const parameters = { calibration: 'platt', thresholds: 'common' } as const;
  const decision = fitDecision(notes, task, settings, parameters);

  it('calibrates and finds thresholds as the reference does', () => {
    oracle.a.forEach((a, i) => close(decision.calibration.a[i]!, a, 1e-4));
    oracle.b.forEach((b, i) => close(decision.calibration.b[i]!, b, 1e-4));
    const fitted = fitThresholds(notes, { a: oracle.a, b: oracle.b }, settings.decoding);
    assert.equal(fitted.common, oracle.common);
    labels.forEach((label, i) => close(fitted.perLabel[label]!, oracle.perLabel[i]!, 1e-9));
    assert.deepEqual(
      Object.values(decision.thresholds),
      labels.map(() => oracle.common),
    );
  });

  it('leaves tokens without width out of calibration', () => {
    const withEmpty = notes.map(({ document, windows: [window] }) => ({
      document,
      windows: [
        {
          starts: Int32Array.of(...window!.starts, document.text.length),
          ends: Int32Array.of(...window!.ends, document.text.length),
          logits: Float32Array.of(...window!.logits, 9, 9, 9),
        },
      ],
    }));
    assert.deepEqual(fitDecision(withEmpty, task, settings, parameters).calibration, decision.calibration);
  });

  it('writes what prediction reads', () => {
    const own = fitDecision(notes, task, settings, { calibration: 'platt', thresholds: 'per-label' });
    const read = predictionSettings(decisionFile(own, task, 512), labels, 512, 'multi_label_classification');
    labels.forEach((label, i) => {
      assert.equal(read.decoding.thresholds[label], own.fitted!.perLabel[label]);
      close(read.calibration.a[i]!, own.calibration.a[i]!, 1e-5);
    });
    assert.deepEqual([read.maxTokens, read.decoding.scheme, read.decoding.aggregation], [512, 'IO', 'word']);
  });

  it('takes the study’s threshold, or none without validation notes', () => {
    const study = fitDecision(notes, task, settings, { calibration: 'none', thresholds: 'study' });
    assert.deepEqual(study.calibration.a, [1, 1, 1]);
    assert.equal(new Set(Object.values(study.thresholds)).size, 1);
    assert.deepEqual(fitDecision([], task, settings, parameters), neutralDecision(task));
  });
});
