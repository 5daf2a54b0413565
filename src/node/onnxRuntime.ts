import { InferenceSession, Tensor } from 'onnxruntime-node';
import { int8ProductsAreExact } from './int8Products';
import type { Device, Runtime, Session, Tensors, TensorValue } from '../core/ports';

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
}

/** ONNX Runtime's native binding. Compiling and running block the thread. */
export function onnxRuntime(options: OnnxRuntimeOptions = {}): Runtime {
  return {
    compile: async (model, device, weightsFolder) => {
      const exact = device !== 'cpu' || (await attempt(device, int8ProductsAreExact));
      const session = await attempt(device, () =>
        InferenceSession.create(model, sessionOptions(device, options, exact, weightsFolder)),
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
      ...(int8IsExact ? {} : { 'session.x64quantprecision': '1' }),
      ...(weightsFolder === undefined
        ? {}
        : { 'session.model_external_initializers_file_folder_path': weightsFolder }),
    },
  };
}

function wrap(session: InferenceSession, device: Device): Session {
  return {
    device,
    run: (feeds) => attempt(device, async () => tensorsOf(await session.run(feedsOf(feeds)))),
    dispose: () => session.release(),
  };
}

async function attempt<T>(device: Device, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    throw new DeviceError(device, readable((error as Error).message));
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

function feedsOf(tensors: Tensors): Record<string, Tensor> {
  const feeds = Object.entries(tensors).map(([name, { type, data, dims }]): [string, Tensor] => [
    name,
    new Tensor(type, data as Tensor.DataType, dims),
  ]);
  return Object.fromEntries(feeds);
}

function tensorsOf(results: InferenceSession.ReturnType): Tensors {
  const tensors = Object.entries(results).map(([name, { type, data, dims }]): [string, TensorValue] => [
    name,
    { type, data, dims } as TensorValue,
  ]);
  return Object.fromEntries(tensors);
}
