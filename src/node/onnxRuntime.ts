import { env, InferenceSession, Tensor } from 'onnxruntime-node';
import { lacksCudaProvider, NO_CUDA_PROVIDER } from './cudaProvider';
import { int8ProductsAreExact } from './int8Products';
import type { AnyTensor, Device, Feeds, Fetches, Runtime, Session, TensorValue } from '../core/ports';
import { isResident } from '../core/ports';

/** A device that cannot compile or run a model. The reason is the runtime's own, in one line. */
export class DeviceError extends Error {
  override readonly name = 'DeviceError';

  constructor(
    readonly device: Device,
    readonly reason: string,
  ) {
    super(`${device}: ${reason}`);
  }
}

export interface OnnxRuntimeOptions {
  /** Threads of one run on the CPU; by default ONNX Runtime takes one for each physical core. */
  readonly threads?: number;
  /** Where each session writes the time of its operators when it is disposed of: a path that its number completes. */
  readonly profile?: string;
}

/** ONNX Runtime's native binding. Compiling and running block the thread. */
export function onnxRuntime(options: OnnxRuntimeOptions = {}): Runtime {
  // What fails is told by the error; the runtime's own log would tell it again, in its developers' words.
  env.logLevel = 'fatal';
  let sessions = 0;
  return {
    compile: async (model, device, { weightsFolder, resident = [] } = {}) => {
      const exact = device !== 'cpu' || (await attempt(device, int8ProductsAreExact));
      const session = await attempt(device, () =>
        InferenceSession.create(model, {
          ...sessionOptions(device, options, exact, weightsFolder),
          ...profiling(options, sessions++),
          ...(resident.length > 0 ? { preferredOutputLocation: onDevice(resident) } : {}),
        }),
      );
      return wrap(session, device);
    },
  };
}

function sessionOptions(
  device: Device,
  { threads }: OnnxRuntimeOptions,
  int8IsExact: boolean,
  weightsFolder: string | undefined,
): InferenceSession.SessionOptions {
  return {
    executionProviders: [device],
    // Warnings are for developers: on a device, ONNX Runtime warns of every node that it leaves to the CPU.
    logSeverityLevel: 3,
    // Memory patterns are computed for one shape; ours change with every text.
    enableMemPattern: false,
    ...(threads === undefined ? {} : { intraOpNumThreads: threads }),
    extra: {
      // Threads that spin while they wait for the next operator take the processor from the editor and from each other;
      // but to sleep and wake between operators costs more than the shortest of them. So they spin for that long only.
      'session.intra_op.allow_spinning': '1',
      'session.intra_op.spin_duration_us': '10',
      // A weight that was turned for shaders would be put back.
      ...(device === 'webgpu' ? { 'optimization.disable_specified_optimizers': 'GemmTransposeFusion' } : {}),
      ...(int8IsExact ? {} : { 'session.x64quantprecision': '1' }),
      ...(weightsFolder === undefined
        ? {}
        : { 'session.model_external_initializers_file_folder_path': weightsFolder }),
    },
  };
}

function profiling(
  { profile }: OnnxRuntimeOptions,
  session: number,
): Pick<InferenceSession.SessionOptions, 'enableProfiling' | 'profileFilePrefix'> {
  return profile === undefined ? {} : { enableProfiling: true, profileFilePrefix: `${profile}${session}` };
}

function onDevice(outputs: readonly string[]): Record<string, 'gpu-buffer'> {
  return Object.fromEntries(outputs.map((name) => [name, 'gpu-buffer']));
}

function wrap(session: InferenceSession, device: Device): Session {
  const run = (feeds: Feeds, fetches?: Fetches) =>
    attempt(device, () =>
      fetches ? session.run(feedsOf(feeds), fetchesOf(fetches)) : session.run(feedsOf(feeds)),
    );
  return {
    device,
    run: async (feeds, fetches) => mapValues(await run(feeds, fetches), hostTensor),
    runResident: async (feeds) => mapValues(await run(feeds), anyTensor),
    dispose: () => session.release(),
  };
}

async function attempt<T>(device: Device, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    // The runtime then says that it "failed to load shared library", which names neither the cause nor the way out.
    const lacking = device === 'cuda' && lacksCudaProvider();
    throw new DeviceError(device, lacking ? NO_CUDA_PROVIDER : readable((error as Error).message));
  }
}

/** A message of the runtime in one line, without its source files, functions and error codes. */
function readable(message: string): string {
  return message
    .replaceAll(/\s+/g, ' ')
    .replace(/^.*\bwas false\. /, '')
    .replace(/^.*\[ONNXRuntimeError\] : \d+ : \w+ : /, '')
    .replace(/[. ]+$/, '');
}

function feedsOf(tensors: Feeds): Record<string, Tensor> {
  return mapValues(tensors, tensorOf);
}

function fetchesOf(fetches: Fetches): Record<string, Tensor | null> {
  return mapValues(fetches, (value) => value && tensorOf(value));
}

function tensorOf(value: AnyTensor): Tensor {
  if (isResident(value)) return value.resident as Tensor;
  return new Tensor(value.type, value.data as Tensor.DataType, value.dims);
}

function anyTensor(tensor: Tensor): AnyTensor {
  const { type, dims } = tensor;
  if (tensor.location !== 'gpu-buffer') return hostTensor(tensor);
  return { type: type as TensorValue['type'], dims, resident: tensor, dispose: () => tensor.dispose() };
}

function hostTensor({ type, data, dims }: Tensor): TensorValue {
  return { type, data, dims } as TensorValue;
}

function mapValues<A, B>(values: Readonly<Record<string, A>>, to: (value: A) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(values).map(([name, value]): [string, B] => [name, to(value)]));
}
