/**
 * Whole numbers from 0 to 2^32 - 1 as LEB128 varints: counts are mostly small, so most take one byte, and zeros, of
 * which histograms have many, compress well.
 */
export class VarintWriter {
  private bytes = new Uint8Array(1024);
  /** Bytes written. */
  length = 0;

  write(value: number): void {
    if (this.length + 5 > this.bytes.length) this.grow();
    let rest = value >>> 0;
    while (rest > 0x7f) {
      this.bytes[this.length++] = (rest & 0x7f) | 0x80;
      rest >>>= 7;
    }
    this.bytes[this.length++] = rest;
  }

  writeAll(values: Iterable<number>): void {
    for (const value of values) this.write(value);
  }

  finish(): Uint8Array {
    return this.bytes.slice(0, this.length);
  }

  private grow(): void {
    const larger = new Uint8Array(this.bytes.length * 2);
    larger.set(this.bytes);
    this.bytes = larger;
  }
}

/** Reads what `VarintWriter` wrote, from byte `at` on. */
export class VarintReader {
  constructor(
    private readonly bytes: Uint8Array,
    private at = 0,
  ) {}

  /** @throws RangeError where the bytes end */
  read(): number {
    let byte = this.bytes[this.at++];
    if (byte! < 0x80) return byte!;
    let [value, shift] = [0, 0];
    for (;;) {
      if (byte === undefined) throw new RangeError('the report ends in the middle of its figures');
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value >>> 0;
      shift += 7;
      byte = this.bytes[this.at++];
    }
  }

  readInto<Numbers extends Uint32Array | Float64Array>(numbers: Numbers): Numbers {
    for (let i = 0; i < numbers.length; i++) numbers[i] = this.read();
    return numbers;
  }
}
