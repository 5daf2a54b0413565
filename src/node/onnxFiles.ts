import { open } from 'node:fs/promises';
import path from 'node:path';
import type { GraphBuilder } from '../core/graph/graphBuilder';
import type { DataPiece } from '../core/graph/onnxFiles';
import { toOnnxFiles } from '../core/graph/onnxFiles';
import { writeDurably } from './training/durable';

/** The model's name wherever one is exported. */
const MODEL = 'model.onnx';

/**
 * Writes a graph into a folder as `model.onnx`; where that is more than one ONNX file can hold, its weights follow in
 * `model.onnx.data`, which any ONNX Runtime looks for beside it.
 * @param limit what one file may hold, in bytes; protobuf's 2 GiB by default
 */
export async function writeOnnxFiles(folder: string, graph: GraphBuilder, limit?: number): Promise<void> {
  const dataFile = `${MODEL}.data`;
  const { model, data } = toOnnxFiles(graph, dataFile, limit);
  if (data.length > 0) await writeData(path.join(folder, dataFile), data);
  await writeDurably(path.join(folder, MODEL), model);
}

/** One tensor after the other, so that no more than one is in memory. */
async function writeData(file: string, data: readonly DataPiece[]): Promise<void> {
  const handle = await open(file, 'w');
  try {
    for (const { position, length, write } of data) {
      const bytes = new Uint8Array(length);
      write(bytes);
      for (let done = 0; done < length;) {
        // A call writes no more than 2 GiB.
        const { bytesWritten } = await handle.write(
          bytes,
          done,
          Math.min(length - done, 2 ** 30),
          position + done,
        );
        done += bytesWritten;
      }
    }
    await handle.sync();
  } finally {
    await handle.close();
  }
}
