/** Element types as safetensors names them. */
export type StoredType = 'F64' | 'F32' | 'F16' | 'BF16' | 'I64' | 'I32' | 'I16' | 'I8' | 'U8' | 'BOOL';

export const storedBytes: Readonly<Record<StoredType, number>> = {
  F64: 8,
  F32: 4,
  F16: 2,
  BF16: 2,
  I64: 8,
  I32: 4,
  I16: 2,
  I8: 1,
  U8: 1,
  BOOL: 1,
};

export interface StoredTensor {
  readonly type: StoredType;
  readonly shape: readonly number[];
}

/** Where a tensor's bytes lie, as they are in memory, in a file of the checkpoint's folder. */
export interface StoredPlace {
  readonly file: string;
  /** Bytes from the start of the file. */
  readonly position: number;
}

/** The tensors of one model, from one file or several. Nothing is read before it is asked for. */
export interface Checkpoint {
  /** The file's name for messages. */
  readonly file: string;
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  /**
   * Writes the elements of a tensor, row-major and little-endian, into `target`, which is as long as they are.
   * @throws EncoderError when the file does not hold them
   */
  readInto(name: string, target: Uint8Array): void;
  /**
   * The same of a part that begins `from` bytes after the tensor's first and is as long as `target`. Undefined where a
   * checkpoint gives tensors only whole.
   */
  readPart?(name: string, from: number, target: Uint8Array): void;
  /** The folder that the files really lie in, links followed. */
  readonly folder?: string | undefined;
  /** Where in `folder` a tensor lies in one uncompressed piece; undefined where it does not. */
  place?(name: string): StoredPlace | undefined;
  close(): void;
}
