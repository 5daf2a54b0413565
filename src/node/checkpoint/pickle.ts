import { PickleReader } from './pickleReader';
import type { PickleValue } from './pickleValue';
import { Global, Tuple } from './pickleValue';
import { call, isAllowedGlobal, storageOf } from './torchGlobals';

/**
 * Reads one pickle without executing anything: a stack machine of the opcodes that torch.save writes. Names are
 * compared with a list, calls are carried out by functions of ours, every other opcode is refused.
 * @returns the value, and where the pickle ends in `bytes`
 * @throws Error saying what was refused, or that the bytes are truncated
 */
export function readPickle(bytes: Uint8Array, start = 0): { value: PickleValue; end: number } {
  const machine = new Machine(new PickleReader(bytes, start));
  const value = machine.run();
  return { value, end: machine.reader.position };
}

type Step = (machine: Machine, reader: PickleReader) => void;

class Machine {
  stack: PickleValue[] = [];
  private readonly marked: PickleValue[][] = [];
  private readonly memo = new Map<number, PickleValue>();

  constructor(readonly reader: PickleReader) {}

  run(): PickleValue {
    for (;;) {
      const code = String.fromCharCode(this.reader.uint8());
      if (code === '.') return this.pop();
      const step = Object.hasOwn(steps, code) ? steps[code] : undefined;
      if (step === undefined) throw new Error(`uses the pickle opcode ${name(code)}, which no weights need`);
      step(this, this.reader);
    }
  }

  push(value: PickleValue): void {
    this.stack.push(value);
  }

  pop(): PickleValue {
    const value = this.stack.pop();
    if (value === undefined) throw new Error('is a damaged pickle: nothing on the stack');
    return value;
  }

  top(): PickleValue {
    const value = this.stack.at(-1);
    if (value === undefined) throw new Error('is a damaged pickle: nothing on the stack');
    return value;
  }

  mark(): void {
    this.marked.push(this.stack);
    this.stack = [];
  }

  /** Everything since the last mark. */
  popMark(): PickleValue[] {
    const items = this.stack;
    const below = this.marked.pop();
    if (below === undefined) throw new Error('is a damaged pickle: no mark');
    this.stack = below;
    return items;
  }

  remember(index: number): void {
    this.memo.set(index, this.top());
  }

  rememberNext(): void {
    this.remember(this.memo.size);
  }

  recall(index: number): void {
    const value = this.memo.get(index);
    if (value === undefined) throw new Error('is a damaged pickle: nothing remembered');
    this.push(value);
  }

  global(module: PickleValue, attribute: PickleValue): void {
    const path = `${String(module)}.${String(attribute)}`;
    if (!isAllowedGlobal(path)) throw new Error(`wants to import ${path}, which no weights need`);
    this.push(new Global(path));
  }

  setItems(items: readonly PickleValue[]): void {
    const target = this.top();
    if (!(target instanceof Map) || items.length % 2 !== 0)
      throw new Error('is a damaged pickle: no dictionary');
    for (let i = 0; i < items.length; i += 2) target.set(items[i]!, items[i + 1]!);
  }

  append(items: readonly PickleValue[]): void {
    const target = this.top();
    if (!Array.isArray(target)) throw new Error('is a damaged pickle: no list');
    for (const item of items) target.push(item);
  }

  /** An object's attributes. Only a dictionary may get some (a state_dict's `_metadata`), and they are dropped. */
  build(): void {
    const state = this.pop();
    if (!(this.top() instanceof Map) || !(state instanceof Map))
      throw new Error('sets the state of an object');
  }
}

const popMany = (machine: Machine, count: number) =>
  Array.from({ length: count }, () => machine.pop()).reverse();

const steps: Readonly<Record<string, Step>> = {
  '\x80': (_, reader) => reader.uint8(), // PROTO
  '\x95': (_, reader) => reader.uint64(), // FRAME
  '(': (machine) => machine.mark(),
  '0': (machine) => machine.pop(),
  '1': (machine) => machine.popMark(),
  '2': (machine) => machine.push(machine.top()),
  N: (machine) => machine.push(null),
  '\x88': (machine) => machine.push(true),
  '\x89': (machine) => machine.push(false),
  I: (machine, reader) => machine.push(reader.decimalInteger()),
  L: (machine, reader) => machine.push(reader.decimalInteger()),
  J: (machine, reader) => machine.push(reader.int32()),
  K: (machine, reader) => machine.push(reader.uint8()),
  M: (machine, reader) => machine.push(reader.uint16()),
  '\x8a': (machine, reader) => machine.push(reader.longInteger(reader.uint8())),
  '\x8b': (machine, reader) => machine.push(reader.longInteger(reader.uint32())),
  G: (machine, reader) => machine.push(reader.float64()),
  F: (machine, reader) => machine.push(Number(reader.line())),
  U: (machine, reader) => machine.push(reader.text(reader.uint8())),
  T: (machine, reader) => machine.push(reader.text(reader.uint32())),
  V: (machine, reader) => machine.push(reader.line()),
  X: (machine, reader) => machine.push(reader.text(reader.uint32())),
  '\x8c': (machine, reader) => machine.push(reader.text(reader.uint8())),
  '\x8d': (machine, reader) => machine.push(reader.text(reader.uint64())),
  C: (machine, reader) => machine.push(reader.bytes(reader.uint8())),
  B: (machine, reader) => machine.push(reader.bytes(reader.uint32())),
  '\x8e': (machine, reader) => machine.push(reader.bytes(reader.uint64())),
  ')': (machine) => machine.push(new Tuple([])),
  '\x85': (machine) => machine.push(new Tuple(popMany(machine, 1))),
  '\x86': (machine) => machine.push(new Tuple(popMany(machine, 2))),
  '\x87': (machine) => machine.push(new Tuple(popMany(machine, 3))),
  t: (machine) => machine.push(new Tuple(machine.popMark())),
  ']': (machine) => machine.push([]),
  l: (machine) => machine.push(machine.popMark()),
  a: (machine) => machine.append([machine.pop()]),
  e: (machine) => machine.append(machine.popMark()),
  '}': (machine) => machine.push(new Map()),
  s: (machine) => machine.setItems(popMany(machine, 2)),
  u: (machine) => machine.setItems(machine.popMark()),
  p: (machine, reader) => machine.remember(Number(reader.line())),
  q: (machine, reader) => machine.remember(reader.uint8()),
  r: (machine, reader) => machine.remember(reader.uint32()),
  '\x94': (machine) => machine.rememberNext(),
  g: (machine, reader) => machine.recall(Number(reader.line())),
  h: (machine, reader) => machine.recall(reader.uint8()),
  j: (machine, reader) => machine.recall(reader.uint32()),
  c: (machine, reader) => machine.global(reader.line(), reader.line()),
  '\x93': (machine) => machine.global(...(popMany(machine, 2) as [PickleValue, PickleValue])),
  R: (machine) => machine.push(call(...(popMany(machine, 2) as [PickleValue, PickleValue]))),
  Q: (machine) => machine.push(storageOf(machine.pop())),
  b: (machine) => machine.build(),
};

/** The opcodes that a pickle can do harm with, by Python's names, for the message. */
const refused: Readonly<Record<string, string>> = {
  i: 'INST',
  o: 'OBJ',
  '\x81': 'NEWOBJ',
  '\x92': 'NEWOBJ_EX',
  '\x82': 'EXT1',
  '\x83': 'EXT2',
  '\x84': 'EXT4',
  P: 'PERSID',
};

function name(code: string): string {
  return refused[code] ?? `0x${code.charCodeAt(0).toString(16)}`;
}
