import { buildInferenceGraph } from '../core/encoder/inferenceGraph';
import type { PaddedClassifier } from '../core/evaluate/modelScores';
import { STUDY_LENGTH } from '../core/evaluate/tokenRows';
import type { Device, DeviceChoice, Precision, Runtime } from '../core/ports';
import { openEncoderFolder } from './encoderFolder';
import { onnxRuntime } from './onnxRuntime';
import { padBatch } from './paddedBatch';

export interface PaddedEncoderOptions {
  /** `auto` is the CPU. */
  readonly device: DeviceChoice;
  /** Of the CPU; accelerators compute in single precision. */
  readonly precision: Precision;
  readonly runtime?: Runtime | undefined;
}

/** An encoder that answers for padding too, as the study runs it. */
export interface PaddedEncoder extends PaddedClassifier {
  readonly device: Device;
  readonly precision: Precision;
  dispose(): Promise<void>;
}

/**
 * Opens an encoder folder for texts that are padded to one length, and whose padding is scored.
 * @throws EncoderError when the folder cannot be used, DeviceError when the device cannot
 */
export async function openPaddedEncoder(
  folder: string,
  { device: choice, precision: ofCpu, runtime = onnxRuntime() }: PaddedEncoderOptions,
): Promise<PaddedEncoder> {
  const device = choice === 'auto' ? 'cpu' : choice;
  const { config, weights, close } = await openEncoderFolder(folder);
  try {
    const fused = device === 'cpu';
    const precision = fused ? ofCpu : 'fp32';
    const model = buildInferenceGraph(config, weights, { precision, fused, turned: device === 'webgpu' });
    const session = await runtime.compile(model, device);
    const length = Math.min(STUDY_LENGTH, config.maxPositions);
    return {
      device,
      precision,
      length,
      logits: async (ids) => {
        const { logits } = await session.run(padBatch([ids], config.padId, length));
        return logits!.data as Float32Array;
      },
      dispose: () => session.dispose(),
    };
  } finally {
    close();
  }
}
