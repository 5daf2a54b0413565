import type { StateTensor } from '../../engine';
import type { Parameter } from '../../graphs/trainableParameters';
import { elementsOf } from '../../graphs/trainableParameters';
import { pieceOf } from './pieces';

interface Arriving {
  readonly values: Float32Array;
  readonly missing: Set<string>;
}

/**
 * Puts the tensors of a state together to those of the parameters that hold them. Tensors that come parameter by
 * parameter, as a state lists them, never make more than one wait.
 */
export class ArrivingParameters {
  private readonly arriving = new Map<string, Arriving>();

  /** @returns all elements of the parameter once the last of its pieces has come, of this kind */
  add(parameter: Parameter, { name, kind, values }: StateTensor): Float32Array | undefined {
    const key = `${kind} ${parameter.name}`;
    const own = this.arriving.get(key) ?? begun(parameter);
    this.arriving.set(key, own);
    pieceOf(parameter, own.values, name).set(values);
    own.missing.delete(name);
    if (own.missing.size > 0) return undefined;
    this.arriving.delete(key);
    return own.values;
  }
}

function begun(parameter: Parameter): Arriving {
  const missing = new Set(parameter.pieces.map(({ name }) => name));
  return { values: new Float32Array(elementsOf(parameter)), missing };
}
