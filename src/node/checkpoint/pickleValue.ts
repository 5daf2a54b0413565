import type { StoredType } from '../../core/encoder/checkpoint';

/** A name that a pickle imports. It stays a name: nothing is ever imported. */
export class Global {
  constructor(readonly name: string) {}
}

/** Raw elements that tensors look into. */
export class Storage {
  constructor(
    readonly type: StoredType,
    /** The storage's name in the file. */
    readonly key: string,
    /** In elements. */
    readonly length: number,
  ) {}
}

/** A strided window into a storage; offset and strides in elements. */
export class StridedTensor {
  constructor(
    readonly storage: Storage,
    readonly offset: number,
    readonly shape: readonly number[],
    readonly strides: readonly number[],
  ) {}
}

export class Tuple {
  constructor(readonly items: readonly PickleValue[]) {}
}

/** What a checkpoint's pickle can hold. Dictionaries are maps: no key can reach a prototype. */
export type PickleValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | Global
  | Storage
  | StridedTensor
  | Tuple
  | PickleValue[]
  | Map<PickleValue, PickleValue>;
