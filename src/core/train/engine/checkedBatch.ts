import type { EncoderConfig } from '../../encoder/config';
import { TrainingError } from '../trainingError';
import type { IdBatch } from './tables/summedEmbeddings';

/** @throws TrainingError where the encoder has no position or no vector for a token */
export function checkBatch({ texts }: IdBatch, config: EncoderConfig): void {
  const { maxPositions } = config;
  const length = texts.reduce((longest, text) => Math.max(longest, text.length), 0);
  if (length > maxPositions) {
    const advice = 'give a smaller --max-length, or --pad-to';
    throw new TrainingError('settings', `the encoder reads ${maxPositions} tokens, not ${length}: ${advice}`);
  }
  checkTokens(texts, config);
}

/** @throws TrainingError where the encoder has no vector for a token */
export function checkTokens(texts: readonly Int32Array[], { vocabSize }: EncoderConfig): void {
  const largest = texts.reduce((most, text) => text.reduce((a, b) => Math.max(a, b), most), 0);
  if (largest < vocabSize) return;
  const size = `config.json says that the vocabulary has ${vocabSize} entries`;
  throw new TrainingError(
    'settings',
    `${size}, but the tokenizer gives the id ${largest}: are they of one encoder?`,
  );
}
