import { create } from '@bufbuild/protobuf';
import {
  AttributeProto_AttributeType as AttributeType,
  AttributeProtoSchema,
  NodeProtoSchema,
  TensorProto_DataType as DataType,
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

/**
 * The gradient of an operator: given the loss's gradient by each output, how to compute it by each input, asked for
 * only where it is needed. An output that the loss does not depend on has none; an input that knows none is undefined.
 */
export type Gradient = (...outputs: readonly (Value | undefined)[]) => readonly ((() => Value) | undefined)[];

export interface NodeOptions {
  readonly domain?: OperatorDomain;
  /** Numbers are integers; wrap a real one as `{ float }`. */
  readonly attributes?: Readonly<Record<string, Attribute>>;
  readonly gradient?: Gradient;
}

/** A node that can be differentiated: what it read, what it gave, and how gradients flow through it. */
export interface Recorded {
  readonly inputs: readonly (Value | undefined)[];
  readonly outputs: readonly Value[];
  readonly gradient: Gradient;
}

export interface GraphOptions {
  /**
   * Use operators that ONNX Runtime's CPU provider has in one piece; without, every node is of plain ONNX, which all
   * providers run.
   */
  readonly fused: boolean;
  /** The graph will be differentiated: fused operators that hide what a gradient needs are left alone. */
  readonly differentiable?: boolean;
  /** Compute in half precision: float32 values are float16 inside, but for inputs and outputs. */
  readonly half?: boolean;
}

/** What an operator returns: the element type and shape of one output. */
export interface OutputSpec {
  readonly type: ElementType;
  readonly shape: readonly Dimension[];
}

/** Builds one ONNX graph. Operators are functions over it (see operators/): each adds nodes and returns values. */
export class GraphBuilder {
  readonly fused: boolean;
  readonly differentiable: boolean;
  readonly half: boolean;
  readonly inputs: ValueInfoProto[] = [];
  readonly outputs: ValueInfoProto[] = [];
  readonly nodes: NodeProto[] = [];
  readonly initializers: Initializer[] = [];
  /** Differentiable nodes in the order of their making. */
  readonly tape: Recorded[] = [];
  private readonly constants = new Map<string, Value>();
  private readonly lengths = new Map<string, { readonly input: Value; readonly axis: number }>();
  private readonly remembered = new Map<string, Value>();
  private recording: boolean;
  private count = 0;

  constructor({ fused, differentiable = false, half = false }: GraphOptions) {
    this.fused = fused;
    this.half = half;
    this.differentiable = differentiable;
    this.recording = differentiable;
  }

  /** A value that each run is given. Named dimensions get their length from the first input that has them. */
  input(name: string, type: ElementType, shape: readonly Dimension[]): Value {
    const value = { name, type, shape };
    this.inputs.push(valueInfo(value));
    shape.forEach((dimension, axis) => {
      if (typeof dimension === 'string' && !this.lengths.has(dimension))
        this.lengths.set(dimension, { input: value, axis });
    });
    if (!this.half || type !== 'float32') return value;
    return this.node('Cast', [value], value, { attributes: { to: DataType.FLOAT16 } });
  }

  /** The length of a dimension, an int64 vector of one element. @throws Error for a name that no input has */
  lengthOf(dimension: Dimension): Value {
    if (typeof dimension === 'number') return this.constant('int64', [dimension]);
    const place = this.lengths.get(dimension);
    if (place === undefined) throw new Error(`no input has a dimension "${dimension}"`);
    const attributes = { start: place.axis, end: place.axis + 1 };
    return this.once(`length of ${dimension}`, () =>
      this.node('Shape', [place.input], { type: 'int64', shape: [1] }, { attributes }),
    );
  }

  /** The value made for `key` before, or made now. */
  once(key: string, make: () => Value): Value {
    const value = this.remembered.get(key) ?? make();
    this.remembered.set(key, value);
    return value;
  }

  /** Publishes a value under a name of its own. */
  output(name: string, value: Value): void {
    const published = { ...value, name };
    const single = [attribute('to', DataType.FLOAT)];
    const how =
      this.half && value.type === 'float32'
        ? { opType: 'Cast', attribute: single }
        : { opType: 'Identity', attribute: [] };
    this.nodes.push(create(NodeProtoSchema, { ...how, input: [value.name], output: [name] }));
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

  /** The type that ONNX has for elements inside this graph. */
  storedType(type: ElementType): DataType {
    return this.half && type === 'float32' ? DataType.FLOAT16 : onnxType[type];
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
    { domain = '', attributes = {}, gradient }: NodeOptions = {},
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
    if (gradient) this.record({ inputs, outputs: values, gradient });
    return values;
  }

  /** Several nodes that are differentiated as one, by a gradient that is cheaper or exacter than theirs chained. */
  asOne(inputs: readonly (Value | undefined)[], make: () => Value, gradient: Gradient): Value {
    return this.asOneOfSeveral(inputs, () => [make()], gradient)[0]!;
  }

  /** The same for nodes that together have several outputs. */
  asOneOfSeveral(
    inputs: readonly (Value | undefined)[],
    make: () => readonly Value[],
    gradient: Gradient,
  ): readonly Value[] {
    const recording = this.recording;
    this.recording = false;
    const outputs = make();
    this.recording = recording;
    this.record({ inputs, outputs, gradient });
    return outputs;
  }

  private record(record: Recorded): void {
    if (this.recording) this.tape.push(record);
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
