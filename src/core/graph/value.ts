import { TensorProto_DataType as DataType } from './onnx_pb';

export type ElementType = 'float32' | 'int32' | 'int64' | 'int8' | 'uint8' | 'bool';

/** A length known when the graph is built, or the name of one that each run decides, such as `batch`. */
export type Dimension = number | string;

/** A tensor in a graph under construction. Only the builder makes them. */
export interface Value {
  readonly name: string;
  readonly type: ElementType;
  readonly shape: readonly Dimension[];
}

export const onnxType: Readonly<Record<ElementType, DataType>> = {
  float32: DataType.FLOAT,
  int32: DataType.INT32,
  int64: DataType.INT64,
  int8: DataType.INT8,
  uint8: DataType.UINT8,
  bool: DataType.BOOL,
};

const bytesPerElement: Readonly<Record<ElementType, number>> = {
  float32: 4,
  int32: 4,
  int64: 8,
  int8: 1,
  uint8: 1,
  bool: 1,
};

/** Bytes of a dense tensor of known dimensions. */
export function byteLength(type: ElementType, dims: readonly number[]): number {
  return dims.reduce((product, dim) => product * dim, bytesPerElement[type]);
}

/** The last dimension of a value, which must be known: the width of its rows. */
export function lastDimension(value: Value): number {
  const last = value.shape.at(-1);
  if (typeof last !== 'number') throw new Error(`${value.name}: the last dimension must be known`);
  return last;
}
