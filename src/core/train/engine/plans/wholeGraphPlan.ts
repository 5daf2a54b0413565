import { allStages, forwardGraph, io, lossGraph } from '../../graphs/trainingGraph';
import type { ExecutionPlan, Learnt, PlanBatch, PlanParts, PlanTargets } from './executionPlan';
import { feedsOf, floatsOf } from './executionPlan';

/** One graph for the whole encoder, its loss and its gradients: fastest, and keeps every layer's activations. */
export class WholeGraphPlan implements ExecutionPlan {
  constructor(private readonly parts: PlanParts) {}

  async logits(batch: PlanBatch, averaged: boolean): Promise<Float32Array> {
    const { config, graphs, store, graphOptions } = this.parts;
    const { arrangement } = batch;
    const compiled = await graphs.get(`forward ${arrangement}`, () =>
      forwardGraph(config, allStages(config), { ...graphOptions, arrangement }),
    );
    const results = await store.forward(compiled, feedsOf(batch, batch.x), itself, averaged);
    return floatsOf(results[io.logits]);
  }

  async learn(batch: PlanBatch, targets: PlanTargets): Promise<Learnt> {
    const { config, graphs, store, graphOptions } = this.parts;
    const { arrangement } = batch;
    const compiled = await graphs.get(`loss ${arrangement}`, () =>
      lossGraph(config, allStages(config), { ...graphOptions, arrangement }),
    );
    const feeds = { ...feedsOf(batch, batch.x), ...targets.tensors, ...targets.noise(compiled.graph.inputs) };
    const results = await store.backward(compiled, feeds, itself, targets.destinations);
    return {
      loss: floatsOf(results[io.loss])[0]!,
      gradient: floatsOf(results[io.gradient(io.x)]),
      outputs: results,
    };
  }

  dispose(): Promise<void> {
    return this.parts.graphs.dispose();
  }
}

const itself = (name: string): string => name;
