import type { CorpusDocument } from '../../corpus/document';
import type { HyperParameters } from '../settings/hyperParameters';
import { asTheStrategySays } from '../settings/hyperParameters';
import type { WeightOptions } from './imbalance';
import { positiveWeights } from './imbalance';
import type { Balanced, Strategy } from './strategy';
import { isSameBalance, weighs, weightOptions } from './strategy';

/** Below this weight positives count for next to nothing beside negatives. */
const HARDLY_LEARNT = 0.2;
/** Figures of fewer notes say little of others. */
const FEW_NOTES = 10;

/** What a person should know of a training part and of what a strategy made of it, in sentences. */
export function balanceRemarks(
  training: readonly CorpusDocument[],
  labels: readonly string[],
  strategy: Strategy,
  balanced: Balanced,
  weights: HyperParameters['weights'],
): string[] {
  const remarks: string[] = [];
  if (training.length < FEW_NOTES)
    remarks.push(`${training.length} training notes are too few for figures that mean something`);
  const untouched = { documents: training, positiveWeights: undefined };
  if ((strategy === 'clamped' || strategy === 'oversampling') && isSameBalance(balanced, untouched))
    remarks.push(`${strategy} finds nothing to do in these notes: it trains as "is" does`);
  if (weighs(strategy)) remarks.push(...lightLabels(training, labels, weightOptions(strategy, weights)));
  else if (!isAsTheStrategySays(weights))
    remarks.push(`${strategy} weighs no label: the settings of weights change nothing`);
  return remarks;
}

function isAsTheStrategySays({ power, minimum, beginScale }: HyperParameters['weights']): boolean {
  const same = asTheStrategySays;
  return power === same.power && minimum === same.minimum && beginScale === same.beginScale;
}

/** The study's weights are small where most notes have a label, whatever its share of the words. */
function lightLabels(
  training: readonly CorpusDocument[],
  labels: readonly string[],
  options: WeightOptions,
): string[] {
  const noteLabels = training.map(({ annotations }) => [...new Set(annotations.map(({ label }) => label))]);
  const weights = positiveWeights(noteLabels, labels, options);
  const light = labels.flatMap((label, i) =>
    weights[i]! < HARDLY_LEARNT ? [`${label} (${weights[i]!.toFixed(2)})`] : [],
  );
  if (light.length === 0) return [];
  return [`most notes have ${light.join(', ')}: so small a weight leaves them unlearnt; "clamped" does not`];
}
