import type { EncoderConfig } from '../../../encoder/config';
import type { AnyTensor, Feeds, Fetches, Tensors, TensorValue } from '../../../ports';
import { isResident } from '../../../ports';
import type { Arrangement, TrainingGraphOptions } from '../../graphs/trainingGraph';
import { io } from '../../graphs/trainingGraph';
import type { GraphCache } from './graphCache';
import type { ParameterStore } from '../parameters/parameterStore';

/** A batch as the graphs read it. */
export interface PlanBatch {
  readonly arrangement: Arrangement;
  /** The summed embeddings. */
  readonly x: TensorValue;
  /** What tells texts from each other, or from their padding. */
  readonly layout: Tensors;
}

/** What a batch is to be taught. */
export interface PlanTargets {
  /** What the head reads. */
  readonly tensors: Tensors;
  /** Where the CPU writes gradients by the head's inputs; elsewhere they come in tensors of their own. */
  readonly destinations?: Fetches;
  /** Random numbers for dropout; empty where there is none. */
  noise(inputs: readonly string[]): Tensors;
}

/** What a plan runs, and on what. */
export interface PlanParts {
  readonly config: EncoderConfig;
  readonly store: ParameterStore;
  readonly graphs: GraphCache;
  readonly graphOptions: Omit<TrainingGraphOptions, 'arrangement'>;
}

/** What a batch has taught. */
export interface Learnt {
  readonly loss: number;
  /** By `x`. */
  readonly gradient: Float32Array;
  /** Besides, the gradients by those inputs of the head that learn, by the outputs' names. */
  readonly outputs: Feeds;
}

/** One way of running an encoder's graphs on a store of parameters. */
export interface ExecutionPlan {
  /** Logits [batch, length, outputs] of a head that classifies tokens. */
  logits(batch: PlanBatch, averaged: boolean): Promise<Float32Array>;
  /** Gathers the gradients of the parameters and returns the others. */
  learn(batch: PlanBatch, targets: PlanTargets): Promise<Learnt>;
  dispose(): Promise<void>;
}

/** What every graph of a batch reads: the layout of its texts too, whether it attends or not. */
export function feedsOf({ layout }: PlanBatch, x: AnyTensor): Feeds {
  return { ...layout, [io.x]: x };
}

/** Elements of an output that the device has handed over. */
export function floatsOf(tensor: AnyTensor | undefined): Float32Array {
  if (!tensor || isResident(tensor)) throw new Error('the output is not in this process');
  return tensor.data as Float32Array;
}

/** Lets go of what a device holds. */
export function release(tensor: AnyTensor): void {
  if (isResident(tensor)) tensor.dispose();
}
