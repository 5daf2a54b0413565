import type { TokenTask } from '../../evaluate/tokenRows';
import { bestSharedThreshold, thresholdHistogram } from '../../evaluate/thresholds';
import { identityCalibration } from '../../predict/calibration';
import type { Calibration } from '../../predict/calibration';
import type { PredictionSettings } from '../../predict/settings';
import type { FittedThresholds } from './fitThresholds';
import { fitThresholds } from './fitThresholds';
import type { HyperParameters } from '../settings/hyperParameters';
import type { NoteLogits } from './noteLogits';
import { fitCalibration } from './platt';
import { bestMicroThreshold, tokenRows } from './validation';

/** What turns a trained encoder's logits into entities, fitted on validation notes. */
export interface Decision {
  readonly calibration: Calibration;
  /** Of each entity label. */
  readonly thresholds: Readonly<Record<string, number>>;
  /** Both ways of choosing, whichever is used; undefined without validation notes. */
  readonly fitted: FittedThresholds | undefined;
  /** For the token view: shared by all labels, with the best micro F1 on validation. */
  readonly tokenThreshold: number;
}

/** Probabilities as the encoder has them, at 0.5: all that can be said without validation notes. */
export function neutralDecision({ outputs, labels }: TokenTask): Decision {
  return {
    calibration: identityCalibration(outputs.length),
    thresholds: Object.fromEntries(labels.map((label) => [label, 0.5])),
    fitted: undefined,
    tokenThreshold: 0.5,
  };
}

export function fitDecision(
  validation: readonly NoteLogits[],
  task: TokenTask,
  { decoding }: PredictionSettings,
  parameters: Pick<HyperParameters, 'calibration' | 'thresholds'>,
): Decision {
  if (validation.length === 0) return neutralDecision(task);
  const calibration =
    parameters.calibration === 'none'
      ? identityCalibration(task.outputs.length)
      : calibrationOf(validation, task);
  const fitted = fitThresholds(validation, calibration, decoding);
  const rows = tokenRows(validation, task, calibration);
  const shared = bestSharedThreshold(thresholdHistogram(rows)).threshold;
  const of = { common: fitted.common, study: shared, 'per-label': undefined }[parameters.thresholds];
  const thresholds = Object.fromEntries(
    task.labels.map((label) => [label, of ?? fitted.perLabel[label]!] as const),
  );
  return { calibration, thresholds, fitted, tokenThreshold: bestMicroThreshold(rows) };
}

/** On tokens that have a width: the others carry no label by definition and are never shown. */
function calibrationOf(notes: readonly NoteLogits[], task: TokenTask): Calibration {
  const width = task.outputs.length;
  const visible = notes.map(({ document, windows }) => ({
    document,
    windows: windows.map((window) => withWidth(window, width)),
  }));
  const logits = visible.flatMap(({ windows }) => windows.map((window) => window.logits));
  const all = new Float32Array(logits.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const values of logits) {
    all.set(values, at);
    at += values.length;
  }
  const { truth } = tokenRows(visible, task, identityCalibration(width));
  return fitCalibration(all, truth, width);
}

function withWidth(
  { starts, ends, logits }: NoteLogits['windows'][number],
  width: number,
): NoteLogits['windows'][number] {
  const kept = (_: number, i: number): boolean => starts[i]! < ends[i]!;
  return {
    starts: starts.filter(kept),
    ends: ends.filter(kept),
    logits: logits.filter((_, i) => starts[Math.floor(i / width)]! < ends[Math.floor(i / width)]!),
  };
}

/** Digits after the point: more would be noise. */
const DIGITS = 5;

/** `anamnese.json` of the trained folder, as `predictionSettings` reads it. */
export function decisionFile(
  { calibration, thresholds, fitted }: Decision,
  { scheme, outputs }: TokenTask,
  maxTokens: number,
): Readonly<Record<string, unknown>> {
  const rounded = (values: readonly number[]): number[] =>
    values.map((value) => Number(value.toFixed(DIGITS)));
  return {
    scheme,
    labels: outputs,
    maxTokens,
    thresholds,
    calibration: { method: 'platt', a: rounded(calibration.a), b: rounded(calibration.b) },
    smoothing: { method: 'word' },
    ...(fitted ? { fittedThresholds: fitted } : {}),
  };
}
