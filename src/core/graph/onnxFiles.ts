import type { GraphBuilder } from './graphBuilder';
import type { WriteElements } from './initializer';
import type { Stored } from './onnxBytes';
import { MAX_MODEL_BYTES, serialised, storedForms } from './onnxBytes';

/** What a graph has besides its weights is far less: names, shapes, operators. In bytes. */
const ROOM_FOR_GRAPH = 2 ** 24;
/** Smaller constants stay in the model: the runtime looks at some while it loads the graph. In bytes. */
const SMALLEST_OUTSIDE = 1024;
/** Where a tensor may begin in the file beside the model, as ONNX recommends for mapping it. In bytes. */
const PAGE = 4096;

/** A tensor's bytes in the file beside the model. */
export interface DataPiece {
  /** Bytes from the start of the file. */
  readonly position: number;
  readonly length: number;
  /** To be called once, in the order of the pieces. */
  readonly write: WriteElements;
}

/** A model, and the pieces of the file beside it; none where the model holds all by itself. */
export interface OnnxFiles {
  readonly model: Uint8Array<ArrayBuffer>;
  readonly data: readonly DataPiece[];
}

/**
 * A model that may be larger than one ONNX file can be: its weights are then external data, in a file that lies beside.
 * Not for eight bits, whose scales are only known once their weights have been written.
 * @param dataFile that file's name
 * @param limit what one file may hold, in bytes
 */
export function toOnnxFiles(graph: GraphBuilder, dataFile: string, limit = MAX_MODEL_BYTES): OnnxFiles {
  const stored = storedForms(graph);
  const inside = stored.reduce((sum, { length }) => sum + length, 0);
  if (inside <= limit - ROOM_FOR_GRAPH) return { model: serialised(graph, stored), data: [] };
  const data: DataPiece[] = [];
  let position = 0;
  const outside = stored.map((one): Stored => {
    const { elements, length } = one;
    if (typeof elements !== 'function' || length < SMALLEST_OUTSIDE) return one;
    const piece = { position, length, write: elements };
    data.push(piece);
    position = PAGE * Math.ceil((position + length) / PAGE);
    return { ...one, length: 0, elements: { file: dataFile, position: piece.position } };
  });
  return { model: serialised(graph, outside), data };
}
