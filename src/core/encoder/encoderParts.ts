import type { GraphBuilder } from '../graph/graphBuilder';
import type { Dropout } from '../graph/operators/dropout';
import { noDropout } from '../graph/operators/dropout';
import type { TextBlock, TextLayout } from '../graph/operators/textLayout';
import type { Value } from '../graph/value';
import { bertParts } from './bert';
import type { EncoderConfig } from './config';
import { modernBertParts } from './modernBert';
import type { EncoderParameters } from './encoderParameters';

/** Where a part of an encoder is built, and with what. */
export interface EncoderContext<Config extends EncoderConfig = EncoderConfig> {
  readonly graph: GraphBuilder;
  readonly config: Config;
  readonly parameters: EncoderParameters;
  readonly layout: TextLayout;
  readonly dropouts: Dropouts;
}

/** The masks of dropout of one layer, or of what precedes or follows the layers. */
export interface StageDropouts {
  /** For x [tokens, width]; places of one stage get masks of their own. */
  rows(rate: number, width: number, place: number): Dropout;
  /** For the attention weights of a block of texts, [batch, heads, length, length]. */
  attention(rate: number, heads: number): (block: TextBlock) => Dropout;
}

/** By layer; `begin` precedes the layers, `end` follows them. */
export type Dropouts = (stage: number | 'begin' | 'end') => StageDropouts;

export const withoutDropout: Dropouts = () => ({
  rows: () => noDropout,
  attention: () => () => noDropout,
});

/**
 * An encoder with its heads, in the pieces that a training plan may run one by one. Rows are
 * tokens: [tokens, width].
 */
export interface EncoderParts {
  /** The vectors that ids int32 [batch, length] look up, summed: what `begin` reads. */
  embed(ids: Value): Value;
  begin(embedded: Value): Value;
  layer(index: number, x: Value): Value;
  /** Logits [tokens, labels]. */
  end(x: Value): Value;
  /** What a masked language head compares with the word vectors, [rows, width], for some rows of the last layer. */
  predictionHead(x: Value): Value;
}

export function encoderParts(context: EncoderContext): EncoderParts {
  const { config } = context;
  return config.modelType === 'bert'
    ? bertParts({ ...context, config })
    : modernBertParts({ ...context, config });
}
