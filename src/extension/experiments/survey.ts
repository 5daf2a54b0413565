import type { RequestType } from 'vscode-jsonrpc';
import type * as vscode from 'vscode';
import type { WorkerProcess } from '../workerProcess';
import { startWorker } from '../workerProcess';

/** After so many milliseconds without a question the process ends: most windows ask rarely. */
const IDLE_MS = 60_000;

/** The process that looks through the workspace, started by the first question. */
export class Survey implements vscode.Disposable {
  private worker: Promise<WorkerProcess> | undefined;
  private asked = 0;
  private idle: NodeJS.Timeout | undefined;

  constructor(
    private readonly bundle: string,
    private readonly log: vscode.LogOutputChannel,
  ) {}

  /** @throws Error with a message for the person, also where the process ended before it answered */
  async ask<P, R>(type: RequestType<P, R, void>, request: P): Promise<R> {
    this.asked += 1;
    clearTimeout(this.idle);
    try {
      const { connection } = await this.start();
      return await connection.sendRequest(type, request);
    } finally {
      this.asked -= 1;
      if (this.asked === 0) this.idle = setTimeout(() => this.dispose(), IDLE_MS);
    }
  }

  private start(): Promise<WorkerProcess> {
    this.worker ??= startWorker(
      this.bundle,
      () => (this.worker = undefined),
      (line) => this.log.warn(line),
    ).catch((error) => {
      this.worker = undefined;
      throw error;
    });
    return this.worker;
  }

  dispose(): void {
    clearTimeout(this.idle);
    this.worker?.then(
      (worker) => worker.dispose(),
      () => undefined,
    );
    this.worker = undefined;
  }
}
