import { env } from 'onnxruntime-node';
import os from 'node:os';
import { version } from '../../../package.json';
import type { RunRecord } from '../../core/experiments/runFiles';

/** What a run was computed with, and on: enough to tell runs of different machines apart. */
export function environment(device: string, plan: string | undefined): RunRecord['environment'] {
  const cores = os.cpus();
  return {
    version,
    node: process.version,
    runtime: `onnxruntime-node ${env.versions.node ?? env.versions.common}`,
    system: `${os.type()} ${os.release()} ${os.arch()}`,
    processor: cores[0]?.model.trim() ?? 'unknown',
    cores: Math.max(1, cores.length),
    device,
    ...(plan !== undefined && { plan }),
  };
}
