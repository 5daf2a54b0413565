import type { Tensors } from '../../ports';
import type { TrainingEngine, TrainingExample } from '../engine';
import { io } from '../graphs/trainingGraph';
import type { EngineParts } from './graphEngine';
import { GraphEngine } from './graphEngine';

export interface TrainingEngineParts extends EngineParts {
  /** What a target of 1 counts, one an output. */
  readonly positiveWeights: readonly number[];
}

/** An encoder that learns to classify tokens. */
export class GraphTrainingEngine extends GraphEngine<TrainingEngineParts> implements TrainingEngine {
  get labels(): readonly string[] {
    return this.parts.config.labels;
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
    const batch = this.batchOf(
      examples.map(({ ids }) => ids),
      padTo,
    );
    const { loss } = await this.learn(batch, { tensors: this.targets(examples, batch.length) }, seed);
    return loss;
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
