import { z } from 'zod';
import type { Calibration } from './calibration';
import { identityCalibration } from './calibration';
import type { Decoding } from './decode';
import { entityLabels, NO_LABEL } from './decode';

/** What a trained folder says about turning logits into entities (`anamnese.json`); every part may be missing. */
const settingsFile = z.object({
  scheme: z.enum(['IO', 'BIO']).optional(),
  thresholds: z.record(z.string(), z.number().min(0).max(1)).optional(),
  calibration: z.object({ a: z.array(z.number()), b: z.array(z.number()) }).optional(),
  labels: z.array(z.string()).optional(),
  maxTokens: z.number().int().positive().optional(),
  smoothing: z.object({ method: z.enum(['token', 'word']) }).optional(),
});

/** Whether labels are independent of each other, or a token has exactly one (`O` for none). */
export type Activation = 'sigmoid' | 'softmax';

/** Everything between an encoder's logits and its entities. */
export interface PredictionSettings {
  readonly decoding: Decoding;
  readonly calibration: Calibration;
  readonly activation: Activation;
  /** Longest input the encoder takes, special tokens included. */
  readonly maxTokens: number;
}

/** Longer windows cost time and gain nothing on notes, whatever the encoder could take. */
const LONGEST_WINDOW = 512;
/** Shorter ones hold no word with its special tokens. */
const SHORTEST_WINDOW = 8;
const NEUTRAL_THRESHOLD = 0.5;

/**
 * Reads `anamnese.json` (already parsed, or undefined where the folder has none) for an encoder with these outputs.
 * As in transformers' recipes, an encoder with a label `O` and no stated problem type has one label a token.
 * @throws Error naming the key that is wrong.
 */
export function predictionSettings(
  file: unknown,
  outputs: readonly string[],
  encoderMaxTokens: number,
  problemType?: 'single_label_classification' | 'multi_label_classification',
): PredictionSettings {
  const parsed = settingsFile.safeParse(file ?? {});
  if (!parsed.success) throw new Error(`anamnese.json: ${inOneLine(parsed.error)}`);
  const { scheme = guessScheme(outputs), thresholds = {}, calibration, maxTokens, smoothing } = parsed.data;
  for (const values of calibration ? [calibration.a, calibration.b] : []) {
    if (values.length === outputs.length) continue;
    throw new Error(`anamnese.json: calibration has ${values.length} values for ${outputs.length} labels`);
  }
  const named = parsed.data.labels;
  if (named && named.join('\n') !== outputs.join('\n'))
    throw new Error('anamnese.json: labels are not those of config.json, in their order');
  const unprefixed = scheme === 'BIO' && outputs.find((output) => !/^(O$|[BI]-)/.test(output));
  if (unprefixed)
    throw new Error(`anamnese.json: scheme is BIO, but the label "${unprefixed}" has neither B- nor I-`);
  const longest = Math.floor(Math.min(maxTokens ?? LONGEST_WINDOW, encoderMaxTokens, LONGEST_WINDOW));
  if (longest < SHORTEST_WINDOW)
    throw new Error(
      `the longest input is ${longest} tokens (maxTokens of anamnese.json, model_max_length of tokenizer_config.json, max_position_embeddings of config.json): at least ${SHORTEST_WINDOW} are needed`,
    );
  const labels = entityLabels(outputs, scheme);
  return {
    decoding: {
      scheme,
      outputs,
      thresholds: Object.fromEntries(labels.map((label) => [label, thresholds[label] ?? NEUTRAL_THRESHOLD])),
      aggregation: smoothing?.method ?? 'word',
    },
    calibration: calibration ?? identityCalibration(outputs.length),
    activation: activationOf(outputs, problemType),
    maxTokens: longest,
  };
}

/** The same settings with one threshold for every label, or unchanged where none is given. */
export function withThreshold(
  settings: PredictionSettings,
  threshold: number | undefined,
): PredictionSettings {
  if (threshold === undefined) return settings;
  const labels = Object.keys(settings.decoding.thresholds);
  const thresholds = Object.fromEntries(labels.map((label) => [label, threshold]));
  return { ...settings, decoding: { ...settings.decoding, thresholds } };
}

/** The first problem says enough; there may be one a label. */
function inOneLine({ issues }: z.ZodError): string {
  const { path, message } = issues[0]!;
  return path.length > 0 ? `${path.join('.')}: ${message}` : message;
}

function guessScheme(outputs: readonly string[]): Decoding['scheme'] {
  const prefixed = outputs.filter((output) => output !== NO_LABEL);
  if (prefixed.length === 0 || !prefixed.every((output) => /^[BIESLU]-/.test(output))) return 'IO';
  const other = prefixed.find((output) => !/^[BI]-/.test(output));
  if (other)
    throw new Error(`config.json: label "${other}": of the prefixed schemes only B- and I- are understood`);
  return 'BIO';
}

function activationOf(outputs: readonly string[], problemType: string | undefined): Activation {
  if (problemType !== undefined) return problemType === 'single_label_classification' ? 'softmax' : 'sigmoid';
  return outputs.includes(NO_LABEL) ? 'softmax' : 'sigmoid';
}
