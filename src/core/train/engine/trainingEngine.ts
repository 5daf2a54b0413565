import type { EncoderConfig } from '../../encoder/config';
import type { Tensors, TensorValue } from '../../ports';
import { seededRng } from '../../random';
import type {
  OptimiserOptions,
  StateTensor,
  TrainingEngine,
  TrainingExample,
  UpdateOptions,
} from '../engine';
import { drawNoise } from '../graphs/dropoutInputs';
import { io } from '../graphs/trainingGraph';
import type { Parameter } from '../graphs/trainableParameters';
import { TrainingError } from '../trainingError';
import { checkedState, stateEntries } from './checkedState';
import type { ParameterStore } from './parameterStore';
import type { Plan, PlanBatch } from './plan';
import type { IdBatch, SummedEmbeddings } from './summedEmbeddings';

export interface EngineParts {
  readonly config: EncoderConfig;
  readonly optimiser: OptimiserOptions;
  /** What a target of 1 counts, one an output. */
  readonly positiveWeights: readonly number[];
  readonly embeddings: SummedEmbeddings;
  readonly store: ParameterStore;
  /** Those that the store holds. */
  readonly parameters: readonly Parameter[];
  readonly plan: Plan;
  readonly planName: TrainingEngine['plan'];
}

/** An encoder that learns by running graphs that carry their own gradients. */
export class GraphTrainingEngine implements TrainingEngine {
  private done = 0;
  /** Whether it has learnt or been restored. */
  private used = false;

  constructor(private readonly parts: EngineParts) {}

  get labels(): readonly string[] {
    return this.parts.config.labels;
  }

  get plan(): TrainingEngine['plan'] {
    return this.parts.planName;
  }

  get updates(): number {
    return this.done;
  }

  async logits(ids: readonly Int32Array[]): Promise<Float32Array[]> {
    if (ids.length === 0) return [];
    const averaged = this.parts.optimiser.averageDecay !== undefined;
    const batch = this.batchOf(ids);
    const logits = await this.parts.plan.logits(this.planBatch(batch, averaged), averaged);
    const outputs = this.labels.length;
    return ids.map((text, row) => {
      const start = row * batch.length * outputs;
      return logits.slice(start, start + text.length * outputs);
    });
  }

  async accumulate(examples: readonly TrainingExample[], seed: number, padTo = 0): Promise<number> {
    this.used = true;
    const { embeddings, plan, config } = this.parts;
    const batch = this.batchOf(
      examples.map(({ ids }) => ids),
      padTo,
    );
    const sizes = { batch: examples.length, length: batch.length, heads: config.heads };
    const { loss, gradient } = await plan.learn(this.planBatch(batch, false), {
      tensors: this.targets(examples, batch.length),
      noise: (inputs) => drawNoise(inputs, sizes, seededRng(seed)),
    });
    embeddings.addGradient(batch, gradient);
    return loss;
  }

  async update({ learningRate, maxGradientNorm }: UpdateOptions): Promise<number> {
    const { embeddings, store } = this.parts;
    const norm = Math.sqrt(embeddings.squaredGradient() + (await store.squaredGradient()));
    // As PyTorch's clip_grad_norm_ has it.
    const gradientScale = Math.min(1, maxGradientNorm / (norm + 1e-6));
    const numbers = { update: ++this.done, learningRate, gradientScale };
    embeddings.update(numbers);
    await store.update(numbers);
    return norm;
  }

  async *state(): AsyncIterable<StateTensor> {
    yield* this.parts.embeddings.state();
    yield* this.parts.store.state();
  }

  async restore(tensors: AsyncIterable<StateTensor>, updates: number): Promise<void> {
    if (this.used) throw new Error('only an engine that has not learnt yet can be restored');
    this.used = true;
    const { embeddings, store, parameters, optimiser } = this.parts;
    const averaged = optimiser.averageDecay !== undefined;
    const expected = [...embeddings.entries(), ...stateEntries(parameters, averaged)];
    for await (const tensor of checkedState(tensors, expected))
      if (!embeddings.restore(tensor)) await store.restore(tensor);
    this.done = updates;
  }

  async dispose(): Promise<void> {
    await this.parts.plan.dispose();
    await this.parts.store.dispose();
  }

  private batchOf(ids: readonly Int32Array[], padTo = 0): IdBatch {
    const length = ids.reduce((longest, text) => Math.max(longest, text.length), padTo);
    const batch = { ids, length, padId: this.parts.config.padId };
    checkBatch(batch, this.parts.config);
    return batch;
  }

  private planBatch(batch: IdBatch, averaged: boolean): PlanBatch {
    const { ids, length } = batch;
    const dims = [ids.length, length];
    const x: TensorValue = {
      type: 'float32',
      dims: [...dims, this.parts.config.hiddenSize],
      data: this.parts.embeddings.look(batch, averaged),
    };
    if (ids.every((text) => text.length === length)) return { batch: ids.length, length, x, mask: undefined };
    const data = new Int32Array(ids.length * length);
    ids.forEach((text, row) => data.fill(1, row * length, row * length + text.length));
    return { batch: ids.length, length, x, mask: { type: 'int32', dims, data } };
  }

  /** Targets, weights and positive weights; padding weighs nothing. */
  private targets(examples: readonly TrainingExample[], length: number): Tensors {
    const outputs = this.labels.length;
    const rows = examples.length * length;
    const targets = new Float32Array(rows * outputs);
    const weights = new Float32Array(rows);
    examples.forEach((example, row) => {
      targets.set(example.targets, row * length * outputs);
      weights.set(example.weights, row * length);
    });
    const positive = Float32Array.from(this.parts.positiveWeights);
    return {
      [io.targets]: { type: 'float32', dims: [rows, outputs], data: targets },
      [io.weights]: { type: 'float32', dims: [rows, 1], data: weights },
      [io.positiveWeights]: { type: 'float32', dims: [outputs], data: positive },
    };
  }
}

/** @throws TrainingError where the encoder has no position or no vector for a token */
function checkBatch({ ids, length, padId }: IdBatch, { maxPositions, vocabSize }: EncoderConfig): void {
  if (length > maxPositions) {
    const advice = 'give a smaller --max-length, or --pad-to';
    throw new TrainingError('settings', `the encoder reads ${maxPositions} tokens, not ${length}: ${advice}`);
  }
  const largest = ids.reduce((most, text) => text.reduce((a, b) => Math.max(a, b), most), padId);
  if (largest < vocabSize) return;
  const size = `config.json says that the vocabulary has ${vocabSize} entries`;
  throw new TrainingError(
    'settings',
    `${size}, but the tokenizer gives the id ${largest}: are they of one encoder?`,
  );
}
