import type { Gradient, GraphBuilder } from '../graphBuilder';
import type { Value } from '../value';
import { lastDimension } from '../value';

/**
 * Some rows of x [rows, width]: those at `places` int64 [chosen], each at most once: [chosen, width].
 * Gradient: the rows of dy at their places, zeros elsewhere.
 */
export function gatherRows(graph: GraphBuilder, x: Value, places: Value): Value {
  const gradient: Gradient = (dy) => [() => spreadRows(graph, dy!, places, x)];
  const shape = [places.shape[0]!, lastDimension(x)];
  return graph.node('Gather', [x, places], { type: x.type, shape }, { gradient });
}

/** The rows of y at `places` of a matrix like x that is zero elsewhere. */
function spreadRows(graph: GraphBuilder, y: Value, places: Value, x: Value): Value {
  const size = graph.node('Shape', [x], { type: 'int64', shape: [2] });
  const zeros = graph.node('Expand', [graph.scalar(0), size], x);
  const column = graph.node('Unsqueeze', [places, graph.constant('int64', [1])], {
    type: 'int64',
    shape: [places.shape[0]!, 1],
  });
  return graph.node('ScatterND', [zeros, column, y], x);
}
