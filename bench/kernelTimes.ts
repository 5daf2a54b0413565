import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';

/** What a device spent in the runs of one kernel. */
export interface KernelTime {
  readonly kernel: string;
  readonly seconds: number;
  readonly runs: number;
}

/** An event of ONNX Runtime's profile, in Chrome's trace format: `Api` ones are a device's kernels. */
interface TraceEvent {
  readonly cat: string;
  /** Of a kernel: its node, its operator and its program, between ampersands. */
  readonly name: string;
  /** In microseconds. */
  readonly dur: number;
}

/** Sums the profiles that a runtime's sessions wrote into `folder`: kernels by the device's time, the dearest first. */
export async function kernelTimes(folder: string): Promise<KernelTime[]> {
  const sums = new Map<string, { seconds: number; runs: number }>();
  for (const file of await readdir(folder)) {
    const events = JSON.parse(await readFile(path.join(folder, file), 'utf8')) as TraceEvent[];
    for (const { name, dur } of events.filter(({ cat }) => cat === 'Api')) {
      const kernel = name.split('&').at(-1)!;
      const { seconds, runs } = sums.get(kernel) ?? { seconds: 0, runs: 0 };
      sums.set(kernel, { seconds: seconds + dur / 1e6, runs: runs + 1 });
    }
  }
  const times = [...sums].map(([kernel, sum]) => ({ kernel, ...sum }));
  return times.sort((a, b) => b.seconds - a.seconds);
}
