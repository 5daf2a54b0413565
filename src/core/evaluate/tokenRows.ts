import type { Annotation } from '../corpus/document';
import { tokenTargets } from '../labels/tokenTargets';
import type { TargetOptions } from '../labels/tokenTargets';
import { softmax } from '../predict/calibration';
import type { ScoredTokens } from '../predict/decode';
import type { Activation } from '../predict/settings';
import type { Encoding } from '../tokenize/encoding';
import type { ScoredRows } from './scoredRows';

/** The study pads every note to this many tokens and cuts off what is longer, special tokens included. */
export const STUDY_LENGTH = 512;

/** Cuts an encoding as transformers' `truncation=True` does: its own tokens at the end, special ones stay. */
export function truncate(encoding: Encoding, length: number): Encoding {
  const excess = encoding.ids.length - length;
  if (excess <= 0) return encoding;
  let tail = encoding.ids.length;
  while (tail > 0 && encoding.special[tail - 1] === 1) tail--;
  const keep = <T extends Int32Array | Uint8Array>(values: T): T =>
    values.filter((_, i) => i < tail - excess || i >= tail) as T;
  return {
    ids: keep(encoding.ids),
    starts: keep(encoding.starts),
    ends: keep(encoding.ends),
    special: keep(encoding.special),
  };
}

/** A model's outputs, what its logits mean, and how gold becomes truth for them. */
export interface TokenTask extends TargetOptions {
  readonly outputs: readonly string[];
  readonly activation: Activation;
}

/**
 * A note's rows in the paper protocol, `[length, outputs]`: probabilities of each token by its logits, special tokens
 * among them, whose truth is all zero; then padding, all zero in truth.
 * @param logits of the tokens, `[tokens, outputs]`, whose padding then scores 0; or of all `[length, outputs]` positions,
 *   as in the study
 */
export function paperRows(
  encoding: Encoding,
  logits: Float32Array,
  annotations: readonly Annotation[],
  task: TokenTask,
  length: number,
): ScoredRows {
  const width = task.outputs.length;
  const scores = new Float32Array(length * width);
  scores.set(
    task.activation === 'softmax' ? softmax(logits, width) : logits.map((x) => 1 / (1 + Math.exp(-x))),
  );
  return { labels: task.outputs, scores, truth: paperTruth(encoding, annotations, task, length) };
}

/** What gold says of each position of a padded note, `[length, outputs]`: nothing of special tokens and padding. */
export function paperTruth(
  encoding: Encoding,
  annotations: readonly Annotation[],
  task: Pick<TokenTask, 'outputs' | 'labels' | 'scheme'>,
  length: number,
): Uint8Array {
  const truth = new Uint8Array(length * task.outputs.length);
  const targets = tokenTargets(withoutWidth(encoding), annotations, { ...task, begin: 'exact' });
  truth.set(inOutputs(targets, task, task.outputs));
  return truth;
}

/** Special tokens carry no label: as zero-width tokens, whatever their offsets. */
function withoutWidth({ starts, ends, special }: Encoding): { starts: Int32Array; ends: Int32Array } {
  return { starts, ends: ends.map((end, i) => (special[i] === 1 ? starts[i]! : end)) };
}

/** A note's rows of its own tokens, every one of the text once, no padding, no special tokens: calibrated probabilities. */
export function honestRows(
  windows: readonly ScoredTokens[],
  annotations: readonly Annotation[],
  task: TokenTask,
): ScoredRows[] {
  return windows.map((tokens) => ({
    labels: task.outputs,
    scores: tokens.probabilities,
    truth: inOutputs(tokenTargets(tokens, annotations, task), task, task.outputs),
  }));
}

/** Targets in the order of the model's own outputs, which need not be the study's. */
function inOutputs(targets: Uint8Array, options: TargetOptions, outputs: readonly string[]): Uint8Array {
  const own = options.scheme === 'IO' ? options.labels : options.labels.flatMap((l) => [`B-${l}`, `I-${l}`]);
  if (own.every((name, i) => name === outputs[i]) && own.length === outputs.length) return targets;
  const columns = outputs.map((output) => own.indexOf(output));
  const rows = targets.length / own.length;
  const ordered = new Uint8Array(rows * outputs.length);
  for (let row = 0; row < rows; row++) {
    columns.forEach((column, i) => {
      if (column >= 0) ordered[row * outputs.length + i] = targets[row * own.length + column]!;
    });
  }
  return ordered;
}
