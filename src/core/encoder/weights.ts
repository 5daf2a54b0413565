import type { Checkpoint, StoredPlace } from './checkpoint';
import { storedBytes } from './checkpoint';
import type { EncoderConfig } from './config';
import { EncoderError } from './encoderError';
import { toFloat32 } from './numbers';
import type { Int8Rows } from './quantise';
import { dequantiseRows, quantiseInto, transposeInto } from './quantise';
import type { WeightNames, WeightSpec } from './weightNames';
import { encoderWeights, headWeights, locateWeights, publishedNames, scaleName } from './weightNames';

/** The weights of one encoder under their published names less the prefix; read when asked for, kept by nobody. */
export class EncoderWeights {
  private constructor(
    private readonly checkpoint: Checkpoint,
    private readonly names: WeightNames,
    /** Whether the checkpoint has a token classification head. */
    readonly hasHead: boolean,
  ) {}

  /** @throws EncoderError for a weight that is missing or has another shape than the configuration says */
  static open(config: EncoderConfig, checkpoint: Checkpoint): EncoderWeights {
    const hasHead = holdsHead(config, checkpoint);
    const head = hasHead ? headWeights(config) : sharedHead(config, checkpoint);
    const specs = [...encoderWeights(config), ...head];
    return new EncoderWeights(checkpoint, locateWeights(config, checkpoint, specs), hasHead);
  }

  /**
   * The same together with those of `specs` that the checkpoint holds.
   * @throws EncoderError for one of another shape
   */
  including(config: EncoderConfig, specs: readonly WeightSpec[]): EncoderWeights {
    const { checkpoint, names, hasHead } = this;
    const there = specs.filter(({ name }) =>
      publishedNames(config.modelType, name).some((published) => checkpoint.tensors.has(published)),
    );
    const found = locateWeights(config, checkpoint, there);
    return new EncoderWeights(checkpoint, new Map([...names, ...found]), hasHead);
  }

  /** The file's name for messages. */
  get file(): string {
    return this.checkpoint.file;
  }

  /** @throws EncoderError when the checkpoint has no token classification head */
  requireHead(): void {
    if (this.hasHead) return;
    const reason = 'has no token classification head, so it cannot mark entities yet';
    throw new EncoderError(
      this.file,
      `${reason}: fine-tune it on annotated notes, or choose a fine-tuned checkpoint`,
    );
  }

  /** The folder of the files that `place` names. */
  get folder(): string | undefined {
    return this.checkpoint.folder;
  }

  /** Where a weight of that type lies, for the runtime to read it there; undefined where it must be written. */
  place(name: string, type: 'F32' | 'I8'): StoredPlace | undefined {
    const stored = this.stored(name);
    if (this.checkpoint.tensors.get(stored)!.type !== type) return undefined;
    const place = this.checkpoint.place?.(stored);
    return place && place.position % storedBytes[type] === 0 ? place : undefined;
  }

  /** Whether a weight is stored in eight bits. */
  isInt8(name: string): boolean {
    return this.checkpoint.tensors.get(this.stored(name))!.type === 'I8';
  }

  has(name: string): boolean {
    return this.names.has(name);
  }

  /** [rows, columns …] of a weight. */
  shape(name: string): readonly number[] {
    return this.checkpoint.tensors.get(this.stored(name))!.shape;
  }

  /** All elements, row-major, in single precision whatever the checkpoint holds. */
  float32(name: string): Float32Array<ArrayBuffer> {
    const stored = this.stored(name);
    const { type, shape } = this.checkpoint.tensors.get(stored)!;
    return type === 'I8'
      ? dequantiseRows(this.storedInt8(stored), shape[0]!)
      : toFloat32(this.read(stored), type);
  }

  /** The same, as bytes at any place; single precision goes there from the file without a detour. */
  writeFloat32(name: string, target: Uint8Array): void {
    const stored = this.stored(name);
    if (this.checkpoint.tensors.get(stored)!.type === 'F32') this.checkpoint.readInto(stored, target);
    else target.set(new Uint8Array(this.float32(name).buffer));
  }

  /**
   * A matrix [rows, columns] in eight bits, symmetric per row, as stored or quantised now: as bytes at any place, the
   * scales into `scales` [rows].
   */
  writeInt8(name: string, target: Uint8Array, scales: Float32Array): void {
    const stored = this.stored(name);
    if (this.isInt8(name)) {
      this.checkpoint.readInto(stored, target);
      scales.set(this.scalesOf(stored));
      return;
    }
    const columns = columnsOf(this.shape(name));
    const values = new Int8Array(target.buffer, target.byteOffset, target.length);
    for (const { first, rows, matrix } of this.rowsOf(stored))
      quantiseInto(matrix, rows, values.subarray(first * columns), scales.subarray(first));
  }

