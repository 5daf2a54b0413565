/** What decides how many parameters an encoder has. */
export interface EncoderShape {
  readonly family: 'bert' | 'modernbert';
  readonly vocabulary: number;
  readonly layers: number;
  readonly hidden: number;
  /** Width of the feed-forward layers; of ModernBERT's gated ones, of each half. */
  readonly inner: number;
  /** Longest text in tokens; BERT has a vector for each position. */
  readonly positions: number;
}

/** Parameters of an encoder with its tables of vectors, without any head. */
export function parameterCount(shape: EncoderShape): number {
  return shape.family === 'bert' ? bertParameters(shape) : modernBertParameters(shape);
}

/** Bytes of its weights in single precision, as all of the study's encoders are published. */
export function weightBytes(shape: EncoderShape): number {
  return 4 * parameterCount(shape);
}

/** Segments that BERT has a vector for. */
const SEGMENTS = 2;

function bertParameters({ vocabulary, layers, hidden, inner, positions }: EncoderShape): number {
  const normalisation = 2 * hidden;
  const attention = 4 * (hidden * hidden + hidden);
  const feedForward = hidden * inner + inner + inner * hidden + hidden;
  const tables = (vocabulary + positions + SEGMENTS) * hidden;
  return tables + normalisation + layers * (attention + feedForward + 2 * normalisation);
}

/** No biases; the first layer's attention has no normalisation of its own, and one stands at the end. */
function modernBertParameters({ vocabulary, layers, hidden, inner }: EncoderShape): number {
  const attention = 4 * hidden * hidden;
  const feedForward = hidden * 2 * inner + inner * hidden;
  const normalisations = (1 + 2 * layers) * hidden;
  return vocabulary * hidden + layers * (attention + feedForward) + normalisations;
}
