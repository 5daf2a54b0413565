import { create } from '@bufbuild/protobuf';
import {
  AttributeProto_AttributeType as AttributeType,
  AttributeProtoSchema,
  NodeProtoSchema,
  ValueInfoProtoSchema,
} from './onnx_pb';
import type { AttributeProto, NodeProto, ValueInfoProto } from './onnx_pb';
import type { Value } from './value';
import { onnxType } from './value';

export type Attribute = number | string | readonly number[] | { readonly float: number };

/** The operators of ONNX itself, or ONNX Runtime's own. */
export type OperatorDomain = '' | 'com.microsoft';

/** A node before it is written down. */
export interface NodeDescription {
  readonly name: string;
  readonly op: string;
  readonly domain: OperatorDomain;
  /** An undefined input is one that is left out. */
  readonly inputs: readonly (Value | undefined)[];
  readonly outputs: readonly Value[];
  readonly attributes: Readonly<Record<string, Attribute>>;
}

/** A node as ONNX has it. */
export function nodeProto({ name, op, domain, inputs, outputs, attributes }: NodeDescription): NodeProto {
  return create(NodeProtoSchema, {
    name,
    opType: op,
    domain,
    input: trimmed(inputs).map((input) => input?.name ?? ''),
    output: outputs.map((output) => output.name),
    attribute: Object.entries(attributes).map(([key, value]) => attributeProto(key, value)),
  });
}

/** An input or output of a graph as ONNX has it. */
export function valueInfo({ name, type, shape }: Value): ValueInfoProto {
  const dim = shape.map((size) => ({
    value:
      typeof size === 'number'
        ? ({ case: 'dimValue', value: BigInt(size) } as const)
        : ({ case: 'dimParam', value: size } as const),
  }));
  const tensorType = { elemType: onnxType[type], shape: { dim } };
  return create(ValueInfoProtoSchema, { name, type: { value: { case: 'tensorType', value: tensorType } } });
}

/** The inputs up to the last that is there: ONNX marks only gaps between them. */
function trimmed(inputs: readonly (Value | undefined)[]): readonly (Value | undefined)[] {
  const end = inputs.map((input) => input !== undefined).lastIndexOf(true) + 1;
  return inputs.slice(0, end);
}

function attributeProto(name: string, value: Attribute): AttributeProto {
  const content =
    typeof value === 'number'
      ? { type: AttributeType.INT, i: BigInt(value) }
      : typeof value === 'string'
        ? { type: AttributeType.STRING, s: new TextEncoder().encode(value) }
        : 'float' in value
          ? { type: AttributeType.FLOAT, f: value.float }
          : { type: AttributeType.INTS, ints: value.map(BigInt) };
  return create(AttributeProtoSchema, { name, ...content });
}
