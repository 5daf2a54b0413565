import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { buildInferenceGraph } from '../../core/encoder/inferenceGraph';
import type { ServedModel } from '../../core/serve/tritonConfig';
import { MODEL_NAME, tritonConfig } from '../../core/serve/tritonConfig';
import { openEncoderFolder } from '../encoderFolder';
import { fingerprint } from '../training/encoderFiles';
import { replaceFolder, writeDurably } from '../training/durable';
import { makeFolder } from '../wholeFile';

export type ServedOptions = Pick<ServedModel, 'name' | 'maxBatch' | 'instances' | 'instanceCount'>;

/**
 * Writes an encoder folder as a model of a repository that NVIDIA Triton serves: `NAME/config.pbtxt` and
 * `NAME/1/model.onnx`, in single precision.
 * @returns the model's folder
 * @throws Error where the repository has a model of that name, or the folder cannot be used
 */
export async function exportForTriton(
  encoder: string,
  repository: string,
  options: ServedOptions,
): Promise<string> {
  const { name } = options;
  if (!MODEL_NAME.test(name))
    throw new Error(`${name}: a served model's name has letters, digits, ".", "_" and "-": give --name`);
  const target = path.join(repository, name);
  if (existsSync(target))
    throw new Error(`${target}: is there already: give another --name, or take it away`);
  const { onnx, labels } = await onnxOf(encoder);
  const config = tritonConfig({ ...options, labels, fingerprint: await fingerprint(encoder) });
  await makeFolder(repository);
  await replaceFolder(repository, name, async (folder) => {
    await mkdir(path.join(folder, '1'));
    await writeDurably(path.join(folder, 'config.pbtxt'), config);
    await writeDurably(path.join(folder, '1', 'model.onnx'), onnx);
  });
  return target;
}

/** Plain operators, so that any ONNX Runtime takes it, on whatever device. */
async function onnxOf(encoder: string): Promise<{ onnx: Uint8Array; labels: readonly string[] }> {
  const { config, weights, close } = await openEncoderFolder(encoder);
  try {
    const kind = { precision: 'fp32', fused: false, inputs: 'int64' } as const;
    return { onnx: buildInferenceGraph(config, weights, kind), labels: config.labels };
  } finally {
    close();
  }
}
