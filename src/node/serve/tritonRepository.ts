import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { inferenceGraph } from '../../core/encoder/inferenceGraph';
import type { ServedModel } from '../../core/serve/tritonConfig';
import { MODEL_NAME, tritonConfig } from '../../core/serve/tritonConfig';
import { openEncoderFolder } from '../encoderFolder';
import { writeOnnxFiles } from '../onnxFiles';
import { fingerprint } from '../training/encoderFiles';
import { replaceFolder, writeDurably } from '../training/durable';
import { makeFolder } from '../wholeFile';

export type ServedOptions = Pick<ServedModel, 'name' | 'maxBatch' | 'instances' | 'instanceCount'>;

/**
 * Writes an encoder folder as a model of a repository that NVIDIA Triton serves: `NAME/config.pbtxt` and
 * `NAME/1/model.onnx`, in single precision, with `model.onnx.data` beside it where that exceeds 2 GB.
 * @param limit what one ONNX file may hold, in bytes
 * @returns the model's folder
 * @throws Error where the repository has a model of that name, or the folder cannot be used
 */
export async function exportForTriton(
  encoder: string,
  repository: string,
  options: ServedOptions,
  limit?: number,
): Promise<string> {
  const { name } = options;
  if (!MODEL_NAME.test(name))
    throw new Error(`${name}: a served model's name has letters, digits, ".", "_" and "-": give --name`);
  const target = path.join(repository, name);
  if (existsSync(target))
    throw new Error(`${target}: is there already: give another --name, or take it away`);
  const { config, weights, close } = await openEncoderFolder(encoder);
  try {
    const { labels } = config;
    const served = tritonConfig({ ...options, labels, fingerprint: await fingerprint(encoder) });
    // Plain operators, so that any ONNX Runtime takes it, on whatever device.
    const graph = inferenceGraph(config, weights, { precision: 'fp32', fused: false, inputs: 'int64' });
    await makeFolder(repository);
    await replaceFolder(repository, name, async (folder) => {
      await mkdir(path.join(folder, '1'));
      await writeDurably(path.join(folder, 'config.pbtxt'), served);
      await writeOnnxFiles(path.join(folder, '1'), graph, limit);
    });
    return target;
  } finally {
    close();
  }
}
