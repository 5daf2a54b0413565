import type { GraphBuilder } from '../../graph/graphBuilder';
import { concat, reshape, split } from '../../graph/operators/shape';
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
  // An operator that gives what it reads would hand its gradient to itself.
  if (members.length === 1) return [pack];
  const make = () => cutVector(graph, pack, members.map(elementsOf));
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

/** A vector cut into lengths, by way of as few longer pieces as can be. */
function cutVector(graph: GraphBuilder, vector: Value, lengths: readonly number[]): Value[] {
  if (lengths.length === 1) return [vector];
  let size = 1;
  while (size * mostAtOnce < lengths.length) size *= mostAtOnce;
  const groups = inGroups(lengths, size);
  const pieces = split(
    graph,
    vector,
    groups.map((group) => group.reduce((sum, length) => sum + length, 0)),
  );
  return groups.flatMap((group, index) => cutVector(graph, pieces[index]!, group));
}

function inGroups<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, i) =>
    items.slice(i * size, (i + 1) * size),
  );
}

function joinVectors(graph: GraphBuilder, vectors: readonly Value[]): Value {
  if (vectors.length === 1) return vectors[0]!;
  const join = (group: readonly Value[]) => (group.length === 1 ? group[0]! : concat(graph, group, 0));
  return joinVectors(graph, inGroups(vectors, mostAtOnce).map(join));
}
