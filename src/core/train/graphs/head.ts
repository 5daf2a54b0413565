import type { EncoderConfig } from '../../encoder/config';
import type { EncoderParts } from '../../encoder/encoderParts';
import type { GraphBuilder } from '../../graph/graphBuilder';
import type { Value } from '../../graph/value';

/** The graph in which a head is built, and the encoder below it. */
export interface HeadScope {
  readonly graph: GraphBuilder;
  readonly config: EncoderConfig;
  readonly parts: EncoderParts;
}

/** What stands above the layers of an encoder that learns. It may take inputs of its own. */
export interface Head {
  /** The head's answers, from what the layers give for every token [tokens, width]. */
  answer(scope: HeadScope, x: Value): Value;
  /** What the answers cost. */
  loss(scope: HeadScope, answers: Value): HeadLoss;
}

export interface HeadLoss {
  /** A scalar. */
  readonly loss: Value;
  /** Inputs of the head that learn outside of the graph, so that it gives the gradients by them. */
  readonly learning: readonly Value[];
}
