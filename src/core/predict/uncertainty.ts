import type { Decoding } from './decode';
import { entityLabels, labelScores } from './decode';
import type { Predictor, ScoredWindow } from './predictor';
import { scoreWindows, tokenizeWindows } from './predictor';

/** Probabilities nearer to 0 or 1 than this are as good as certain. */
const SMALLEST = 1e-6;

/**
 * How unsure the model is of each text, in bits a token: the mean over the tokens of the entropies of their labels'
 * decisions added up. This is token entropy (Settles & Craven 2008, "An analysis of active learning strategies for
 * sequence labeling tasks"), of independent labels; since a label is told at its own threshold t and not at one half,
 * the entropy is that of `logit p - logit t`, which is greatest where the decision is closest. As a mean it does not
 * grow with a note's length, which is what annotating costs. A text without tokens is certain.
 */
export async function uncertaintyOf(
  texts: readonly string[],
  predictor: Predictor,
  signal?: AbortSignal,
): Promise<number[]> {
  const windows = texts.flatMap((text, note) =>
    tokenizeWindows(text, predictor).map((tokenized) => ({ ...tokenized, note })),
  );
  const sums = texts.map(() => ({ bits: 0, tokens: 0 }));
  for await (const { index, scored } of scoreWindows(windows, predictor, signal)) {
    const { note } = windows[index]!;
    const own = windowUncertainty(texts[note]!, scored, predictor.settings.decoding);
    sums[note]!.bits += own.bits;
    sums[note]!.tokens += own.tokens;
  }
  return sums.map(({ bits, tokens }) => (tokens === 0 ? 0 : bits / tokens));
}

function windowUncertainty(text: string, { tokens }: ScoredWindow, decoding: Decoding) {
  const labels = entityLabels(decoding.outputs, decoding.scheme);
  const thresholds = labels.map((label) => logit(decoding.thresholds[label] ?? 0.5));
  const scores = labelScores(text, tokens, decoding);
  let [bits, counted] = [0, 0];
  for (let i = 0; i < tokens.starts.length; i++) {
    if (tokens.starts[i] === tokens.ends[i]) continue;
    counted++;
    for (const [k, threshold] of thresholds.entries())
      bits += decisionEntropy(logit(scores[i * labels.length + k]!) - threshold);
  }
  return { bits, tokens: counted };
}

/** Entropy in bits of a decision whose odds are `exp(margin)`: 1 at the threshold, 0 far from it. */
export function decisionEntropy(margin: number): number {
  const p = 1 / (1 + Math.exp(-Math.abs(margin)));
  return p >= 1 ? 0 : -p * Math.log2(p) - (1 - p) * Math.log2(1 - p);
}

function logit(probability: number): number {
  const p = Math.min(Math.max(probability, SMALLEST), 1 - SMALLEST);
  return Math.log(p / (1 - p));
}
