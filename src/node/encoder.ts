import type { EncoderConfig } from '../core/encoder/config';
import { buildInferenceGraph } from '../core/encoder/inferenceGraph';
import type {
  Device,
  DeviceChoice,
  DeviceFailure,
  Precision,
  Runtime,
  Session,
  TokenClassifier,
} from '../core/ports';
import { openEncoderFolder } from './encoderFolder';
import { DeviceError, onnxRuntime } from './onnxRuntime';
import { cutLogits, padBatch } from './paddedBatch';

export interface LoadEncoderOptions {
  /** `auto` is the CPU: no accelerator is known to be faster for a note at a time until one has been measured. */
  readonly device: DeviceChoice;
  /**
   * By default int8 on the CPU, but for ModernBERT, whose eight-bit error has only been measured on small random
   * weights, and fp32 on accelerators, which take fp16 too.
   */
  readonly precision?: Precision | undefined;
  /** Told once, in a sentence for the user and in parts for a translation, when a device fails and the CPU takes over. */
  readonly onNotice?: ((message: string, failure: DeviceFailure) => void) | undefined;
  readonly runtime?: Runtime | undefined;
}

/** An encoder with its token classification head, compiled for a device. */
export interface Encoder extends TokenClassifier {
  readonly config: EncoderConfig;
  /** The device in use now. */
  readonly device: Device;
  readonly precision: Precision;
  dispose(): Promise<void>;
}

/**
 * Opens a folder as Hugging Face publishes it and compiles its encoder.
 * @throws EncoderError when the folder cannot be used, naming the file and the reason
 */
export async function loadEncoder(folder: string, options: LoadEncoderOptions): Promise<Encoder> {
  const device = options.device === 'auto' ? 'cpu' : options.device;
  const loader = new Loader(folder, options.precision, options.runtime ?? onnxRuntime());
  const notify = options.onNotice ?? (() => undefined);
  try {
    const compiled = await loader.compile(device);
    // Some drivers compile everything and fail at the first run: better now than in the middle of a note.
    if (device !== 'cpu') await compiled.run([Int32Array.of(compiled.config.padId, 0)]);
    return new FallbackEncoder(loader, compiled, notify);
  } catch (error) {
    if (device === 'cpu' || !(error instanceof DeviceError)) throw error;
    const compiled = await loader.compile('cpu');
    notify(fallbackNotice(error), error);
    return new FallbackEncoder(loader, compiled, notify);
  }
}

/** Gives way to the CPU when its device fails, and answers there. */
class FallbackEncoder implements Encoder {
  constructor(
    private readonly loader: Loader,
    private compiled: CompiledEncoder,
    private readonly notify: NonNullable<LoadEncoderOptions['onNotice']>,
  ) {}

  get config(): EncoderConfig {
    return this.compiled.config;
  }

  get labels(): readonly string[] {
    return this.compiled.config.labels;
  }

  get device(): Device {
    return this.compiled.session.device;
  }

  get precision(): Precision {
    return this.compiled.precision;
  }

  async logits(ids: readonly Int32Array[]): Promise<Float32Array[]> {
    checkIds(ids, this.config);
    const { compiled } = this;
    try {
      return await compiled.run(ids);
    } catch (error) {
      if (this.device === 'cpu' || !(error instanceof DeviceError)) throw error;
      this.compiled = await this.loader.compile('cpu');
      this.notify(fallbackNotice(error), error);
      await compiled.session.dispose();
      return await this.compiled.run(ids);
    }
  }

  async dispose(): Promise<void> {
    await this.compiled.session.dispose();
  }
}

class Loader {
  constructor(
    private readonly folder: string,
    private readonly wanted: Precision | undefined,
    private readonly runtime: Runtime,
  ) {}

  async compile(device: Device): Promise<CompiledEncoder> {
    const onCpu = device === 'cpu';
    const { config, weights, close } = await openEncoderFolder(this.folder);
    const precision = precisionOn(device, this.wanted ?? defaultPrecision(config));
    try {
      const kind = { precision, fused: onCpu, turned: device === 'webgpu', padding: !onCpu, external: true };
      const model = buildInferenceGraph(config, weights, kind);
      const session = await this.runtime.compile(model, device, { weightsFolder: weights.folder });
      return new CompiledEncoder(config, precision, session);
    } finally {
      close();
    }
  }
}

class CompiledEncoder {
  constructor(
    readonly config: EncoderConfig,
    readonly precision: Precision,
    readonly session: Session,
  ) {}

  async run(ids: readonly Int32Array[]): Promise<Float32Array[]> {
    if (this.session.device !== 'cpu') return await this.runBatch(ids, true);
    // The CPU gains nothing from a batch. Alone, a text has no padding to compute, and its activations are quantised
    // by themselves: the answer does not depend on its neighbours.
    const results: Float32Array[] = [];
    for (const text of ids) results.push(...(await this.runBatch([text], false)));
    return results;
  }

  private async runBatch(ids: readonly Int32Array[], padding: boolean): Promise<Float32Array[]> {
    if (ids.length === 0) return [];
    const { input_ids, attention_mask } = padBatch(ids, this.config.padId);
    const feeds = padding
      ? { input_ids: input_ids!, attention_mask: attention_mask! }
      : { input_ids: input_ids! };
    const { logits } = await this.session.run(feeds);
    const values = logits!.data as Float32Array;
    // A broken driver answers with nonsense rather than an error.
    if (padding && values.some(Number.isNaN))
      throw new DeviceError(this.session.device, 'computed nonsense (NaN)');
    return cutLogits(values, ids, this.config.labels.length);
  }
}

/** The CPU has no arithmetic in half precision, accelerators none worth its error in eight bits. */
function precisionOn(device: Device, wanted: Precision): Precision {
  if (device === 'cpu') return wanted === 'fp16' ? 'fp32' : wanted;
  return wanted === 'fp16' ? 'fp16' : 'fp32';
}

function defaultPrecision({ modelType }: EncoderConfig): Precision {
  return modelType === 'modernbert' ? 'fp32' : 'int8';
}

/** Bugs of the caller, found before they become a message of the runtime. */
export function checkIds(
  ids: readonly Int32Array[],
  { maxPositions, vocabSize }: Pick<EncoderConfig, 'maxPositions' | 'vocabSize'>,
): void {
  for (const text of ids) {
    if (text.length === 0 || text.length > maxPositions) {
      throw new RangeError(`a text of ${text.length} tokens: the encoder reads 1 to ${maxPositions}`);
    }
    if (text.some((id) => id < 0 || id >= vocabSize)) {
      throw new RangeError(
        `a token id outside the vocabulary of ${vocabSize}: is this the encoder's tokenizer?`,
      );
    }
  }
}

function fallbackNotice({ device, reason }: DeviceError): string {
  return `The device "${device}" failed, so the encoder runs on the CPU (${reason}).`;
}
