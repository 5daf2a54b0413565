import { create, toBinary } from '@bufbuild/protobuf';
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import type { GraphBuilder } from './graphBuilder';
import { bytesOf } from './graphBuilder';
import { toHalf } from './halfPrecision';
import type { ExternalElements, Initializer, WriteElements } from './initializer';
import {
  GraphProtoSchema,
  ModelProtoSchema,
  StringStringEntryProtoSchema,
  TensorProto_DataLocation as DataLocation,
  TensorProto_DataType as DataType,
  TensorProtoSchema,
} from './onnx_pb';
import type { TensorProto } from './onnx_pb';
import { byteLength } from './value';

const irVersion = 9n;
/** Old enough for every provider, new enough for LayerNormalization as one operator. */
const onnxOpset = 17n;

/** Protobuf's own limit on one message. */
export const MAX_MODEL_BYTES = 2 ** 31 - 1;

const field = {
  modelGraph: ModelProtoSchema.field.graph.number,
  graphInitializer: GraphProtoSchema.field.initializer.number,
  tensorRawData: TensorProtoSchema.field.rawData.number,
};

/**
 * The model as ONNX bytes.
 *
 * Weights would be copied several times on their way through `toBinary`. Protobuf merges a message that comes in
 * several pieces, so each weight follows the rest as a piece of its own, written once, into its final place.
 * @throws Error when the weights exceed protobuf's 2 GiB
 */
export function toOnnx(graph: GraphBuilder): Uint8Array<ArrayBuffer> {
  return serialised(graph, storedForms(graph));
}

/** The constants of a graph as the model is to hold them. */
export function storedForms(graph: GraphBuilder): readonly Stored[] {
  return graph.initializers.map((initializer) => storedForm(graph, initializer));
}

/** @throws Error when what is inside of the model exceeds protobuf's 2 GiB */
export function serialised(graph: GraphBuilder, stored: readonly Stored[]): Uint8Array<ArrayBuffer> {
  const skeleton = modelWithoutWeights(graph);
  const frames = stored.map(frame);
  const total = stored.reduce(
    (sum, { length }, index) => sum + frames[index]!.length + length,
    skeleton.length,
  );
  if (total > MAX_MODEL_BYTES) throw new Error('the model exceeds the 2 GiB that an ONNX file can hold');
  return join(skeleton, frames, stored, total);
}

function join(
  skeleton: Uint8Array,
  frames: readonly Uint8Array[],
  initializers: readonly Stored[],
  total: number,
): Uint8Array<ArrayBuffer> {
  const model = new Uint8Array(total);
  model.set(skeleton);
  let position = skeleton.length;
  initializers.forEach(({ length, elements }, index) => {
    model.set(frames[index]!, position);
    const start = position + frames[index]!.length;
    position = start + length;
    if (typeof elements === 'function') elements(model.subarray(start, position));
  });
  return model;
}

function modelWithoutWeights({ inputs, outputs, nodes }: GraphBuilder): Uint8Array {
  const model = create(ModelProtoSchema, {
    irVersion,
    producerName: 'anamnese',
    opsetImport: [
      { domain: '', version: onnxOpset },
      { domain: 'com.microsoft', version: 1n },
    ],
    graph: { name: 'encoder', input: inputs, output: outputs, node: nodes },
  });
  return toBinary(ModelProtoSchema, model);
}

/** A constant as the model holds it. */
export interface Stored {
  readonly value: Initializer['value'];
  readonly type: DataType;
  /** Bytes inside the model; none where the elements lie in a file of their own. */
  readonly length: number;
  /** Bytes of the elements, wherever they lie. */
  readonly bytes: number;
  readonly elements: WriteElements | ExternalElements;
}

function storedForm(graph: GraphBuilder, { value, elements }: Initializer): Stored {
  const bytes = byteLength(value.type, value.shape);
  const type = graph.storedType(value.type);
  if (typeof elements !== 'function') return { value, type, length: 0, bytes, elements };
  if (type !== DataType.FLOAT16) return { value, type, length: bytes, bytes, elements };
  const writeHalves: WriteElements = (target) => {
    const single = new Uint8Array(bytes);
    elements(single);
    target.set(bytesOf(toHalf(new Float32Array(single.buffer))));
  };
  return { value, type, length: bytes / 2, bytes: bytes / 2, elements: writeHalves };
}

/** Everything of `model.graph.initializer` that precedes the tensor's raw bytes. */
function frame(stored: Stored): Uint8Array {
  const described = toBinary(TensorProtoSchema, tensorProto(stored));
  const { length } = stored;
  const inline = typeof stored.elements === 'function';
  const tensor = inline ? concat(described, prefix(field.tensorRawData, length)) : described;
  const entry = concat(prefix(field.graphInitializer, tensor.length + length), tensor);
  return concat(prefix(field.modelGraph, entry.length + length), entry);
}

function tensorProto({ value, type, bytes, elements }: Stored): TensorProto {
  const described = { name: value.name, dataType: type, dims: value.shape.map(BigInt) };
  if (typeof elements === 'function') return create(TensorProtoSchema, described);
  const entries = {
    location: elements.file,
    offset: String(elements.position),
    length: String(bytes),
  };
  const externalData = Object.entries(entries).map(([key, text]) =>
    create(StringStringEntryProtoSchema, { key, value: text }),
  );
  return create(TensorProtoSchema, { ...described, dataLocation: DataLocation.EXTERNAL, externalData });
}

function prefix(fieldNumber: number, length: number): Uint8Array {
  return new BinaryWriter().tag(fieldNumber, WireType.LengthDelimited).uint32(length).finish();
}

function concat(left: Uint8Array, right: Uint8Array): Uint8Array {
  const joined = new Uint8Array(left.length + right.length);
  joined.set(left);
  joined.set(right, left.length);
  return joined;
}
