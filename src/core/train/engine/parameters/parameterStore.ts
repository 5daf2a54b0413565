import type { StateTensor } from '../../engine';
import type { Feeds, Fetches, Session } from '../../../ports';
import type { TrainingGraph } from '../../graphs/trainingGraph';

/** Of one update: its number, counted from 1, the learning rate, and what scales the gradient to clip it. */
export interface UpdateNumbers {
  readonly update: number;
  readonly learningRate: number;
  readonly gradientScale: number;
}

/** A graph that was compiled, and what it reads and gives. */
export interface CompiledGraph {
  readonly session: Session;
  readonly graph: TrainingGraph;
}

/**
 * Which parameter a graph means by a name: a graph of one layer serves others too. Identity where it means what it says.
 */
export type Naming = (name: string) => string;

/** Weights of dense layers and norms, where they live: with their gradients, moments and averages. */
export interface ParameterStore {
  /** Runs a graph without gradients on the weights, or on their moving averages. */
  forward(compiled: CompiledGraph, feeds: Feeds, naming: Naming, averaged: boolean): Promise<Feeds>;
  /**
   * Runs a graph with gradients, adds those by weights to what is gathered, and returns the other outputs.
   * @param destinations where the CPU writes some of these; a device gives tensors of its own
   */
  backward(compiled: CompiledGraph, feeds: Feeds, naming: Naming, destinations?: Fetches): Promise<Feeds>;
  /** Σ gradient² over all that was gathered. */
  squaredGradient(): Promise<number>;
  /** Moves what has a gradient by AdamW, and with it its average; forgets the gradient. */
  update(numbers: UpdateNumbers): Promise<void>;
  state(): AsyncIterable<StateTensor>;
  restore(tensor: StateTensor): Promise<void>;
  dispose(): Promise<void>;
}
