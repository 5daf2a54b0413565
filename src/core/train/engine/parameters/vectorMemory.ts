import type { AdamWStep, Moments } from './adamW';
import { addInto, moveAverage, moveWeights, squaredNorm } from './adamW';
import { vectorLoops } from './vectorLoops';

/** What is used of WebAssembly, which every JavaScript engine has, but TypeScript types only for browsers. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array<ArrayBuffer>) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: object };
  readonly Memory: new (pages: { initial: number; maximum: number }) => { readonly buffer: ArrayBuffer };
};

/** The functions of vectorLoops.wat. Vectors are places in bytes. */
interface Loops {
  moveWeights(
    weight: number,
    mean: number,
    variance: number,
    gradient: number,
    end: number,
    beta1: number,
    rest1: number,
    beta2: number,
    rest2: number,
    step: number,
    epsilon: number,
    lost: number,
    scale: number,
  ): void;
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
 * Vectors of single-precision numbers in one piece of memory, over which WebAssembly runs the optimiser's loops, four
 * numbers at a time. What nobody has written to takes no physical memory. Its size is final: to grow it would take the
 * vectors away from those that hold them.
 *
 * WebAssembly reserves 10 GB of addresses for each memory, whatever its size. Where a process may not have so many
 * (`ulimit -v`), the vectors lie in ordinary memory and JavaScript does the same.
 */
export class VectorMemory {
  private readonly buffer: ArrayBuffer;
  private readonly loops: Loops | undefined;
  private used = 0;

  /**
   * @param lengths of all vectors that will be asked for; over `VectorMemory.most` bytes, JavaScript's loops serve them
   * @param webAssembly false for the loops of JavaScript
   * @throws RangeError where there is not so much memory
   */
  constructor(lengths: readonly number[], webAssembly = true) {
    const bytes = lengths.reduce((sum, length) => sum + VectorMemory.bytesFor(length), 0);
    const memory = webAssembly && bytes <= VectorMemory.most ? webAssemblyMemory(bytes) : undefined;
    this.buffer = memory?.buffer ?? new ArrayBuffer(bytes);
    this.loops = memory && loopsOver(memory);
  }

  /** Bytes of the largest memory: WebAssembly's places have 32 bits. */
  static readonly most = 2 ** 32 - PAGE;

  /** What a vector takes. */
  static bytesFor(length: number): number {
    return Math.ceil((length * FLOAT) / STRIDE) * STRIDE;
  }

  /** A vector of zeros, of this memory. @throws Error for more than was announced */
  zeros(length: number): Float32Array<ArrayBuffer> {
    const start = this.used;
    this.used += VectorMemory.bytesFor(length);
    if (this.used > this.buffer.byteLength) throw new Error('more vectors are asked for than were announced');
    return new Float32Array(this.buffer, start, length);
  }

  /** Moves weights in place by their gradient, by AdamW. */
  moveWeights(moments: Moments, gradient: Float32Array, step: AdamWStep): void {
    if (!this.loops) return moveWeights(moments, gradient, step);
    const { beta1, beta2, stepSize, epsilon, keep, gradientScale } = step;
    const { weight, mean, variance } = moments;
    if (weight.length === 0) return;
    this.loops.moveWeights(
      ...([this.place(weight), this.place(mean), this.place(variance), this.place(gradient)] as const),
      this.end(weight),
      ...([beta1, 1 - beta1, beta2, 1 - beta2] as const),
      ...([stepSize, epsilon, 1 - keep, gradientScale] as const),
    );
  }

  /** Moves a running average in place: average = decay · average + (1 - decay) · weight. */
  moveAverage(average: Float32Array, weight: Float32Array, decay: number): void {
    if (!this.loops) return moveAverage(average, weight, decay);
    const [place, end] = [this.place(average), this.end(average)];
    if (average.length > 0) this.loops.moveAverage(place, this.place(weight), end, decay);
  }

  /** sum += values, in place. */
  addInto(sum: Float32Array, values: Float32Array): void {
    if (!this.loops) return addInto(sum, values);
    if (sum.length > 0) this.loops.addInto(this.place(sum), this.place(values), this.end(sum));
  }

  /** Σ x², in double precision. */
  squaredNorm(values: Float32Array): number {
    if (!this.loops) return squaredNorm(values);
    return values.length > 0 ? this.loops.squaredNorm(this.place(values), this.end(values)) : 0;
  }

  /** @throws Error for a vector from elsewhere */
  private place({ buffer, byteOffset }: Float32Array): number {
    if (buffer !== this.buffer) throw new Error('the vector is of another memory');
    return byteOffset;
  }

  private end({ byteOffset, length }: Float32Array): number {
    return byteOffset + VectorMemory.bytesFor(length);
  }
}

/** Undefined where WebAssembly cannot reserve its addresses. */
function webAssemblyMemory(bytes: number): { readonly buffer: ArrayBuffer } | undefined {
  const pages = Math.max(1, Math.ceil(bytes / PAGE));
  try {
    return new WebAssembly.Memory({ initial: pages, maximum: pages });
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function loopsOver(memory: { readonly buffer: ArrayBuffer }): Loops {
  compiled ??= new WebAssembly.Module(vectorLoops);
  return new WebAssembly.Instance(compiled, { env: { memory } }).exports as Loops;
}
