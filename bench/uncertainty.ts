// npm run bench:uncertainty [-- --model DIR --part test --shared DIR]: whether the notes that `Next Uncertain Note` puts
// first are those in which the model errs most, on notes with gold that it was not trained on.
import path from 'node:path';
import { parseArgs } from 'node:util';
import { compareNote, isError } from '../src/core/correct/differences';
import { textUnits } from '../src/core/evaluate/textUnits';
import type { Predictor } from '../src/core/predict/predictor';
import { predictTexts } from '../src/core/predict/predictor';
import { withThreshold } from '../src/core/predict/settings';
import { uncertaintyOf } from '../src/core/predict/uncertainty';
import { openModel } from '../src/node/model';
import type { PartName } from '../training/corpus';
import type { GoldNotes } from './modelNotes';
import { handWrittenNotes, silverNotes } from './modelNotes';

const root = path.join(__dirname, '..');
const { values } = parseArgs({
  options: {
    model: { type: 'string', default: path.join(root, 'models', 'anamnese-default') },
    part: { type: 'string', default: 'test' },
    shared: { type: 'string', default: path.join(root, '..', 'shared') },
  },
});

/** Differences from gold in a hundred words. */
async function errorRates({ documents }: GoldNotes, predictor: Predictor): Promise<number[]> {
  const predicted = await predictTexts(
    documents.map(({ text }) => text),
    predictor,
  );
  return documents.map(({ text, annotations }, i) => {
    const errors = compareNote(annotations, predicted[i]!).differences.filter(isError).length;
    return (100 * errors) / Math.max(1, textUnits(text, 'words').starts.length);
  });
}

/** Spearman's correlation, tied values sharing their mean rank. */
function rankCorrelation(a: readonly number[], b: readonly number[]): number {
  const [x, y] = [ranks(a), ranks(b)];
  const mean = (x.length - 1) / 2;
  const sum = (f: (i: number) => number): number => x.reduce((total, _, i) => total + f(i), 0);
  const spread = (r: readonly number[]): number => sum((i) => (r[i]! - mean) ** 2);
  return sum((i) => (x[i]! - mean) * (y[i]! - mean)) / Math.sqrt(spread(x) * spread(y));
}

function ranks(all: readonly number[]): number[] {
  const sorted = [...all].sort((a, b) => a - b);
  return all.map((value) => (sorted.indexOf(value) + sorted.lastIndexOf(value)) / 2);
}

/** The mean error rate of the fifth of the notes that a measure puts first. */
function firstFifth(measure: readonly number[], rates: readonly number[]): number {
  const order = measure.map((_, i) => i).sort((a, b) => measure[b]! - measure[a]!);
  const first = order.slice(0, Math.ceil(order.length / 5));
  return first.reduce((sum, i) => sum + rates[i]!, 0) / first.length;
}

async function print(set: GoldNotes, predictor: Predictor): Promise<void> {
  const texts = set.documents.map(({ text }) => text);
  const rates = await errorRates(set, predictor);
  const half = { ...predictor, settings: withThreshold(predictor.settings, 0.5) };
  const started = performance.now();
  const own = await uncertaintyOf(texts, predictor);
  const seconds = (performance.now() - started) / 1000;
  const measures = {
    'token entropy at the thresholds': own,
    'token entropy at one half': await uncertaintyOf(texts, half),
    'length in characters': texts.map(({ length }) => length),
  };
  const mean = rates.reduce((sum, rate) => sum + rate, 0) / rates.length;
  console.log(
    `\n${set.title}: ${mean.toFixed(2)} differences in 100 words, ${(texts.length / seconds).toFixed(0)} notes/s`,
  );
  for (const [name, measure] of Object.entries(measures)) {
    const rho = rankCorrelation(measure, rates).toFixed(3);
    console.log(
      `  ${name.padEnd(34)} Spearman ${rho}   first fifth ${firstFifth(measure, rates).toFixed(2)}`,
    );
  }
}

async function main(): Promise<void> {
  const model = await openModel(values.model, { device: 'cpu', precision: 'int8', onNotice: console.error });
  for (const set of [await handWrittenNotes(values.part as PartName), await silverNotes(values.shared)])
    if (set) await print(set, model.predictor);
  await model.dispose();
}

main().catch((error: Error) => {
  console.error(`bench:uncertainty: ${error.message}`);
  process.exitCode = 1;
});
