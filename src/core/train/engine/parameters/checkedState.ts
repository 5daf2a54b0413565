import type { StateKind, StateTensor } from '../../engine';
import type { Parameter } from '../../graphs/trainableParameters';
import { elementsOf } from '../../graphs/trainableParameters';
import { stateKinds } from './pieces';

/** A tensor that a state has, without its elements. */
export type StateEntry = Omit<StateTensor, 'values'>;

/** What weights are remembered by: themselves, their moments and, where there is one, their average. */
export function keptKinds(averaged: boolean): readonly StateKind[] {
  return averaged ? stateKinds : stateKinds.filter((kind) => kind !== 'average');
}

/** The tensors of the weights that parameters hold. */
export function stateEntries(parameters: readonly Parameter[], averaged: boolean): StateEntry[] {
  const pieces = parameters.flatMap((parameter) => parameter.pieces);
  return pieces.flatMap(({ name, shape }) => keptKinds(averaged).map((kind) => ({ name, kind, shape })));
}

/**
 * Passes a state on while it is what an engine needs: every tensor once, of its shape, and no other.
 * @throws Error naming the first that is missing, unknown or of another shape
 */
export async function* checkedState(
  tensors: AsyncIterable<StateTensor>,
  expected: readonly StateEntry[],
): AsyncGenerator<StateTensor> {
  const missing = new Map(expected.map((entry) => [keyOf(entry), entry]));
  for await (const tensor of tensors) {
    const entry = missing.get(keyOf(tensor));
    if (!entry) throw new Error(`${keyOf(tensor)} does not belong to the state of this encoder`);
    checkShape(tensor, entry.shape);
    missing.delete(keyOf(tensor));
    yield tensor;
  }
  const [first] = missing.keys();
  const others = missing.size > 1 ? `, and ${missing.size - 1} other${missing.size > 2 ? 's' : ''}` : '';
  if (first !== undefined) throw new Error(`${first} is missing${others}`);
}

function checkShape(tensor: StateTensor, shape: readonly number[]): void {
  if (String(tensor.shape) === String(shape) && tensor.values.length === elementsOf({ shape })) return;
  const found = `has the shape [${tensor.shape.join(', ')}] with ${tensor.values.length} elements`;
  throw new Error(`${keyOf(tensor)} ${found}, not [${shape.join(', ')}]`);
}

const keyOf = ({ name, kind }: Pick<StateTensor, 'name' | 'kind'>): string => `${name} (${kind})`;
