import type { EncoderConfig } from '../../encoder/config';
import type { Tensors, TensorValue } from '../../ports';
import { layerNoise } from '../graphs/dropoutInputs';
import type { Stage } from '../graphs/trainingGraph';
import { allStages, backwardGraph, forwardGraph, io, layerGraph, lossGraph } from '../graphs/trainingGraph';
import type { GraphCache } from './graphCache';
import type { CompiledGraph, Naming, ParameterStore } from './parameterStore';
import type { Plan, PlanBatch, PlanTargets } from './plan';

type Kind = 'infer' | 'forward' | 'backward';

/**
 * A graph a layer: keeps what each layer read and computes the rest again on the way back (Chen et al. 2016), a third
 * more work for a fraction of the memory. Layers of one kind share their graphs.
 */
export class LayerPlan implements Plan {
  constructor(
    private readonly config: EncoderConfig,
    private readonly store: ParameterStore,
    private readonly graphs: GraphCache,
    private readonly fused: boolean,
  ) {}

  async logits(batch: PlanBatch, averaged: boolean): Promise<Float32Array> {
    let { x } = batch;
    for (const stage of allStages(this.config)) {
      const compiled = await this.graph('infer', stage, batch);
      const outputs = await this.store.forward(compiled, feedsOf(batch, x), this.naming(stage), averaged);
      x = outputs[stage === 'end' ? io.logits : io.y]!;
    }
    return x.data as Float32Array;
  }

  async learn(batch: PlanBatch, targets: PlanTargets): Promise<{ loss: number; gradient: Float32Array }> {
    const noise = targets.noise(await this.noiseInputs(batch));
    const stages = allStages(this.config).slice(0, -1);
    const read = [batch.x];
    for (const stage of stages) {
      const compiled = await this.graph('forward', stage, batch);
      const feeds = this.feeds(batch, read.at(-1)!, compiled, stage, noise);
      read.push((await this.store.forward(compiled, feeds, this.naming(stage), false))[io.y]!);
    }
    const { loss, gradient } = await this.end(batch, read.pop()!, targets, noise);
    let dy = gradient;
    for (const stage of stages.reverse()) {
      const compiled = await this.graph('backward', stage, batch);
      const feeds = { ...this.feeds(batch, read.pop()!, compiled, stage, noise), [io.gradient(io.y)]: dy };
      dy = (await this.store.backward(compiled, feeds, this.naming(stage)))[io.gradient(io.x)]!;
    }
    return { loss, gradient: dy.data as Float32Array };
  }

  dispose(): Promise<void> {
    return this.graphs.dispose();
  }

  private async end(batch: PlanBatch, x: TensorValue, { tensors }: PlanTargets, noise: Tensors) {
    const compiled = await this.graph('backward', 'end', batch);
    const feeds = { ...this.feeds(batch, x, compiled, 'end', noise), ...tensors };
    const results = await this.store.backward(compiled, feeds, this.naming('end'));
    return { loss: results[io.loss]!.data[0] as number, gradient: results[io.gradient(io.x)]! };
  }

  /** Every kind of graph names what it reads; together they are drawn as one graph of them all would be. */
  private async noiseInputs(batch: PlanBatch): Promise<string[]> {
    const names = new Set<string>();
    for (const stage of allStages(this.config)) {
      const { graph } = await this.graph('backward', stage, batch);
      for (const name of graph.inputs) names.add(name);
    }
    return [...names];
  }

  private feeds(
    batch: PlanBatch,
    x: TensorValue,
    { graph: { inputs } }: CompiledGraph,
    stage: Stage,
    noise: Tensors,
  ): Tensors {
    const salt = typeof stage === 'number' ? layerNoise(inputs, stage) : {};
    const own = Object.fromEntries(Object.entries(noise).filter(([name]) => inputs.includes(name)));
    return { ...feedsOf(batch, x, inputs), ...own, ...salt };
  }

  private graph(kind: Kind, stage: Stage, { mask }: PlanBatch): Promise<CompiledGraph> {
    const { config, fused } = this;
    const options = { fused, padded: mask !== undefined };
    const shared = this.representative(stage);
    return this.graphs.get(`${kind} ${shared} ${options.padded}`, () => {
      if (kind === 'infer') return forwardGraph(config, [shared], options);
      if (kind === 'forward') return layerGraph(config, shared, options);
      return shared === 'end' ? lossGraph(config, [shared], options) : backwardGraph(config, shared, options);
    });
  }

  /** The first layer that computes as this one does. */
  private representative(stage: Stage): Stage {
    if (typeof stage !== 'number') return stage;
    if (this.config.modelType === 'bert') return 0;
    const { layerTypes } = this.config;
    const kind = JSON.stringify(layerTypes[stage]);
    // Layer 0 of ModernBERT normalises nothing, so it serves no other.
    return stage === 0
      ? 0
      : layerTypes.findIndex((type, index) => index > 0 && JSON.stringify(type) === kind);
  }

  /** From the weights' names in a shared graph to this layer's. */
  private naming(stage: Stage): Naming {
    if (typeof stage !== 'number') return (name) => name;
    const prefix = this.config.modelType === 'bert' ? 'encoder.layer.' : 'layers.';
    const [from, to] = [`${prefix}${this.representative(stage)}.`, `${prefix}${stage}.`];
    return (name) => name.replaceAll(from, to);
  }
}

/** Feeds for a batch; a graph that attends to nothing reads no mask. */
function feedsOf({ mask }: PlanBatch, x: TensorValue, inputs?: readonly string[]): Tensors {
  const read = mask && (inputs?.includes(io.mask) ?? true);
  return read ? { [io.x]: x, [io.mask]: mask } : { [io.x]: x };
}
