import type { Tensors } from '../../ports';
import { io } from '../graphs/trainingGraph';
import type { IdBatch } from './tables/summedEmbeddings';

export interface ArrangeOptions {
  /** Tokens that every text is padded to at least. */
  readonly padTo: number;
  /** So many texts, but for one, stand in a row, whatever their lengths; others are padded to the longest. */
  readonly apart: number;
  readonly padId: number;
}

/** Texts as a graph reads them, none of which is to be empty. */
export function arrange(ids: readonly Int32Array[], { padTo, apart, padId }: ArrangeOptions): IdBatch {
  const lengths = ids.map((text) => text.length);
  const length = Math.max(padTo, ...lengths);
  // Full batches have one graph, even those that happen to be of one length: each graph keeps its memory.
  if (apart > 1 && ids.length === apart && padTo === 0) return { texts: ids, lengths, arrangement: apart };
  if (lengths.every((own) => own === length)) return { texts: ids, lengths, arrangement: 'even' };
  const texts = ids.map((text) => {
    const whole = new Int32Array(length).fill(padId);
    whole.set(text);
    return whole;
  });
  return { texts, lengths, arrangement: 'padded' };
}

/** Where each text begins among the rows of a batch, padding counted, and where the last one ends. */
export function startsOf({ texts }: IdBatch): number[] {
  const starts = [0];
  for (const { length } of texts) starts.push(starts.at(-1)! + length);
  return starts;
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
