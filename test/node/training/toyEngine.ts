import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parseEncoderConfig } from '../../../src/core/encoder/config';
import { headWeights, encoderWeights } from '../../../src/core/encoder/weightNames';
import { EncoderWeights } from '../../../src/core/encoder/weights';
import type { TokenClassifier } from '../../../src/core/ports';
import { seededRng } from '../../../src/core/random';
import type {
  StateKind,
  StateTensor,
  TrainingEngine,
  TrainingExample,
  UpdateOptions,
} from '../../../src/core/train/engine';
import { openSafetensors } from '../../../src/node/checkpoint/safetensors';
import type { TrainingEngineOptions } from '../../../src/node/training/engineFactory';

const TABLE = 'embeddings.word_embeddings.weight';
const HEAD = 'classifier.weight';
const BIAS = 'classifier.bias';
const LEARNT = [TABLE, HEAD, BIAS];

interface Parameter {
  readonly shape: readonly number[];
  readonly weight: Float32Array;
  readonly gradient: Float64Array;
  readonly mean: Float32Array;
  readonly variance: Float32Array;
}

/** logits = classifier · word vector + bias, row-major [tokens, outputs]. */
function linearLogits(
  ids: Int32Array,
  table: Float32Array,
  head: Float32Array,
  bias: Float32Array,
): Float32Array {
  const [outputs, width] = [bias.length, head.length / bias.length];
  const logits = new Float32Array(ids.length * outputs);
  ids.forEach((id, token) => {
    for (let o = 0; o < outputs; o++) {
      let sum = bias[o]!;
      for (let k = 0; k < width; k++) sum += table[id * width + k]! * head[o * width + k]!;
      logits[token * outputs + o] = sum;
    }
  });
  return logits;
}

/**
 * A linear classifier of word vectors, in the layout of a BERT checkpoint: it learns the word vectors and the head with
 * exact gradients, AdamW and dropout of the features, and carries all other weights along.
 */
export class ToyEngine implements TrainingEngine {
  readonly plan = 'whole-graph';
  readonly textsApart = 0;
  updates = 0;
  /** Told before each call; may throw. */
  onCall: (call: string) => void | Promise<void> = () => undefined;

  private constructor(
    readonly labels: readonly string[],
    private readonly options: TrainingEngineOptions,
    private readonly parameters: ReadonlyMap<string, Parameter>,
    private readonly dropout: number,
  ) {}

  static open(folder: string, options: TrainingEngineOptions, dropout = 0.1): ToyEngine {
    const config = parseEncoderConfig(readFileSync(path.join(folder, 'config.json'), 'utf8'), 'config.json');
    const checkpoint = openSafetensors(path.join(folder, 'model.safetensors'));
    const weights = EncoderWeights.open({ ...config }, checkpoint);
    const rng = seededRng(options.seed);
    const specs = [...encoderWeights(config), ...headWeights({ ...config, labels: options.labels })];
    const parameters = new Map<string, Parameter>();
    for (const { name, shape } of specs) {
      const size = shape.reduce((product, length) => product * length, 1);
      const weight = name.startsWith('classifier')
        ? Float32Array.from({ length: size }, () => (name === HEAD ? (rng() - 0.5) * 0.04 : 0))
        : weights.float32(name);
      const moments = { mean: new Float32Array(size), variance: new Float32Array(size) };
      parameters.set(name, { shape, weight, gradient: new Float64Array(size), ...moments });
    }
    checkpoint.close();
    return new ToyEngine(options.labels, options, parameters, dropout);
  }

  async logits(ids: readonly Int32Array[]): Promise<Float32Array[]> {
    await this.onCall('logits');
    const [table, head, bias] = LEARNT.map((name) => this.parameters.get(name)!.weight);
    return ids.map((text) => linearLogits(text, table!, head!, bias!));
  }

  async accumulate(batch: readonly TrainingExample[], seed: number): Promise<number> {
    await this.onCall('accumulate');
    const rng = seededRng(seed);
    return batch.reduce((loss, example) => loss + this.backward(example, rng), 0);
  }

