import type { ResponseError } from 'vscode-jsonrpc';
import * as vscode from 'vscode';
import type { LibraryEntry } from '../../core/library/library';
import type { TransferProgress } from '../../core/library/transfer';
import type { Added, AddOrder, HubFailure } from '../../protocol/library';
import { addEncoder, addProgress, readEncoders, removeEncoder } from '../../protocol/library';
import type { Survey } from '../experiments/survey';
import { startWorker } from '../workerProcess';

/** An order without the folder that encoders are kept in, which is the same for all. */
export type Order =
  | Omit<Extract<AddOrder, { kind: 'folder' }>, 'library'>
  | Omit<Extract<AddOrder, { kind: 'hub' }>, 'library'>;

/** A refusal, with its parts where it came from a hub. */
export class AddingFailed extends Error {
  constructor(
    message: string,
    readonly failure: HubFailure | undefined,
  ) {
    super(message);
  }
}

/** What a person adds to, sees and removes: the encoders kept for all workspaces. */
export class Encoders implements vscode.Disposable {
  private readonly emitter = new vscode.EventEmitter<void>();
  /** Encoders came or went. */
  readonly onChange = this.emitter.event;

  constructor(
    readonly folder: string,
    private readonly fetcherBundle: string,
    private readonly survey: Survey,
    private readonly log: vscode.LogOutputChannel,
  ) {}

  list(): Promise<readonly LibraryEntry[]> {
    return this.survey.ask(readEncoders, { library: this.folder });
  }

  /** @throws Error with a message for the person */
  async remove(id: string): Promise<void> {
    await this.survey.ask(removeEncoder, { library: this.folder, id }).finally(() => this.changed());
  }

  /**
   * Adds an encoder in a process of its own, which ends with it.
   * @returns undefined where the person cancelled
   * @throws AddingFailed
   */
  async add(
    order: Order,
    token: vscode.CancellationToken,
    onProgress: (progress: TransferProgress) => void,
  ): Promise<Added | undefined> {
    let ended: (reason: Error) => void = () => undefined;
    const end = new Promise<never>((_, reject) => (ended = reject));
    const worker = await startWorker(
      this.fetcherBundle,
      ({ code, signal }) =>
        ended(new Error(vscode.l10n.t('the process ended ({0})', String(signal ?? code)))),
      (line) => this.log.warn(line),
    );
    worker.connection.onNotification(addProgress, onProgress);
    try {
      const answer = worker.connection.sendRequest(addEncoder, { library: this.folder, ...order }, token);
      // The connection of a process that ends is disposed, and then its answer never comes.
      return await Promise.race([answer, end]);
    } catch (error) {
      if (token.isCancellationRequested) return undefined;
      const { message, data } = error as ResponseError<HubFailure>;
      throw new AddingFailed(message, data);
    } finally {
      worker.dispose();
      this.changed();
    }
  }

  changed(): void {
    this.emitter.fire();
  }

  dispose(): void {
    this.emitter.dispose();
  }
}
