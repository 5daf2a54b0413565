import type { Device } from '../src/core/ports';
import type { TrainingEngine } from '../src/core/train/engine';
import type { KernelTime } from './kernelTimes';

/** The config.json of encoders that are compared, by name. */
export const shapes = {
  'e5-small': {
    model_type: 'bert',
    vocab_size: 47_284,
    hidden_size: 384,
    num_hidden_layers: 12,
    num_attention_heads: 12,
    intermediate_size: 1536,
    max_position_embeddings: 512,
    type_vocab_size: 2,
  },
  'bert-base': {
    model_type: 'bert',
    vocab_size: 29_794,
    hidden_size: 768,
    num_hidden_layers: 12,
    num_attention_heads: 12,
    intermediate_size: 3072,
    max_position_embeddings: 512,
    type_vocab_size: 2,
  },
  'bert-large': {
    model_type: 'bert',
    vocab_size: 29_794,
    hidden_size: 1024,
    num_hidden_layers: 24,
    num_attention_heads: 16,
    intermediate_size: 4096,
    max_position_embeddings: 512,
    type_vocab_size: 2,
  },
  'modernbert-base': {
    model_type: 'modernbert',
    vocab_size: 50_368,
    hidden_size: 768,
    num_hidden_layers: 22,
    num_attention_heads: 12,
    intermediate_size: 1152,
    max_position_embeddings: 8192,
    pad_token_id: 0,
  },
  'mmbert-base': {
    model_type: 'modernbert',
    vocab_size: 256_000,
    hidden_size: 768,
    num_hidden_layers: 22,
    num_attention_heads: 12,
    intermediate_size: 1152,
    max_position_embeddings: 8192,
    pad_token_id: 0,
  },
} as const;

export type ShapeName = keyof typeof shapes;

/** One thing to time: a step of training or of prediction on a batch of equally long texts. */
export interface Case {
  readonly shape: ShapeName;
  /** In place of the shape's own. */
  readonly layers?: number;
  readonly task: 'train' | 'predict';
  readonly batch: number;
  readonly length: number;
  readonly dropout: number;
  readonly device: Device;
  /** `bf16`, as autocast, is the rival's alone. */
  readonly precision: 'fp32' | 'fp16' | 'bf16';
  readonly steps: number;
  readonly threads?: number;
  readonly plan?: TrainingEngine['plan'];
  /** Whether to take the time of each of a device's kernels, which slows the step. */
  readonly profiled?: boolean;
}

/** What a step took. */
export interface Timing {
  /** Median seconds of a step after the first. */
  readonly seconds: number;
  /** Of the process at its largest. */
  readonly megabytes: number;
  /** The engine's, where it trains; the rival has none. */
  readonly plan?: TrainingEngine['plan'];
  /** Of all steps together, where they are profiled. */
  readonly kernels?: readonly KernelTime[];
}

/** Of the encoders' heads. */
export const OUTPUTS = 12;
