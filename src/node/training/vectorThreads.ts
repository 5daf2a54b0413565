import { existsSync } from 'node:fs';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import type { VectorArithmetic, VectorTask } from '../../core/train/engine/parameters/vectorTasks';
import { buffersOf, carryOut, dealOut, inThisThread } from '../../core/train/engine/parameters/vectorTasks';

/** Memory does not feed more. */
const MOST_THREADS = 8;

/** What the other threads run, beside this bundle. */
const THREAD = path.join(__dirname, 'vectorThread.js');

/**
 * The arithmetic of updates on several threads, the asking one included. Vectors go to and fro without a copy; threads
 * start when they are first needed. Where their program does not lie beside this one, as when sources are run without
 * being bundled, one thread does all.
 */
export function vectorThreads(threads: number, program = THREAD): VectorArithmetic {
  if (threads < 2 || !existsSync(program)) return inThisThread;
  return new VectorThreads(program, Math.min(threads, MOST_THREADS));
}

class VectorThreads implements VectorArithmetic {
  private readonly others: VectorThread[] = [];

  constructor(
    private readonly program: string,
    private readonly threads: number,
  ) {}

  async compute<Task extends VectorTask>(tasks: readonly Task[]): Promise<readonly Task[]> {
    const [own, ...others] = dealOut(tasks, this.threads).map((share) =>
      share.map((at) => [at, tasks[at]!] as const),
    );
    const elsewhere = others.map(async (share, thread) => {
      if (share.length === 0) return [];
      const done = await this.thread(thread).carryOut(share.map(([, task]) => task));
      return share.map(([at], i) => [at, done[i]!] as const);
    });
    // After the others have begun; and where it fails, they are still waited for.
    const here = async () => own!.map(([at, task]) => [at, carryOut(task)] as const);
    const results = [...tasks];
    for (const [at, done] of (await Promise.all([...elsewhere, here()])).flat()) results[at] = done;
    return results;
  }

  async dispose(): Promise<void> {
    await Promise.all(this.others.map((thread) => thread.end()));
  }

  private thread(index: number): VectorThread {
    this.others[index] ??= new VectorThread(this.program);
    return this.others[index];
  }
}

class VectorThread {
  private readonly worker: Worker;
  private readonly ended: Promise<never>;

  constructor(program: string) {
    this.worker = new Worker(program);
    this.worker.unref();
    this.ended = new Promise((_, reject) => {
      this.worker.on('error', reject);
      this.worker.on('messageerror', reject);
      this.worker.on('exit', (code) => reject(new Error(`a thread of the training ended (${code})`)));
    });
    // Whoever waits for tasks is told.
    this.ended.catch(() => undefined);
  }

  /** @throws Error with the thread's own message where it ends */
  async carryOut<Task extends VectorTask>(tasks: readonly Task[]): Promise<readonly Task[]> {
    const { worker } = this;
    worker.ref();
    try {
      const done = new Promise<readonly Task[]>((resolve) => worker.once('message', resolve));
      worker.postMessage(tasks, buffersOf(tasks));
      return await Promise.race([done, this.ended]);
    } finally {
      worker.unref();
    }
  }

  async end(): Promise<void> {
    await this.worker.terminate();
  }
}