  /** The same matrix turned on its side, into `target` [columns, width], its first row at `offset`. */
  writeInt8Transposed(
    name: string,
    target: Uint8Array,
    width: number,
    offset: number,
    scales: Float32Array,
  ): void {
    const stored = this.stored(name);
    if (this.isInt8(name)) {
      const { values, scales: own } = this.storedInt8(stored);
      transposeInto(target, width, offset, values, own.length);
      scales.set(own);
      return;
    }
    let values = new Int8Array(0);
    for (const { first, rows, matrix } of this.rowsOf(stored)) {
      if (values.length !== matrix.length) values = new Int8Array(matrix.length);
      quantiseInto(matrix, rows, values, scales.subarray(first));
      transposeInto(target, width, offset + first, values, rows);
    }
  }

  /**
   * Some rows after the other in single precision, in memory that the next ones take: the word vectors of a large
   * vocabulary are most of an encoder. All at once where the checkpoint gives tensors only whole.
   */
  private *rowsOf(stored: string): Generator<{ first: number; rows: number; matrix: Float32Array }> {
    const { type, shape } = this.checkpoint.tensors.get(stored)!;
    const [all] = shape as [number];
    const rowBytes = columnsOf(shape) * storedBytes[type];
    const atOnce = this.checkpoint.readPart ? Math.max(1, Math.floor(PIECE_BYTES / rowBytes)) : all;
    let bytes = new Uint8Array(0);
    for (let first = 0; first < all; first += atOnce) {
      const rows = Math.min(atOnce, all - first);
      if (bytes.length !== rows * rowBytes) bytes = new Uint8Array(rows * rowBytes);
      if (this.checkpoint.readPart) this.checkpoint.readPart(stored, first * rowBytes, bytes);
      else this.checkpoint.readInto(stored, bytes);
      yield { first, rows, matrix: toFloat32(bytes.buffer, type) };
    }
  }

  /** The scales of a matrix that is stored in eight bits, [rows]. */
  storedScales(name: string): Float32Array<ArrayBuffer> {
    return this.scalesOf(this.stored(name));
  }

  private storedInt8(stored: string): Int8Rows {
    return { values: new Int8Array(this.read(stored)), scales: this.scalesOf(stored) };
  }

  private scalesOf(stored: string): Float32Array<ArrayBuffer> {
    return toFloat32(this.read(scaleName(stored)), 'F32');
  }

  private read(stored: string): ArrayBuffer {
    const { type, shape } = this.checkpoint.tensors.get(stored)!;
    const bytes = new Uint8Array(shape.reduce((product, length) => product * length, storedBytes[type]));
    this.checkpoint.readInto(stored, bytes);
    return bytes.buffer;
  }

  private stored(name: string): string {
    const stored = this.names.get(name);
    if (stored === undefined) throw new Error(`${name} is not a weight of this encoder`);
    return stored;
  }
}

/** Of a piece of a matrix: enough for the disk, little enough for the cache. */
const PIECE_BYTES = 2 ** 20;

/** Elements of a row. */
function columnsOf([, ...others]: readonly number[]): number {
  return others.reduce((product, length) => product * length, 1);
}

/**
 * What the head of another task has in common with ours: ModernBERT puts the same layer before each classifier, and
 * transformers keeps it when it opens a checkpoint for another task.
 */
function sharedHead(config: EncoderConfig, { tensors }: Checkpoint): WeightSpec[] {
  const found = ({ name, shape }: WeightSpec): boolean =>
    publishedNames(config.modelType, name).some(
      (stored) => String(tensors.get(stored)?.shape) === String(shape),
    );
  const shared = headWeights(config).filter(({ name }) => !name.startsWith('classifier.'));
  return shared.every(found) ? shared : [];
}

/** A sequence classifier has weights of the same names, for one answer a text: they mark no entities. */
function holdsHead({ modelType, architectures }: EncoderConfig, { tensors }: Checkpoint): boolean {
  const otherTask = architectures.some((name) =>
    /ForSequenceClassification|ForMultipleChoice|ForQuestionAnswering/.test(name),
  );
  return !otherTask && publishedNames(modelType, 'classifier.weight').some((name) => tensors.has(name));
}
