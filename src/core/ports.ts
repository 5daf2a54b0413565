/** What the core asks of the world. Adapters live in src/node. */

export type Device = 'cpu' | 'webgpu' | 'cuda' | 'dml' | 'coreml';
export type DeviceChoice = Device | 'auto';

/** A device that failed, for which the CPU stands in. */
export interface DeviceFailure {
  readonly device: Device;
  /** The runtime's own words. */
  readonly reason: string;
}
export type Precision = 'fp32' | 'fp16' | 'int8';

export type TensorType = 'float32' | 'int32' | 'int64' | 'uint8' | 'int8' | 'bool';

/** A dense tensor in row-major order. */
export interface TensorValue {
  readonly type: TensorType;
  readonly dims: readonly number[];
  readonly data: Float32Array | Int32Array | BigInt64Array | Uint8Array | Int8Array;
}

export type Tensors = Readonly<Record<string, TensorValue>>;

/** A tensor in a device's memory, to be fed to sessions of the same device and disposed of by its owner. */
export interface ResidentTensor {
  readonly type: TensorType;
  readonly dims: readonly number[];
  /** The runtime's own. */
  readonly resident: object;
  dispose(): void;
}

export type AnyTensor = TensorValue | ResidentTensor;

export function isResident(tensor: AnyTensor): tensor is ResidentTensor {
  return 'resident' in tensor;
}

export type Feeds = Readonly<Record<string, AnyTensor>>;

/** Outputs by name; null lets the runtime find their place. */
export type Fetches = Readonly<Record<string, TensorValue | null>>;

/** A compiled graph on a device. `run` may block its thread: sessions live in the worker process, never in the editor's. */
export interface Session {
  readonly device: Device;
  /**
   * @param fetches the outputs wanted, all by default; on the CPU, one that comes with a tensor is written into it
   */
  run(feeds: Feeds, fetches?: Fetches): Promise<Tensors>;
  /** The same, where outputs stay on the device that the session was compiled to leave there. */
  runResident(feeds: Feeds): Promise<Feeds>;
  dispose(): Promise<void>;
}

export interface CompileOptions {
  /** Where the weights lie that the model leaves in files. */
  readonly weightsFolder?: string | undefined;
  /** The outputs that stay on the device, for `runResident`. */
  readonly resident?: readonly string[] | undefined;
}

/** Compiles ONNX models. */
export interface Runtime {
  compile(model: Uint8Array, device: Device, options?: CompileOptions): Promise<Session>;
}

/** Seeded random numbers in [0, 1). */
export type Rng = () => number;

/** A token classification encoder ready to run: token ids in, one logit a token and label out. */
export interface TokenClassifier {
  readonly labels: readonly string[];
  /** Runs a batch; result i is row-major `[ids[i].length, labels]`. Inputs hold their special tokens; padding is inside. */
  logits(ids: readonly Int32Array[]): Promise<Float32Array[]>;
}
