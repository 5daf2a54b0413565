import type { Tensors } from '../../ports';
import { io } from '../graphs/trainingGraph';
import type { IdBatch } from './tables/summedEmbeddings';

export interface ArrangeOptions {
  /** Tokens that every text is padded to at least. */
  readonly padTo: number;
  /** So many texts of different lengths are left without padding; others are padded to the longest. */
  readonly apart: number;
  readonly padId: number;
}

/** Texts as a graph reads them, none of which is to be empty. */
export function arrange(ids: readonly Int32Array[], { padTo, apart, padId }: ArrangeOptions): IdBatch {
  const lengths = ids.map((text) => text.length);
  const length = Math.max(padTo, ...lengths);
  if (lengths.every((own) => own === length)) return { texts: ids, lengths, arrangement: 'even' };
  if (ids.length === apart && padTo === 0) return { texts: ids, lengths, arrangement: apart };
  const texts = ids.map((text) => {
    const whole = new Int32Array(length).fill(padId);
    whole.set(text);
    return whole;
  });
  return { texts, lengths, arrangement: 'padded' };
}

/** What a graph is told of such texts. */
export function layoutOf({ texts, lengths, arrangement }: IdBatch): Tensors {
  if (arrangement === 'even') return {};
  if (typeof arrangement === 'number') {
    const data = BigInt64Array.from(lengths, BigInt);
    return { [io.lengths]: { type: 'int64', dims: [arrangement], data } };
  }
  const length = texts[0]!.length;
  const data = new Int32Array(texts.length * length);
  lengths.forEach((own, row) => data.fill(1, row * length, row * length + own));
  return { [io.mask]: { type: 'int32', dims: [texts.length, length], data } };
}
