import type { GoldSpan } from '../corpus/inlineMarkup';
import { f1, precision, recall } from './rates';
import type { Counts } from './rates';

/**
 * Character-level counts of each label: every character of the text is one unit a label, marked or not in gold and
 * in prediction. The same units for every model, whatever its tokenizer; spans of one label that overlap count once.
 */
export function countCharacters(
  length: number,
  gold: readonly GoldSpan[],
  predicted: readonly GoldSpan[],
  labels: readonly string[],
): Map<string, Counts> {
  return new Map(
    labels.map((label) => {
      const [inGold, inPrediction] = [cover(length, gold, label), cover(length, predicted, label)];
      const counts = { truePositives: 0, falsePositives: 0, falseNegatives: 0 };
      for (let i = 0; i < length; i++) {
        if (inPrediction[i]) counts[inGold[i] ? 'truePositives' : 'falsePositives']++;
        else if (inGold[i]) counts.falseNegatives++;
      }
      return [label, counts];
    }),
  );
}

function cover(length: number, spans: readonly GoldSpan[], label: string): Uint8Array {
  const covered = new Uint8Array(length);
  for (const span of spans) if (span.label === label) covered.fill(1, span.start, span.end);
  return covered;
}

/** Rates of a set of labels. Macro averages over the labels that occur in gold or prediction. */
export interface Summary {
  readonly micro: number;
  readonly macro: number;
  readonly perLabel: ReadonlyMap<string, { precision: number; recall: number; f1: number; support: number }>;
}

export function summarize(counts: ReadonlyMap<string, Counts>): Summary {
  const total = { truePositives: 0, falsePositives: 0, falseNegatives: 0 };
  for (const one of counts.values()) {
    total.truePositives += one.truePositives;
    total.falsePositives += one.falsePositives;
    total.falseNegatives += one.falseNegatives;
  }
  const occurring = [...counts.values()].filter(
    (one) => one.truePositives + one.falsePositives + one.falseNegatives > 0,
  );
  const perLabel = [...counts].map(
    ([label, one]) =>
      [
        label,
        {
          precision: precision(one),
          recall: recall(one),
          f1: f1(one),
          support: one.truePositives + one.falseNegatives,
        },
      ] as const,
  );
  const macro = occurring.reduce((sum, one) => sum + f1(one), 0) / Math.max(1, occurring.length);
  return { micro: f1(total), macro, perLabel: new Map(perLabel) };
}
