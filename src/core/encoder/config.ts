import type { z } from 'zod';
import type { Activation } from '../graph/operators/activation';
import { bertSchema } from './bertConfig';
import { EncoderError } from './encoderError';
import { modernBertSchema } from './modernBertConfig';

/** What a label's score means: a softmax over labels (one label a token), or a sigmoid each (several). */
export type ProblemType = 'single_label_classification' | 'multi_label_classification';

/** What both families have. Sizes in elements, dropout as a probability. */
export interface CommonConfig {
  readonly vocabSize: number;
  readonly hiddenSize: number;
  readonly layers: number;
  readonly heads: number;
  readonly intermediateSize: number;
  /** The longest input in tokens. */
  readonly maxPositions: number;
  readonly activation: Activation;
  readonly normEpsilon: number;
  readonly padId: number;
  readonly classifierDropout: number;
  /** The names of the classifier's outputs, in order. */
  readonly labels: readonly string[];
  /** Undefined where config.json does not say. */
  readonly problemType: ProblemType | undefined;
  /** The transformers classes that the checkpoint was saved from; empty where config.json does not say. */
  readonly architectures: readonly string[];
  /** Whether a masked language head compares with the word vectors themselves rather than a matrix of its own. */
  readonly tiesWords: boolean;
}

export interface BertConfig extends CommonConfig {
  readonly modelType: 'bert';
  readonly tokenTypes: number;
  readonly hiddenDropout: number;
  readonly attentionDropout: number;
}

export interface ModernBertLayer {
  /** Keys further than this many positions from the query are hidden; undefined where the layer sees all. */
  readonly window: number | undefined;
  /** The base of the rotary position embedding. */
  readonly ropeTheta: number;
}

export interface ModernBertConfig extends CommonConfig {
  readonly modelType: 'modernbert';
  readonly layerTypes: readonly ModernBertLayer[];
  readonly normBias: boolean;
  readonly attentionBias: boolean;
  readonly mlpBias: boolean;
  readonly classifierBias: boolean;
  /** Of a masked language head. */
  readonly decoderBias: boolean;
  readonly classifierActivation: Activation;
  readonly embeddingDropout: number;
  readonly attentionDropout: number;
  readonly mlpDropout: number;
}

export type EncoderConfig = BertConfig | ModernBertConfig;

const families = { bert: bertSchema, modernbert: modernBertSchema } as const;

/** Configurations before transformers 2.3, and Google's own of BERT, do not name their family. */
function familyOf({
  architectures,
  type_vocab_size,
  hidden_act,
}: Record<string, unknown>): string | undefined {
  const [name]: unknown[] = Array.isArray(architectures) ? architectures : [];
  if (typeof name === 'string') return /^(Modern)?Bert(?=Model$|For)/.exec(name)?.[0].toLowerCase();
  return type_vocab_size !== undefined && hidden_act !== undefined ? 'bert' : undefined;
}

/**
 * Reads a config.json of transformers, 4.x or 5.x, BERT or ModernBERT; missing keys take transformers' defaults.
 * @param file the file's name for messages
 * @throws EncoderError naming the file and the key
 */
export function parseEncoderConfig(text: string, file: string): EncoderConfig {
  const json = parseObject(text, file);
  const type = json['model_type'] ?? familyOf(json);
  if (type !== 'bert' && type !== 'modernbert') {
    const found =
      type === undefined ? 'model_type is missing' : `model_type ${JSON.stringify(type)} is not supported`;
    throw new EncoderError(file, `${found}: choose an encoder of the BERT or ModernBERT family`);
  }
  const parsed = families[type].safeParse(json);
  if (!parsed.success) throw new EncoderError(file, inOneLine(parsed.error));
  return parsed.data;
}

function inOneLine({ issues }: z.ZodError): string {
  return issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ');
}

function parseObject(text: string, file: string): Record<string, unknown> {
  let json: unknown;
  try {
    json = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    throw new EncoderError(file, `is not valid JSON (${(error as Error).message})`);
  }
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    throw new EncoderError(file, 'is not a JSON object');
  }
  return json as Record<string, unknown>;
}
