import type { Tensors } from '../../ports';
import type { TrainingEngine, TrainingExample } from '../engine';
import { io } from '../graphs/trainingGraph';
import type { EngineParts } from './graphEngine';
import { startsOf } from './arrange';
import { GraphEngine } from './graphEngine';
import type { IdBatch } from './tables/summedEmbeddings';

export interface TrainingEngineParts extends EngineParts {
  /** What a target of 1 counts, one an output. */
  readonly positiveWeights: readonly number[];
  readonly textsApart: number;
}

/** An encoder that learns to classify tokens. */
export class GraphTrainingEngine extends GraphEngine<TrainingEngineParts> implements TrainingEngine {
  get textsApart(): number {
    return this.parts.textsApart;
  }

  get labels(): readonly string[] {
    return this.parts.config.labels;
  }

  async logits(ids: readonly Int32Array[]): Promise<Float32Array[]> {
    if (ids.length === 0) return [];
    const averaged = this.parts.optimiser.averageDecay !== undefined;
    const batch = this.batchOf(ids);
    const logits = await this.parts.plan.logits(this.planBatch(batch, averaged), averaged);
    const outputs = this.labels.length;
    const starts = startsOf(batch);
    return ids.map((text, i) => logits.slice(starts[i]! * outputs, (starts[i]! + text.length) * outputs));
  }

  async accumulate(examples: readonly TrainingExample[], seed: number, padTo = 0): Promise<number> {
    const ids = examples.map((example) => example.ids);
    const batch = this.batchOf(ids, { padTo, apart: this.parts.textsApart });
    const { loss } = await this.learn(batch, { tensors: this.targets(examples, batch) }, seed);
    return loss;
  }

  /** Targets, weights and positive weights; padding weighs nothing. */
  private targets(examples: readonly TrainingExample[], batch: IdBatch): Tensors {
    const outputs = this.labels.length;
    const starts = startsOf(batch);
    const rows = starts.at(-1)!;
    const targets = new Float32Array(rows * outputs);
    const weights = new Float32Array(rows);
    examples.forEach((example, i) => {
      targets.set(example.targets, starts[i]! * outputs);
      weights.set(example.weights, starts[i]!);
    });
    const positive = Float32Array.from(this.parts.positiveWeights);
    return {
      [io.targets]: { type: 'float32', dims: [rows, outputs], data: targets },
      [io.weights]: { type: 'float32', dims: [rows, 1], data: weights },
      [io.positiveWeights]: { type: 'float32', dims: [outputs], data: positive },
    };
  }
}
