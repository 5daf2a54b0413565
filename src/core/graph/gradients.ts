import type { GraphBuilder, Recorded } from './graphBuilder';
import { add } from './operators/elementwise';
import type { Value } from './value';

/** An output and the gradient of the loss by it, of the same shape. */
export interface Seed {
  readonly output: Value;
  readonly gradient: Value;
}

/**
 * Reverse-mode differentiation: extends a differentiable graph by the gradients of the loss by each of `wrt`, given
 * those by the outputs. Only what lies between `wrt` and the outputs is computed.
 * @throws Error when the outputs do not depend on one of `wrt`, or an operator between them knows no gradient
 */
export function gradients(graph: GraphBuilder, seeds: readonly Seed[], wrt: readonly Value[]): Value[] {
  const tape = [...graph.tape];
  const needed = dependents(tape, wrt);
  const sums = new Map<string, Value>();
  const contribute = (value: Value, gradient: Value) => {
    const sum = sums.get(value.name);
    sums.set(value.name, sum ? add(graph, sum, gradient) : gradient);
  };
  for (const { output, gradient } of seeds) contribute(output, gradient);
  for (const record of tape.reverse()) propagate(record, needed, sums, contribute);
  return wrt.map((value) => {
    const gradient = sums.get(value.name);
    if (!gradient) throw new Error(`nothing that is differentiated depends on ${value.name}`);
    return gradient;
  });
}

/** The names of all values that change with one of `roots`. */
function dependents(tape: readonly Recorded[], roots: readonly Value[]): Set<string> {
  const names = new Set(roots.map(({ name }) => name));
  for (const { inputs, outputs } of tape) {
    if (inputs.some((input) => input && names.has(input.name)))
      for (const { name } of outputs) names.add(name);
  }
  return names;
}

function propagate(
  { inputs, outputs, gradient }: Recorded,
  needed: ReadonlySet<string>,
  sums: ReadonlyMap<string, Value>,
  contribute: (value: Value, gradient: Value) => void,
): void {
  const known = outputs.map(({ name }) => sums.get(name));
  if (known.every((sum) => sum === undefined)) return;
  if (!inputs.some((input) => input && needed.has(input.name))) return;
  const byInput = gradient(...known);
  inputs.forEach((input, index) => {
    if (!input || !needed.has(input.name)) return;
    const compute = byInput[index];
    if (!compute) throw new Error(`no gradient is known for input ${index} of ${outputs[0]!.name}`);
    contribute(input, compute());
  });
}
