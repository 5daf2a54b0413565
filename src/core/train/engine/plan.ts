import type { Tensors, TensorValue } from '../../ports';

/** A batch as the graphs read it. */
export interface PlanBatch {
  readonly batch: number;
  readonly length: number;
  /** The summed embeddings, [batch, length, width]. */
  readonly x: TensorValue;
  /** int32 [batch, length]; undefined when no text is padded. */
  readonly mask: TensorValue | undefined;
}

/** What a batch is to be taught. */
export interface PlanTargets {
  /** `targets`, `weights` and `positive_weights`. */
  readonly tensors: Tensors;
  /** Random numbers for dropout; empty where there is none. */
  noise(inputs: readonly string[]): Tensors;
}

/** One way of running an encoder's graphs on a store of parameters. */
export interface Plan {
  /** Logits [batch, length, outputs]. */
  logits(batch: PlanBatch, averaged: boolean): Promise<Float32Array>;
  /** Gathers the gradients of the parameters; returns the loss and the gradient by `x`. */
  learn(batch: PlanBatch, targets: PlanTargets): Promise<{ loss: number; gradient: Float32Array }>;
  dispose(): Promise<void>;
}
