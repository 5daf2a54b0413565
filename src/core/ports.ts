/** What the core asks of the world. Adapters live in src/node. */

export type Device = 'cpu' | 'webgpu' | 'cuda' | 'dml' | 'coreml';
export type DeviceChoice = Device | 'auto';
export type Precision = 'fp32' | 'int8';

export type TensorType = 'float32' | 'int32' | 'int64' | 'uint8' | 'int8' | 'bool';

/** A dense tensor in row-major order. */
export interface TensorValue {
  readonly type: TensorType;
  readonly dims: readonly number[];
  readonly data: Float32Array | Int32Array | BigInt64Array | Uint8Array | Int8Array;
}

export type Tensors = Readonly<Record<string, TensorValue>>;

/** A compiled graph on a device. `run` may block its thread: sessions live in the worker process, never in the editor's. */
export interface Session {
  readonly device: Device;
  run(feeds: Tensors): Promise<Tensors>;
  dispose(): Promise<void>;
}

/** Compiles ONNX models. Weights that a model leaves in files are read from `weightsFolder`. */
export interface Runtime {
  compile(model: Uint8Array, device: Device, weightsFolder?: string): Promise<Session>;
}

/** Seeded random numbers in [0, 1). */
export type Rng = () => number;

/** Monotonic milliseconds. */
export type Clock = () => number;

/** A token classification encoder ready to run: token ids in, one logit a token and label out. */
export interface TokenClassifier {
  readonly labels: readonly string[];
  /** Runs a batch; result i is row-major `[ids[i].length, labels]`. Inputs hold their special tokens; padding is inside. */
  logits(ids: readonly Int32Array[]): Promise<Float32Array[]>;
}
