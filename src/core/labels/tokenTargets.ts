import type { Annotation } from '../corpus/document';
import { decodeEntities } from '../predict/decode';
import type { Entity } from '../text/entity';

export type Scheme = 'IO' | 'BIO';

/** Places of tokens in their text, UTF-16, in reading order; special tokens have no width. */
export interface TokenSpans {
  readonly starts: Int32Array;
  readonly ends: Int32Array;
}

/** What a model predicts for each token: the labels under IO, `B-L1, I-L1, B-L2, …` under BIO, as the study orders them. */
export function outputLabels(labels: readonly string[], scheme: Scheme): string[] {
  return scheme === 'IO' ? [...labels] : labels.flatMap((label) => [`B-${label}`, `I-${label}`]);
}

export interface TargetOptions {
  readonly labels: readonly string[];
  readonly scheme: Scheme;
  /**
   * Which token is a `B-`: `exact` is the study's, the token that starts where the annotation starts (none does where
   * tokens hold the blank before a word, or where an annotation starts inside a token); `first` is the first token
   * that overlaps the annotation.
   */
  readonly begin?: 'exact' | 'first';
}

/**
 * 1 where a token carries an output, row-major `[tokens, outputs]`. A token carries L when it overlaps an annotation
 * of L (`a.start < t.end and t.start < a.end`); tokens without width carry none. Labels are independent, so a token
 * may carry several, under BIO even `B-L` and `I-L` of two overlapping annotations. All fragments of a discontinuous
 * annotation count, the first alone has a beginning. Annotations of other labels are left out.
 */
export function tokenTargets(
  tokens: TokenSpans,
  annotations: readonly Annotation[],
  { labels, scheme, begin = 'exact' }: TargetOptions,
): Uint8Array {
  const width = scheme === 'IO' ? labels.length : 2 * labels.length;
  const targets = new Uint8Array(tokens.starts.length * width);
  const columns = new Map(labels.map((label, i) => [label, scheme === 'IO' ? i : 2 * i]));
  const visible = tokensWithWidth(tokens);
  for (const { label, fragments } of annotations) {
    const column = columns.get(label);
    if (column === undefined) continue;
    for (const [order, fragment] of fragments.entries()) {
      let first = order === 0;
      for (const token of overlapping(tokens, visible, fragment.start, fragment.end)) {
        const begins =
          begin === 'first' ? first : order === 0 && tokens.starts[token] === fragments[0]!.start;
        targets[token * width + column + (scheme === 'IO' || begins ? 0 : 1)] = 1;
        first = false;
      }
    }
  }
  return targets;
}

/** Targets back to entities by the decoder's own rule: under IO, neighbouring annotations of a label become one. */
export function entitiesOfTargets(
  text: string,
  tokens: TokenSpans,
  targets: Uint8Array,
  { labels, scheme }: TargetOptions,
): Entity[] {
  return decodeEntities(
    text,
    { starts: tokens.starts, ends: tokens.ends, probabilities: Float32Array.from(targets) },
    { scheme, outputs: outputLabels(labels, scheme), thresholds: {}, aggregation: 'token' },
  );
}

function tokensWithWidth({ starts, ends }: TokenSpans): Int32Array {
  return Int32Array.from(starts.keys()).filter((i) => starts[i]! < ends[i]!);
}

/** Tokens that share at least one character with [start, end), in order; ends grow along the text. */
function* overlapping({ starts, ends }: TokenSpans, visible: Int32Array, start: number, end: number) {
  if (start >= end) return;
  let low = 0;
  let high = visible.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ends[visible[middle]!]! <= start) low = middle + 1;
    else high = middle;
  }
  for (; low < visible.length && starts[visible[low]!]! < end; low++) yield visible[low]!;
}
