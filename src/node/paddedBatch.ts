import type { Tensors } from '../core/ports';

/** A batch of token ids, every text as long as the longest or `length`: `input_ids` and `attention_mask`, int32. */
export function padBatch(
  ids: readonly Int32Array[],
  padId: number,
  length = Math.max(...ids.map((text) => text.length)),
): Tensors {
  const dims = [ids.length, length];
  const padded = new Int32Array(ids.length * length).fill(padId);
  const mask = new Int32Array(ids.length * length);
  ids.forEach((text, row) => {
    padded.set(text, row * length);
    mask.fill(1, row * length, row * length + text.length);
  });
  return {
    input_ids: { type: 'int32', dims, data: padded },
    attention_mask: { type: 'int32', dims, data: mask },
  };
}

/** Logits [batch, length, labels] cut into one [ids[i].length, labels] for each text. */
export function cutLogits(logits: Float32Array, ids: readonly Int32Array[], labels: number): Float32Array[] {
  const length = logits.length / ids.length / labels;
  return ids.map((text, row) => {
    const start = row * length * labels;
    return logits.slice(start, start + text.length * labels);
  });
}
