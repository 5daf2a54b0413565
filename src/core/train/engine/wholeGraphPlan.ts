import type { EncoderConfig } from '../../encoder/config';
import type { Tensors } from '../../ports';
import { allStages, forwardGraph, io, lossGraph } from '../graphs/trainingGraph';
import type { GraphCache } from './graphCache';
import type { ParameterStore } from './parameterStore';
import type { Plan, PlanBatch, PlanTargets } from './plan';

/** One graph for the whole encoder, its loss and its gradients: fastest, and keeps every layer's activations. */
export class WholeGraphPlan implements Plan {
  constructor(
    private readonly config: EncoderConfig,
    private readonly store: ParameterStore,
    private readonly graphs: GraphCache,
    private readonly fused: boolean,
  ) {}

  async logits(batch: PlanBatch, averaged: boolean): Promise<Float32Array> {
    const { config, fused } = this;
    const padded = batch.mask !== undefined;
    const compiled = await this.graphs.get(`forward ${padded}`, () =>
      forwardGraph(config, allStages(config), { fused, padded }),
    );
    const results = await this.store.forward(compiled, feedsOf(batch), itself, averaged);
    return results[io.logits]!.data as Float32Array;
  }

  async learn(batch: PlanBatch, targets: PlanTargets): Promise<{ loss: number; gradient: Float32Array }> {
    const { config, fused } = this;
    const padded = batch.mask !== undefined;
    const compiled = await this.graphs.get(`loss ${padded}`, () =>
      lossGraph(config, allStages(config), { fused, padded }),
    );
    const feeds = { ...feedsOf(batch), ...targets.tensors, ...targets.noise(compiled.graph.inputs) };
    const results = await this.store.backward(compiled, feeds, itself);
    return {
      loss: results[io.loss]!.data[0] as number,
      gradient: results[io.gradient(io.x)]!.data as Float32Array,
    };
  }

  dispose(): Promise<void> {
    return this.graphs.dispose();
  }
}

const itself = (name: string): string => name;

function feedsOf({ x, mask }: PlanBatch): Tensors {
  return mask ? { [io.x]: x, [io.mask]: mask } : { [io.x]: x };
}
