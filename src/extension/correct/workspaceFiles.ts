import * as vscode from 'vscode';
import * as protocol from '../../protocol/corpus';
import type { PredictionService, WorkerConnection } from '../predictionService';
import { throttled } from '../throttled';

const CORPUS_FILES = '**/*.{ann,txt,jsonl,json,ndjson,xml,conll,conllu,iob,iob2,bio,bioes,tsv}';
/** What programs write beside a corpus: finished runs, packages, builds. */
const NO_CORPUS = '**/{node_modules,.git,runs,dist,out}/**';
/** More files than a person annotates; listing them all would take the editor seconds. */
const MOST_FILES = 50_000;
/** A save writes several times; a checkout many files. */
const SETTLE_MS = 400;

/** Knows which files of the workspace may hold notes or their annotations, and tells the worker. */
export class WorkspaceFiles implements vscode.Disposable {
  private readonly emitter = new vscode.EventEmitter<void>();
  private readonly disposables: vscode.Disposable[];
  private listed: Promise<readonly string[]> | undefined;
  /** The process that was told, and what. */
  private told: { pid: number | undefined; files: readonly string[] } | undefined;

  /** A file came, went or changed. */
  readonly onChange = this.emitter.event;

  constructor(private readonly service: PredictionService) {
    const watcher = vscode.workspace.createFileSystemWatcher(CORPUS_FILES);
    const fire = throttled(() => this.emitter.fire(), SETTLE_MS);
    const changed = (isListChanged: boolean) => (): void => {
      if (isListChanged) this.listed = undefined;
      this.told = undefined;
      fire();
    };
    this.disposables = [
      this.emitter,
      watcher,
      fire,
      watcher.onDidChange(changed(false)),
      watcher.onDidCreate(changed(true)),
      watcher.onDidDelete(changed(true)),
      vscode.workspace.onDidChangeWorkspaceFolders(changed(true)),
    ];
  }

  /** The worker's connection, once it knows the files as they are now. */
  async connection(): Promise<WorkerConnection> {
    const listed = (this.listed ??= listFiles());
    // Else a search that failed once would be the answer until a file changes.
    listed.catch(() => this.listed === listed && (this.listed = undefined));
    const files = await listed;
    const connection = await this.service.process();
    if (this.told?.pid !== this.service.workerPid || this.told?.files !== files) {
      this.told = { pid: this.service.workerPid, files };
      await connection.sendNotification(protocol.corpusFiles, { files });
    }
    return connection;
  }

  dispose(): void {
    vscode.Disposable.from(...this.disposables).dispose();
  }
}

async function listFiles(): Promise<readonly string[]> {
  const found = await vscode.workspace.findFiles(CORPUS_FILES, NO_CORPUS, MOST_FILES);
  return found
    .filter(({ scheme }) => scheme === 'file')
    .map(({ fsPath }) => fsPath)
    .sort();
}
