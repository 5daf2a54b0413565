import type { AdamWStep, Moments } from './adamW';
import { vectorLoops } from './vectorLoops';

/** What is used of WebAssembly, which every JavaScript engine has, but TypeScript types only for browsers. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array<ArrayBuffer>) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: object };
  readonly Memory: new (pages: { initial: number; maximum: number }) => { readonly buffer: ArrayBuffer };
};

/** The functions of vectorLoops.wat; places are in bytes. */
interface Loops {
  moveWeights(weight: number, mean: number, variance: number, gradient: number, ...others: number[]): void;
  moveAverage(average: number, weight: number, end: number, decay: number): void;
  addInto(sum: number, values: number, end: number): void;
  squaredNorm(values: number, end: number): number;
}

const PAGE = 2 ** 16;
/** Loops take so many bytes at a time, which is why vectors begin and end at multiples of it. */
const STRIDE = 16;
const FLOAT = Float32Array.BYTES_PER_ELEMENT;
let compiled: object | undefined;

/**
 * Vectors of single-precision numbers in one piece of memory, over which WebAssembly runs the optimiser's loops several times
 * as fast as JavaScript does. What nobody has written to takes no room. Its size is final: to grow it would take the
 * vectors away from those that hold them.
 */
export class VectorMemory {
  private readonly memory: { readonly buffer: ArrayBuffer };
  private readonly loops: Loops;
  private used = 0;

  /**
   * @param lengths of all vectors that will be asked for, 4 GiB together at most
   * @throws RangeError where there is not so much memory
   */
  constructor(lengths: readonly number[]) {
    const bytes = lengths.reduce((sum, length) => sum + VectorMemory.bytesFor(length), 0);
    const pages = Math.max(1, Math.ceil(bytes / PAGE));
    this.memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
    compiled ??= new WebAssembly.Module(vectorLoops);
    const instance = new WebAssembly.Instance(compiled, { env: { memory: this.memory } });
    this.loops = instance.exports as Loops;
  }

  /** What a vector takes. */
  static bytesFor(length: number): number {
    return Math.ceil((length * FLOAT) / STRIDE) * STRIDE;
  }

  /** A vector of zeros, of this memory. */
  zeros(length: number): Float32Array<ArrayBuffer> {
    const vector = new Float32Array(this.memory.buffer, this.used, length);
    this.used += VectorMemory.bytesFor(length);
    return vector;
  }

  /** Moves weights in place by their gradient, by AdamW. */
  moveWeights({ weight, mean, variance }: Moments, gradient: Float32Array, step: AdamWStep): void {
    const { beta1, beta2, stepSize, epsilon, keep, gradientScale } = step;
    const constants = [beta1, 1 - beta1, beta2, 1 - beta2, stepSize, epsilon, keep, gradientScale];
    const [w, m, v, g] = [weight, mean, variance, gradient].map((vector) => this.place(vector));
    if (weight.length > 0) this.loops.moveWeights(w!, m!, v!, g!, this.end(weight), ...constants);
  }

  /** Moves a running average in place: average = decay · average + (1 - decay) · weight. */
  moveAverage(average: Float32Array, weight: Float32Array, decay: number): void {
    const [place, end] = [this.place(average), this.end(average)];
    if (average.length > 0) this.loops.moveAverage(place, this.place(weight), end, decay);
  }

  /** sum += values, in place. */
  addInto(sum: Float32Array, values: Float32Array): void {
    if (sum.length > 0) this.loops.addInto(this.place(sum), this.place(values), this.end(sum));
  }

  /** Σ x², in double precision. */
  squaredNorm(values: Float32Array): number {
    return values.length > 0 ? this.loops.squaredNorm(this.place(values), this.end(values)) : 0;
  }

  /** @throws Error for a vector from elsewhere */
  private place({ buffer, byteOffset }: Float32Array): number {
    if (buffer !== this.memory.buffer) throw new Error('the vector is of another memory');
    return byteOffset;
  }

  private end({ byteOffset, length }: Float32Array): number {
    return byteOffset + VectorMemory.bytesFor(length);
  }
}