  private backward({ ids, targets, weights }: TrainingExample, rng: () => number): number {
    const [table, head, bias] = LEARNT.map((name) => this.parameters.get(name)!) as [
      Parameter,
      Parameter,
      Parameter,
    ];
    const [outputs, width] = [this.labels.length, head.shape[1]!];
    let loss = 0;
    ids.forEach((id, token) => {
      const features = Float64Array.from({ length: width }, (_, k) =>
        rng() < this.dropout ? 0 : table.weight[id * width + k]! / (1 - this.dropout),
      );
      for (let o = 0; o < outputs; o++) {
        let z = bias.weight[o]!;
        for (let k = 0; k < width; k++) z += features[k]! * head.weight[o * width + k]!;
        const target = targets[token * outputs + o]!;
        const weight = weights[token]! * (target ? (this.options.positiveWeights?.[o] ?? 1) : 1);
        loss += weight * (Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z))) - target * z);
        const error = weight * (1 / (1 + Math.exp(-z)) - target);
        bias.gradient[o]! += error;
        for (let k = 0; k < width; k++) {
          head.gradient[o * width + k]! += error * features[k]!;
          if (features[k] !== 0)
            table.gradient[id * width + k]! += (error * head.weight[o * width + k]!) / (1 - this.dropout);
        }
      }
    });
    return loss;
  }

  async update({ learningRate, maxGradientNorm }: UpdateOptions): Promise<number> {
    await this.onCall('update');
    let squares = 0;
    for (const { gradient } of this.parameters.values()) for (const g of gradient) squares += g * g;
    const norm = Math.sqrt(squares);
    this.updates++;
    for (const [name, parameter] of this.parameters) {
      this.move(name, parameter, learningRate, norm > maxGradientNorm ? maxGradientNorm / norm : 1);
      parameter.gradient.fill(0);
    }
    return norm;
  }

  private move(
    name: string,
    { weight, gradient, mean, variance }: Parameter,
    rate: number,
    scale: number,
  ): void {
    const { beta1, beta2, epsilon, parameter } = this.options.optimiser;
    const own = parameter(name);
    if (!LEARNT.includes(name)) return;
    const [correct1, correct2] = [1 - beta1 ** this.updates, 1 - beta2 ** this.updates];
    for (let i = 0; i < weight.length; i++) {
      const g = gradient[i]! * scale;
      mean[i] = beta1 * mean[i]! + (1 - beta1) * g;
      variance[i] = beta2 * variance[i]! + (1 - beta2) * g * g;
      const step = mean[i]! / correct1 / (Math.sqrt(variance[i]! / correct2) + epsilon);
      weight[i]! -= rate * own.rate * (step + own.decay * weight[i]!);
    }
  }

  async *state(): AsyncGenerator<StateTensor> {
    for (const [name, { shape, ...values }] of this.parameters) {
      for (const kind of ['weight', 'mean', 'variance'] as const satisfies readonly StateKind[]) {
        await this.onCall('state');
        if (kind === 'weight' || LEARNT.includes(name)) yield { name, kind, shape, values: values[kind] };
      }
    }
  }

  async restore(tensors: AsyncIterable<StateTensor>, updates: number): Promise<void> {
    for await (const { name, kind, values } of tensors)
      this.parameters.get(name)![kind as 'weight' | 'mean' | 'variance'].set(values);
    this.updates = updates;
  }

  async dispose(): Promise<void> {
    // Nothing to let go.
  }
}

/** Reads what the engine wrote and answers as it does. */
export async function openToy(folder: string): Promise<TokenClassifier & { dispose(): Promise<void> }> {
  const { labels } = parseEncoderConfig(
    readFileSync(path.join(folder, 'config.json'), 'utf8'),
    'config.json',
  );
  const checkpoint = openSafetensors(path.join(folder, 'model.safetensors'));
  const read = (name: string): Float32Array => {
    const values = new Float32Array(checkpoint.tensors.get(name)!.shape.reduce((a, b) => a * b, 1));
    checkpoint.readInto(name, new Uint8Array(values.buffer));
    return values;
  };
  const [table, head, bias] = [read(`bert.${TABLE}`), read(HEAD), read(BIAS)];
  checkpoint.close();
  return {
    labels,
    logits: async (ids) => ids.map((text) => linearLogits(text, table, head, bias)),
    dispose: async () => undefined,
  };
}
