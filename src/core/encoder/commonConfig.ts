import { z } from 'zod';
import type { Activation } from '../graph/operators/activation';

// Generous limits: they keep a nonsensical file from asking for billions of layers or labels.
const count = (max: number) => z.int().min(1).max(max);
export const size = count(2 ** 24);
export const layerCount = count(1024);
export const probability = z.number().min(0).max(1);
export const positive = z.number().positive();

const activations: Readonly<Record<string, Activation>> = {
  gelu: 'gelu',
  gelu_python: 'gelu',
  gelu_new: 'geluTanh',
  gelu_fast: 'geluTanh',
  gelu_pytorch_tanh: 'geluTanh',
  relu: 'relu',
  silu: 'silu',
  swish: 'silu',
};

export const activation = z.string().transform((name, context): Activation => {
  const known = Object.hasOwn(activations, name) ? activations[name] : undefined;
  if (known !== undefined) return known;
  context.addIssue({ code: 'custom', message: `activation "${name}" is not supported` });
  return z.NEVER;
});

/** The keys that concern what stands above the layers and are the same in every family. */
export const headKeys = {
  tie_word_embeddings: z.boolean().nullish(),
  architectures: z.array(z.string()).nullish(),
  id2label: z.record(z.string().regex(/^\d{1,6}$/, 'label ids are whole numbers'), z.string()).nullish(),
  num_labels: count(100_000).nullish(),
  problem_type: z
    .enum(['single_label_classification', 'multi_label_classification', 'regression'])
    .nullish()
    .transform((type) => (type === 'regression' ? undefined : (type ?? undefined))),
} as const;

interface LabelKeys {
  readonly id2label?: Readonly<Record<string, string>> | null | undefined;
  readonly num_labels?: number | null | undefined;
}

/** The labels in the order of their ids, which must be 0, 1, 2 …; like transformers, LABEL_0, LABEL_1 … without names. */
export function labelsOf({ id2label, num_labels: count }: LabelKeys, context: z.RefinementCtx): string[] {
  if (!id2label) return Array.from({ length: count ?? 2 }, (_, id) => `LABEL_${id}`);
  const ids = Object.keys(id2label)
    .map(Number)
    .sort((a, b) => a - b);
  if (ids.length === 0 || ids.some((id, index) => id !== index)) {
    context.addIssue({ code: 'custom', path: ['id2label'], message: 'ids must be 0, 1, 2 … without gaps' });
  }
  return ids.map((id) => id2label[String(id)] ?? `LABEL_${id}`);
}

/** The numbers of features that each head of an attention may have. */
export type HeadWidth = 'any' | 'even';

/** Refuses a width that does not divide among the heads. */
export function checkHeads(
  { hidden_size, num_attention_heads }: { hidden_size: number; num_attention_heads: number },
  width: HeadWidth,
  context: z.RefinementCtx,
): void {
  if (hidden_size % (num_attention_heads * (width === 'even' ? 2 : 1)) === 0) return;
  const message = `${hidden_size} does not divide among ${num_attention_heads} heads (num_attention_heads)`;
  context.addIssue({ code: 'custom', path: ['hidden_size'], message });
}
