import { existsSync } from 'node:fs';
import path from 'node:path';

/** Said in place of the runtime's words where its provider for CUDA was not added; docs/devices.md tells how it is. */
export const NO_CUDA_PROVIDER = 'the CUDA provider is not part of this package: see README, Devices';

/** The file that the runtime's own installer adds on Linux x64, the only platform that it has one for. */
const PROVIDER = ['bin', 'napi-v6', 'linux', 'x64', 'libonnxruntime_providers_cuda.so'];

/** Whether the runtime in use comes without its provider for CUDA, which is too large for the packages. */
export function lacksCudaProvider(): boolean {
  const runtime = path.dirname(require.resolve('onnxruntime-node/package.json'));
  return !existsSync(path.join(runtime, ...PROVIDER));
}
