import { create, toBinary } from '@bufbuild/protobuf';
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import type { GraphBuilder, Initializer } from './graphBuilder';
import {
  GraphProtoSchema,
  ModelProtoSchema,
  StringStringEntryProtoSchema,
  TensorProto_DataLocation as DataLocation,
  TensorProtoSchema,
} from './onnx_pb';
import type { TensorProto } from './onnx_pb';
import { byteLength, onnxType } from './value';

const irVersion = 9n;
/** Old enough for every provider, new enough for LayerNormalization as one operator. */
const onnxOpset = 17n;

/** Protobuf's own limit on one message. */
const maxModelBytes = 2 ** 31 - 1;

const field = {
  modelGraph: ModelProtoSchema.field.graph.number,
  graphInitializer: GraphProtoSchema.field.initializer.number,
  tensorRawData: TensorProtoSchema.field.rawData.number,
};

/**
 * The model as ONNX bytes.
 *
 * Weights would be copied several times on their way through `toBinary`. Protobuf merges a message that comes in
 * several pieces, so each weight follows the rest as a piece of its own, written once, into its final place. Weights
 * that lie in a file are only named.
 * @throws Error when the weights exceed protobuf's 2 GiB
 */
export function toOnnx(graph: GraphBuilder): Uint8Array<ArrayBuffer> {
  const skeleton = modelWithoutWeights(graph);
  const frames = graph.initializers.map(frame);
  const total = graph.initializers.reduce(
    (sum, initializer, index) => sum + frames[index]!.length + inlineBytes(initializer),
    skeleton.length,
  );
  if (total > maxModelBytes) throw new Error('the model exceeds the 2 GiB that an ONNX file can hold');
  return join(skeleton, frames, graph.initializers, total);
}

function join(
  skeleton: Uint8Array,
  frames: readonly Uint8Array[],
  initializers: readonly Initializer[],
  total: number,
): Uint8Array<ArrayBuffer> {
  const model = new Uint8Array(total);
  model.set(skeleton);
  let position = skeleton.length;
  initializers.forEach((initializer, index) => {
    model.set(frames[index]!, position);
    const start = position + frames[index]!.length;
    position = start + inlineBytes(initializer);
    if (typeof initializer.elements === 'function') initializer.elements(model.subarray(start, position));
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

/** Bytes of an initializer's elements inside the model. */
function inlineBytes({ value, elements }: Initializer): number {
  return typeof elements === 'function' ? byteLength(value.type, value.shape) : 0;
}

/** Everything of `model.graph.initializer` that precedes the tensor's raw bytes. */
function frame(initializer: Initializer): Uint8Array {
  const length = inlineBytes(initializer);
  const described = toBinary(TensorProtoSchema, tensorProto(initializer));
  const inline = typeof initializer.elements === 'function';
  const tensor = inline ? concat(described, prefix(field.tensorRawData, length)) : described;
  const entry = concat(prefix(field.graphInitializer, tensor.length + length), tensor);
  return concat(prefix(field.modelGraph, entry.length + length), entry);
}

function tensorProto({ value, elements }: Initializer): TensorProto {
  const described = { name: value.name, dataType: onnxType[value.type], dims: value.shape.map(BigInt) };
  if (typeof elements === 'function') return create(TensorProtoSchema, described);
  const entries = {
    location: elements.file,
    offset: String(elements.position),
    length: String(byteLength(value.type, value.shape)),
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
