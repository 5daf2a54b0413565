import type { Value } from './value';

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
