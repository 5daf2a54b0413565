import type { AnyTensor, Feeds, Fetches, Tensors } from '../../../ports';
import { layerNoise } from '../../graphs/dropoutInputs';
import type { Stage, TrainingGraph, TrainingGraphOptions } from '../../graphs/trainingGraph';
import {
  allStages,
  backwardGraph,
  forwardGraph,
  io,
  layerGraph,
  lossGraph,
} from '../../graphs/trainingGraph';
import { layerPrefix, representative } from './layerKinds';
import type { CompiledGraph, Naming } from '../parameters/parameterStore';
import type { ExecutionPlan, Learnt, PlanBatch, PlanParts, PlanTargets } from './executionPlan';
import { feedsOf, floatsOf, release } from './executionPlan';

/** `infer` is `forward` without dropout. */
type Kind = 'infer' | 'forward' | 'backward';

/**
 * A graph a layer: keeps what each layer read and computes the rest again on the way back (Chen et al. 2016), a third
 * more work for a fraction of the memory. Layers of one kind share their graphs.
 */
export class LayerPlan implements ExecutionPlan {
  constructor(private readonly parts: PlanParts) {}

  async logits(batch: PlanBatch, averaged: boolean): Promise<Float32Array> {
    let x: AnyTensor = batch.x;
    for (const stage of this.stages()) {
      const compiled = await this.graph('infer', stage, batch);
      const feeds = feedsOf(batch, x);
      const outputs = await this.parts.store.forward(compiled, feeds, this.naming(stage), averaged);
      release(x);
      x = outputs[stage === 'end' ? io.logits : io.y]!;
    }
    return floatsOf(x);
  }

  async learn(batch: PlanBatch, targets: PlanTargets): Promise<Learnt> {
    const noise = targets.noise(await this.noiseInputs(batch));
    const read = await this.goForward(batch, noise);
    const end = await this.graph('backward', 'end', batch);
    const results = await this.runBack(
      end,
      { ...this.feeds(end, 'end', batch, read.pop()!, noise), ...targets.tensors },
      'end',
      targets.destinations,
    );
    const loss = floatsOf(results[io.loss])[0]!;
    const gradient = await this.goBack(batch, noise, read, results[io.gradient(io.x)]!);
    return { loss, gradient, outputs: results };
  }

  dispose(): Promise<void> {
    return this.parts.graphs.dispose();
  }

  /** What each stage reads, the end included. */
  private async goForward(batch: PlanBatch, noise: Tensors): Promise<AnyTensor[]> {
    const read: AnyTensor[] = [batch.x];
    for (const stage of this.stages().slice(0, -1)) {
      const compiled = await this.graph('forward', stage, batch);
      const feeds = this.feeds(compiled, stage, batch, read.at(-1)!, noise);
      read.push((await this.parts.store.forward(compiled, feeds, this.naming(stage), false))[io.y]!);
    }
    return read;
  }

  /** From the gradient by what the end read to that by the summed embeddings. */
  private async goBack(
    batch: PlanBatch,
    noise: Tensors,
    read: AnyTensor[],
    dy: AnyTensor,
  ): Promise<Float32Array> {
    let gradient = dy;
    for (const stage of this.stages().slice(0, -1).reverse()) {
      const compiled = await this.graph('backward', stage, batch);
      const feeds = this.feeds(compiled, stage, batch, read.pop()!, noise);
      const results = await this.runBack(compiled, { ...feeds, [io.gradient(io.y)]: gradient }, stage);
      gradient = results[io.gradient(io.x)]!;
    }
    return floatsOf(gradient);
  }

  private async runBack(
    compiled: CompiledGraph,
    feeds: Feeds,
    stage: Stage,
    destinations?: Fetches,
  ): Promise<Feeds> {
    const results = await this.parts.store.backward(compiled, feeds, this.naming(stage), destinations);
    for (const tensor of Object.values(feeds)) release(tensor);
    return results;
  }

  /** Every graph names what it reads; together they are drawn as one graph of them all would be. */
  private async noiseInputs(batch: PlanBatch): Promise<string[]> {
    const names = new Set<string>();
    for (const stage of this.stages()) {
      const { graph } = await this.graph('backward', stage, batch);
      for (const name of graph.inputs) names.add(name);
    }
    return [...names];
  }

  private feeds(
    compiled: CompiledGraph,
    stage: Stage,
    batch: PlanBatch,
    x: AnyTensor,
    noise: Tensors,
  ): Feeds {
    const { inputs } = compiled.graph;
    const own = Object.entries(noise).filter(([name]) => inputs.includes(name));
    const salt = typeof stage === 'number' ? layerNoise(inputs, stage) : {};
    return { ...feedsOf(batch, x), ...Object.fromEntries(own), ...salt };
  }

  private graph(kind: Kind, stage: Stage, { arrangement }: PlanBatch): Promise<CompiledGraph> {
    const { config, graphs, graphOptions } = this.parts;
    const options = { ...graphOptions, arrangement };
    const shared = representative(config, stage);
    // The first gradient leaves the device, for the tables outside.
    const passedOn = [io.y, ...(kind === 'backward' && stage === 'begin' ? [] : [io.gradient(io.x)])];
    const build = () => this.build(kind, shared, options);
    return graphs.get(`${kind} ${shared} ${arrangement}`, build, passedOn);
  }

  private build(kind: Kind, stage: Stage, options: TrainingGraphOptions): TrainingGraph {
    const { config } = this.parts;
    if (kind === 'infer') return forwardGraph(config, [stage], options);
    if (kind === 'forward') return layerGraph(config, stage, options);
    return stage === 'end' ? lossGraph(config, [stage], options) : backwardGraph(config, stage, options);
  }

  private stages(): Stage[] {
    return allStages(this.parts.config);
  }

  /** From the weights' names in a shared graph to this layer's. */
  private naming(stage: Stage): Naming {
    const { config } = this.parts;
    const [from, to] = [layerPrefix(config, representative(config, stage)), layerPrefix(config, stage)];
    return (name) => name.replaceAll(from, to);
  }
}
