import type { ExternalElements, Initializer, WriteElements } from './initializer';
import { TensorProto_DataType as DataType } from './onnx_pb';
import type { NodeProto, ValueInfoProto } from './onnx_pb';
import type { Attribute, OperatorDomain } from './protos';
import { nodeProto, valueInfo } from './protos';
import type { Dimension, ElementType, Value } from './value';
import { onnxType } from './value';

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
  /**
   * Turn the weights of dense layers before they are multiplied: ONNX Runtime's shaders take three times as long for a
   * product whose right factor is transposed inside it (`npm run bench:gpu -- --profile`).
   */
  readonly turned?: boolean;
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
  readonly turned: boolean;
  readonly differentiable: boolean;
  readonly half: boolean;
  readonly inputs: ValueInfoProto[] = [];
  readonly outputs: ValueInfoProto[] = [];
  readonly nodes: NodeProto[] = [];
  readonly initializers: Initializer[] = [];
  /** Differentiable nodes in the order of their making. */
  readonly tape: Recorded[] = [];
  private readonly constants = new Map<string, Value>();
  /** Where the length of a named dimension is told. */
  private readonly lengths = new Map<string, { readonly value: Value; readonly axis: number }>();
  /** What `once` made, by key. */
  private readonly made = new Map<string, Value>();
  private recording: boolean;
  private count = 0;

  constructor({ fused, turned = false, differentiable = false, half = false }: GraphOptions) {
    this.fused = fused;
    this.turned = turned;
    this.half = half;
    this.differentiable = differentiable;
    this.recording = differentiable;
  }

  /** A value that each run is given. Named dimensions get their length from the first input that has them. */
  input(name: string, type: ElementType, shape: readonly Dimension[]): Value {
    const value = { name, type, shape };
    this.inputs.push(valueInfo(value));
    this.tellLengths(value);
    if (!this.half || type !== 'float32') return value;
    return this.node('Cast', [value], value, { attributes: { to: DataType.FLOAT16 } });
  }

  /** From now on the named dimensions of a value get their lengths from it, but for those that another tells already. */
  tellLengths(value: Value): void {
    value.shape.forEach((dimension, axis) => {
      if (typeof dimension === 'string' && !this.lengths.has(dimension))
        this.lengths.set(dimension, { value, axis });
    });
  }

  /** The length of a dimension, an int64 vector of one element. @throws Error for a name of which nothing tells it */
  lengthOf(dimension: Dimension): Value {
    if (typeof dimension === 'number') return this.constant('int64', [dimension]);
    const place = this.lengths.get(dimension);
    if (place === undefined) throw new Error(`nothing tells the length of "${dimension}"`);
    const attributes = { start: place.axis, end: place.axis + 1 };
    return this.once(`length of ${dimension}`, () =>
      this.node('Shape', [place.value], { type: 'int64', shape: [1] }, { attributes }),
    );
  }

  /**
   * Makes a value the first time that `key` is asked for, and gives the same one back from then on. Keys are those of
   * the whole graph: they must say what is made, and of what.
   */
  once(key: string, make: () => Value): Value {
    const value = this.made.get(key) ?? make();
    this.made.set(key, value);
    return value;
  }

  /** Publishes a value under a name of its own. */
  output(name: string, value: Value): void {
    const published = { ...value, name };
    const widened = this.half && value.type === 'float32';
    this.nodes.push(
      nodeProto({
        name,
        op: widened ? 'Cast' : 'Identity',
        domain: '',
        inputs: [value],
        outputs: [published],
        attributes: widened ? { to: DataType.FLOAT } : {},
      }),
    );
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
    this.nodes.push(nodeProto({ name: id, op, domain, inputs, outputs: values, attributes }));
    if (gradient) this.record({ inputs, outputs: values, gradient });
    return values;
  }

  /**
   * Differentiates the nodes that `make` adds as one operator on `inputs`, by a gradient that is cheaper or exacter than
   * theirs chained; their own gradients do not count.
   */
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
