import type { StateKind } from '../../engine';
import type { Parameter } from '../../graphs/trainableParameters';
import { elementsOf } from '../../graphs/trainableParameters';

/** In the order of a state. */
export const stateKinds: readonly StateKind[] = ['weight', 'mean', 'variance', 'average'];

/** Reads a published weight in single precision. */
export type ReadWeight = (name: string) => Float32Array;

/** The elements of one published weight among those of the parameter that holds it. @throws Error where it does not */
export function pieceOf(parameter: Parameter, values: Float32Array, name: string): Float32Array {
  let start = 0;
  for (const piece of parameter.pieces) {
    const end = start + elementsOf(piece);
    if (piece.name === name) return values.subarray(start, end);
    start = end;
  }
  throw new Error(`${name} is no part of ${parameter.name}`);
}

/** All elements of a parameter, read piece by piece. @param values where they are written, else a new array */
export function readParameter(
  parameter: Parameter,
  read: ReadWeight,
  values = new Float32Array(elementsOf(parameter)),
): Float32Array {
  for (const { name } of parameter.pieces) pieceOf(parameter, values, name).set(read(name));
  return values;
}
