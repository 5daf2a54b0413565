/** The operands of a pickle's opcodes, little-endian. */
export class PickleReader {
  private readonly view: DataView;

  constructor(
    private readonly data: Uint8Array,
    /** Of the next byte to read. */
    public position: number,
  ) {
    this.view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  }

  uint8(): number {
    return this.view.getUint8(this.advance(1));
  }

  uint16(): number {
    return this.view.getUint16(this.advance(2), true);
  }

  int32(): number {
    return this.view.getInt32(this.advance(4), true);
  }

  uint32(): number {
    return this.view.getUint32(this.advance(4), true);
  }

  uint64(): number {
    return Number(this.view.getBigUint64(this.advance(8), true));
  }

  /** Big-endian, unlike everything else in a pickle. */
  float64(): number {
    return this.view.getFloat64(this.advance(8), false);
  }

  bytes(length: number): Uint8Array {
    const start = this.advance(length);
    return this.data.subarray(start, start + length);
  }

  text(length: number): string {
    return utf8.decode(this.bytes(length));
  }

  /** The text up to the next line feed. */
  line(): string {
    const end = this.data.indexOf(0x0a, this.position);
    if (end === -1) throw truncated();
    const text = this.text(end - this.position);
    this.position = end + 1;
    return text;
  }

  /** A two's complement integer of any length up to 32 bytes; a number where it fits one exactly. */
  longInteger(length: number): number | bigint {
    if (length > 32) throw new Error('has an integer of absurd length');
    const digits = [...this.bytes(length)].reverse();
    const unsigned = digits.reduce((value, byte) => (value << 8n) | BigInt(byte), 0n);
    return exact(BigInt.asIntN(8 * length, unsigned));
  }

  /** An integer in text, as protocol 0 writes it: `12`, `12L`, and `01` for true. */
  decimalInteger(): number | bigint {
    const text = this.line().replace(/L$/, '');
    if (!/^-?\d{1,80}$/.test(text)) throw new Error('has a damaged integer');
    return exact(BigInt(text));
  }

  private advance(length: number): number {
    const start = this.position;
    if (!(start + length <= this.data.length)) throw truncated();
    this.position += length;
    return start;
  }
}

const utf8 = new TextDecoder();

const truncated = () => new Error('is truncated: download it again');

function exact(value: bigint): number | bigint {
  return Number.isSafeInteger(Number(value)) ? Number(value) : value;
}
