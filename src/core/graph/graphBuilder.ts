import { create } from '@bufbuild/protobuf';
import {
  AttributeProto_AttributeType as AttributeType,
  AttributeProtoSchema,
  NodeProtoSchema,
  ValueInfoProtoSchema,
} from './onnx_pb';
import type { AttributeProto, NodeProto, ValueInfoProto } from './onnx_pb';
import type { Dimension, ElementType, Value } from './value';
import { onnxType } from './value';

/** Fills in the elements of a constant, row-major and little-endian, at their final place in the model's bytes. */
export type WriteElements = (target: Uint8Array) => void;

/** Elements that lie in a file as they are in memory, for the runtime to read from there. */
export interface ExternalElements {
  readonly file: string;
  /** Bytes from the start of the file. */
  readonly position: number;
}

/**
 * A constant of the graph. What fills it in is called once, while the model is serialised, in the order of addition;
 * what lies in a file stays there.
 */
export interface Initializer {
  readonly value: Value & { readonly shape: readonly number[] };
  readonly elements: WriteElements | ExternalElements;
}

export type Attribute = number | string | readonly number[] | { readonly float: number };

/** The operators of ONNX itself, or ONNX Runtime's own. */
export type OperatorDomain = '' | 'com.microsoft';

export interface NodeOptions {
  readonly domain?: OperatorDomain;
  /** Numbers are integers; wrap a real one as `{ float }`. */
  readonly attributes?: Readonly<Record<string, Attribute>>;
}

/** What an operator returns: the element type and shape of one output. */
export interface OutputSpec {
  readonly type: ElementType;
  readonly shape: readonly Dimension[];
}

/**
 * Builds one ONNX graph. Operators are functions over it (see operators/): each adds nodes and returns values.
 * With `fused`, operators that ONNX Runtime's CPU provider has in one piece are emitted so; without, every node is of
 * plain ONNX, which all providers run.
 */
export class GraphBuilder {
  readonly inputs: ValueInfoProto[] = [];
  readonly outputs: ValueInfoProto[] = [];
  readonly nodes: NodeProto[] = [];
  readonly initializers: Initializer[] = [];
  private readonly constants = new Map<string, Value>();
  private count = 0;

  constructor(readonly fused: boolean) {}

  input(name: string, type: ElementType, shape: readonly Dimension[]): Value {
    const value = { name, type, shape };
    this.inputs.push(valueInfo(value));
    return value;
  }

  /** Publishes a value under a name of its own. */
  output(name: string, value: Value): void {
    const published = { ...value, name };
    this.nodes.push(create(NodeProtoSchema, { opType: 'Identity', input: [value.name], output: [name] }));
    this.outputs.push(valueInfo(published));
  }

  /** A weight. Its elements are asked for when the model is serialised, so that only one is in memory at a time. */
  initializer(
    name: string,
    type: ElementType,
    shape: readonly number[],
    elements: WriteElements | ExternalElements,
  ): Value {
    if (this.initializers.some(({ value }) => value.name === name)) throw new Error(`${name}: added twice`);
    const value = { name, type, shape };
    this.initializers.push({ value, elements });
    return value;
  }

  /** A small constant; the same constant asked for twice is stored once. */
  constant(type: 'float32' | 'int32' | 'int64', values: readonly number[], shape = [values.length]): Value {
    const key = `${type}[${shape}]:${values}`;
    let value = this.constants.get(key);
    if (value === undefined) {
      const data = typedArray(type, values);
      value = this.initializer(`constant.${this.constants.size}`, type, shape, (target) =>
        target.set(bytesOf(data)),
      );
      this.constants.set(key, value);
    }
    return value;
  }

  scalar(value: number): Value {
    return this.constant('float32', [value], []);
  }

  /** Adds a node with one output. An undefined input is one that is left out. */
  node(op: string, inputs: readonly (Value | undefined)[], output: OutputSpec, options?: NodeOptions): Value {
    return this.nodeWithOutputs(op, inputs, [output], options)[0]!;
  }

  /** Adds a node with several outputs, in ONNX's order. */
  nodeWithOutputs(
    op: string,
    inputs: readonly (Value | undefined)[],
    outputs: readonly OutputSpec[],
    { domain = '', attributes = {} }: NodeOptions = {},
  ): Value[] {
    const id = `${op}.${this.count++}`;
    const values = outputs.map((output, index) => ({ ...output, name: index === 0 ? id : `${id}:${index}` }));
    const node = create(NodeProtoSchema, {
      name: id,
      opType: op,
      domain,
      input: trimmed(inputs).map((input) => input?.name ?? ''),
      output: values.map((value) => value.name),
      attribute: Object.entries(attributes).map(([name, value]) => attribute(name, value)),
    });
    this.nodes.push(node);
    return values;
  }
}

/** The bytes of a typed array, without a copy. */
export function bytesOf(data: ArrayBufferView): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

function typedArray(type: 'float32' | 'int32' | 'int64', values: readonly number[]): ArrayBufferView {
  if (type === 'float32') return Float32Array.from(values);
  return type === 'int32' ? Int32Array.from(values) : BigInt64Array.from(values, BigInt);
}

function trimmed(inputs: readonly (Value | undefined)[]): readonly (Value | undefined)[] {
  const end = inputs.map((input) => input !== undefined).lastIndexOf(true) + 1;
  return inputs.slice(0, end);
}

function attribute(name: string, value: Attribute): AttributeProto {
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

function valueInfo({ name, type, shape }: Value): ValueInfoProto {
  const dim = shape.map((size) => ({
    value:
      typeof size === 'number'
        ? ({ case: 'dimValue', value: BigInt(size) } as const)
        : ({ case: 'dimParam', value: size } as const),
  }));
  const tensorType = { elemType: onnxType[type], shape: { dim } };
  return create(ValueInfoProtoSchema, { name, type: { value: { case: 'tensorType', value: tensorType } } });
}
