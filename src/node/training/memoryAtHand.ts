import os from 'node:os';

/** Of a graphics processor, whose memory WebGPU does not tell. */
const USUAL_GPU = 8 * 2 ** 30;

/** Bytes that training may take: what the system, or the limit of a container, leaves this process. */
export function memoryAtHand(device: 'cpu' | 'webgpu'): number {
  if (device === 'webgpu') return Math.min(USUAL_GPU, os.totalmem() / 2);
  // macOS counts as free only what holds nothing, though it gives up its caches when asked.
  const least = process.platform === 'darwin' ? os.totalmem() / 2 : 0;
  return Math.max(least, process.availableMemory());
}

/** Bytes that a plan is chosen by on a guess; undefined where they are known, or the plan is. */
export function assumedMemory(
  device: 'cpu' | 'webgpu',
  plan: string | undefined,
  told: number | undefined,
): number | undefined {
  if (device === 'cpu' || plan !== undefined || told !== undefined) return undefined;
  return memoryAtHand(device);
}
