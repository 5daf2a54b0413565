import type { EncoderConfig } from '../../encoder/config';
import type { TensorValue } from '../../ports';
import { seededRng } from '../../random';
import type { OptimiserOptions, StateTensor, TrainingEngine, UpdateOptions } from '../engine';
import { drawNoise } from '../graphs/dropoutInputs';
import type { Parameter } from '../graphs/trainableParameters';
import { arrange, layoutOf, startsOf } from './arrange';
import { checkBatch } from './checkedBatch';
import { checkedState, stateEntries } from './parameters/checkedState';
import type { LearningTable } from './tables/learningTable';
import { LearningTables } from './tables/learningTable';
import type { ParameterStore } from './parameters/parameterStore';
import type { ExecutionPlan, Learnt, PlanBatch, PlanTargets } from './plans/executionPlan';
import type { IdBatch, SummedEmbeddings } from './tables/summedEmbeddings';

export interface EngineParts {
  readonly config: EncoderConfig;
  readonly optimiser: OptimiserOptions;
  readonly embeddings: SummedEmbeddings;
  readonly store: ParameterStore;
  /** Those that the store holds. */
  readonly parameters: readonly Parameter[];
  readonly plan: ExecutionPlan;
  readonly planName: TrainingEngine['plan'];
}

/** An encoder that learns by running graphs that carry their own gradients, whatever its head. */
export abstract class GraphEngine<Parts extends EngineParts> {
  private readonly tables: LearningTables;
  private done = 0;
  /** Whether it has learnt or been restored. */
  private used = false;

  /** @param others tables that learn besides the embeddings' */
  constructor(
    protected readonly parts: Parts,
    others: readonly LearningTable[] = [],
  ) {
    this.tables = new LearningTables([...parts.embeddings.tables, ...others]);
  }

  get plan(): TrainingEngine['plan'] {
    return this.parts.planName;
  }

  get updates(): number {
    return this.done;
  }

  async update({ learningRate, maxGradientNorm }: UpdateOptions): Promise<number> {
    this.used = true;
    const { store } = this.parts;
    const norm = Math.sqrt(this.tables.squaredGradient() + (await store.squaredGradient()));
    // As PyTorch's clip_grad_norm_ has it.
    const gradientScale = Math.min(1, maxGradientNorm / (norm + 1e-6));
    const numbers = { update: ++this.done, learningRate, gradientScale };
    this.tables.update(numbers);
    await store.update(numbers);
    return norm;
  }

  async *state(): AsyncIterable<StateTensor> {
    yield* this.tables.state();
    yield* this.parts.store.state();
  }

  async restore(tensors: AsyncIterable<StateTensor>, updates: number): Promise<void> {
    if (this.used) throw new Error('only an engine that has not learnt yet can be restored');
    this.used = true;
    const { store, parameters, optimiser } = this.parts;
    const averaged = optimiser.averageDecay !== undefined;
    const expected = [...this.tables.entries(), ...stateEntries(parameters, averaged)];
    for await (const tensor of checkedState(tensors, expected))
      if (!this.tables.restore(tensor)) await store.restore(tensor);
    this.done = updates;
  }

  async dispose(): Promise<void> {
    await this.parts.plan.dispose();
    await this.parts.store.dispose();
  }

  /** Gathers the gradients of a batch but for those by the head's inputs. @param seed of the dropout masks */
  protected async learn(batch: IdBatch, targets: Omit<PlanTargets, 'noise'>, seed: number): Promise<Learnt> {
    this.used = true;
    const { embeddings, plan, config } = this.parts;
    const longest = Math.max(...batch.texts.map((text) => text.length));
    const sizes = { tokens: startsOf(batch).at(-1)!, longest, heads: config.heads };
    const learnt = await plan.learn(this.planBatch(batch, false), {
      ...targets,
      noise: (inputs) => drawNoise(inputs, sizes, seededRng(seed)),
    });
    embeddings.addGradient(batch, learnt.gradient);
    return learnt;
  }

  /**
   * Texts as a graph reads them: in a row where `apart`, more than one, is how many there are, else padded to the longest
   * or to `padTo`.
   * @throws TrainingError where the encoder cannot read them
   */
  protected batchOf(ids: readonly Int32Array[], { padTo = 0, apart = 0 } = {}): IdBatch {
    const { config } = this.parts;
    const batch = arrange(ids, { padTo, apart, padId: config.padId });
    checkBatch(batch, config);
    return batch;
  }

  protected planBatch(batch: IdBatch, averaged: boolean): PlanBatch {
    const { texts, arrangement } = batch;
    const data = this.parts.embeddings.look(batch, averaged);
    const width = this.parts.config.hiddenSize;
    const rows = typeof arrangement === 'number' ? [data.length / width] : [texts.length, texts[0]!.length];
    const x: TensorValue = { type: 'float32', dims: [...rows, width], data };
    return { arrangement, x, layout: layoutOf(batch) };
  }
}
