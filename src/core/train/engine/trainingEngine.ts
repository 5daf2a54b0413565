import type { Tensors } from '../../ports';
import type { TrainingEngine, TrainingExample } from '../engine';
import { io } from '../graphs/trainingGraph';
import type { EngineParts } from './graphEngine';
import { GraphEngine } from './graphEngine';
import type { IdBatch } from './tables/summedEmbeddings';

export interface TrainingEngineParts extends EngineParts {
  /** What a target of 1 counts, one an output. */
  readonly positiveWeights: readonly number[];
  /** Of so many texts of different lengths none is padded in a batch to learn from; 0 where all are. */
  readonly textsApart: number;
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
    let start = 0;
    return ids.map((text, i) => {
      const own = logits.slice(start, start + text.length * outputs);
      start += batch.texts[i]!.length * outputs;
      return own;
    });
  }

  async accumulate(examples: readonly TrainingExample[], seed: number, padTo = 0): Promise<number> {
    const ids = examples.map((example) => example.ids);
    const batch = this.batchOf(ids, { padTo, apart: this.parts.textsApart });
    const { loss } = await this.learn(batch, { tensors: this.targets(examples, batch) }, seed);
    return loss;
  }

  /** Targets, weights and positive weights; padding weighs nothing. */
  private targets(examples: readonly TrainingExample[], { texts }: IdBatch): Tensors {
    const outputs = this.labels.length;
    const rows = texts.reduce((sum, text) => sum + text.length, 0);
    const targets = new Float32Array(rows * outputs);
    const weights = new Float32Array(rows);
    let start = 0;
    examples.forEach((example, i) => {
      targets.set(example.targets, start * outputs);
      weights.set(example.weights, start);
      start += texts[i]!.length;
    });
    const positive = Float32Array.from(this.parts.positiveWeights);
    return {
      [io.targets]: { type: 'float32', dims: [rows, outputs], data: targets },
      [io.weights]: { type: 'float32', dims: [rows, 1], data: weights },
      [io.positiveWeights]: { type: 'float32', dims: [outputs], data: positive },
    };
  }
}
