import type { GraphBuilder } from '../../graph/graphBuilder';
import { concat, reshape } from '../../graph/operators/shape';
import type { Value } from '../../graph/value';
import type { Parameter, ParameterSource } from './trainableParameters';
import { elementsOf } from './trainableParameters';

/** A tensor of weights that a graph is fed, and the value it is there. */
export interface ParameterInput {
  readonly parameter: Parameter;
  readonly value: Value;
}

/** Parameters as inputs of a graph, in the order they are asked for. */
export interface ParameterInputs {
  readonly list: readonly ParameterInput[];
  readonly source: ParameterSource;
}

/** An input for each parameter. */
export function separateInputs(graph: GraphBuilder): ParameterInputs {
  const list: ParameterInput[] = [];
  const source: ParameterSource = (parameter) => {
    const value = graph.input(parameter.name, 'float32', parameter.shape);
    list.push({ parameter, value });
    return value;
  };
  return { list, source };
}

/** Parameters joined into one vector: a device moves a few long vectors faster than many short ones. */
export interface Pack extends Parameter {
  readonly members: readonly Parameter[];
}

/** Parameters in packs, by the name that `packOf` gives. */
export function packed(parameters: readonly Parameter[], packOf: (parameter: Parameter) => string): Pack[] {
  const groups = new Map<string, Parameter[]>();
  for (const parameter of parameters) {
    const name = packOf(parameter);
    groups.set(name, [...(groups.get(name) ?? []), parameter]);
  }
  return [...groups].map(([name, members]) => ({
    name,
    shape: [members.reduce((sum, member) => sum + elementsOf(member), 0)],
    pieces: members.flatMap(({ pieces }) => pieces),
    members,
  }));
}

/** An input for each pack, cut into its parameters inside the graph. */
export function packedInputs(graph: GraphBuilder, packs: readonly Pack[]): ParameterInputs {
  const list: ParameterInput[] = [];
  const cut = new Map<string, Value>();
  const source: ParameterSource = ({ name, shape }) => {
    if (!cut.has(name)) {
      const parameter = packs.find(({ members }) => members.some((member) => member.name === name));
      if (!parameter) throw new Error(`${name} is in no pack`);
      const value = graph.input(parameter.name, 'float32', parameter.shape);
      list.push({ parameter, value });
      cutPack(graph, parameter, value).forEach((member, i) => cut.set(parameter.members[i]!.name, member));
    }
    return reshape(graph, cut.get(name)!, shape);
  };
  return { list, source };
}

/** The members of a pack as vectors. Gradient: theirs, joined. */
function cutPack(graph: GraphBuilder, { members }: Pack, pack: Value): readonly Value[] {
  const zero = graph.constant('int64', [0]);
  const make = () => {
    let start = 0;
    return members.map((member) => {
      const length = elementsOf(member);
      const bounds = [start, start + length].map((at) => graph.constant('int64', [at]));
      start += length;
      return graph.node('Slice', [pack, ...bounds, zero], { type: 'float32', shape: [length] });
    });
  };
  return graph.asOneOfSeveral([pack], make, (...gradients) => [
    () =>
      joinVectors(
        graph,
        gradients.map((gradient, index) => known(gradient, members[index]!.name)),
      ),
  ]);
}

function known(gradient: Value | undefined, name: string): Value {
  if (!gradient) throw new Error(`the loss does not depend on ${name}`);
  return gradient;
}

/** Shaders bind few buffers at a time. */
const mostAtOnce = 6;

function joinVectors(graph: GraphBuilder, vectors: readonly Value[]): Value {
  if (vectors.length === 1) return vectors[0]!;
  const groups: Value[] = [];
  for (let i = 0; i < vectors.length; i += mostAtOnce) {
    const group = vectors.slice(i, i + mostAtOnce);
    groups.push(group.length === 1 ? group[0]! : concat(graph, group, 0));
  }
  return joinVectors(graph, groups);
}
