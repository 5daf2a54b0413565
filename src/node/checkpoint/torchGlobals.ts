import type { StoredType } from '../../core/encoder/checkpoint';
import { Global, Storage, StridedTensor, Tuple } from './pickleValue';
import type { PickleValue } from './pickleValue';

type Function = (args: readonly PickleValue[]) => PickleValue;

/** Everything a checkpoint may call, each written here; whatever it names, no Python and no other code runs. */
const functions: Readonly<Record<string, Function>> = {
  'collections.OrderedDict': orderedDict,
  'torch._utils._rebuild_tensor_v2': rebuildTensor,
  'torch._utils._rebuild_tensor': rebuildTensor,
  'torch._utils._rebuild_parameter': ([tensor]) => tensor ?? null,
  'torch.Size': ([sizes]) => sizes ?? null,
  '_codecs.encode': ([text]) => Buffer.from(String(text), 'latin1'),
};

const storageTypes: Readonly<Record<string, StoredType>> = {
  'torch.DoubleStorage': 'F64',
  'torch.FloatStorage': 'F32',
  'torch.HalfStorage': 'F16',
  'torch.BFloat16Storage': 'BF16',
  'torch.LongStorage': 'I64',
  'torch.IntStorage': 'I32',
  'torch.ShortStorage': 'I16',
  'torch.CharStorage': 'I8',
  'torch.ByteStorage': 'U8',
  'torch.BoolStorage': 'BOOL',
};

const has = (table: object, name: string) => Object.hasOwn(table, name);

/** Whether a checkpoint may import this name (`module.attribute`). */
export function isAllowedGlobal(name: string): boolean {
  return has(functions, name) || has(storageTypes, name);
}

/**
 * Calls one of the functions above.
 * @throws Error for any other callable, and for arguments that make no sense
 */
export function call(callable: PickleValue | undefined, args: PickleValue | undefined): PickleValue {
  if (!(callable instanceof Global) || !has(functions, callable.name) || !(args instanceof Tuple)) {
    throw new Error(`calls ${describe(callable)}`);
  }
  return functions[callable.name]!(args.items);
}

/** The storage behind a persistent id: ('storage', type, key, location, length). */
export function storageOf(id: PickleValue | undefined): Storage {
  const [tag, type, key, , length] = id instanceof Tuple ? id.items : [];
  if (tag !== 'storage' || !(type instanceof Global) || typeof key !== 'string' || !isLength(length)) {
    throw new Error('refers to something that is no storage');
  }
  if (!has(storageTypes, type.name)) throw new Error(`has a storage of the type ${type.name}`);
  return new Storage(storageTypes[type.name]!, key, length);
}

function rebuildTensor([storage, offset, shape, strides]: readonly PickleValue[]): StridedTensor {
  const lengths = lengthsOf(shape);
  const steps = lengthsOf(strides);
  if (!(storage instanceof Storage) || !isLength(offset) || lengths.length !== steps.length) {
    throw new Error('has a tensor without a sensible storage, offset, shape and strides');
  }
  const last = lengths.reduce((sum, length, axis) => sum + (length - 1) * steps[axis]!, offset);
  const elements = lengths.reduce((product, length) => product * length, 1);
  // The second condition refuses a few bytes that repeat themselves into a tensor of any size.
  if (elements > 0 && (last >= storage.length || elements > storage.length)) {
    throw new Error('has a tensor that exceeds its storage');
  }
  return new StridedTensor(storage, offset, lengths, steps);
}

function orderedDict([items]: readonly PickleValue[]): Map<PickleValue, PickleValue> {
  if (items === undefined) return new Map();
  if (!Array.isArray(items)) throw new Error('has a dictionary of no pairs');
  return new Map(
    items.map((item) => {
      const pair = item instanceof Tuple ? item.items : Array.isArray(item) ? item : [];
      if (pair.length !== 2) throw new Error('has a dictionary of no pairs');
      return [pair[0]!, pair[1]!];
    }),
  );
}

function lengthsOf(value: PickleValue | undefined): readonly number[] {
  const items = value instanceof Tuple ? value.items : Array.isArray(value) ? value : undefined;
  if (items === undefined || !items.every(isLength)) throw new Error('has a tensor of no sensible shape');
  return items;
}

function isLength(value: PickleValue | undefined): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

function describe(value: PickleValue | undefined): string {
  return value instanceof Global ? value.name : 'something that is no function';
}
