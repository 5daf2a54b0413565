import * as vscode from 'vscode';
import type { DeviceFailure } from '../core/ports';
import type { LoadedModel, Predicted } from '../protocol/worker';
import * as protocol from '../protocol/worker';
import { errorInWords, refusalInWords } from './refusal';
import type { Settings } from './settings';
import { onChosenAgain, onSettings, readSettings } from './settings';
import type { WorkerExit, WorkerProcess } from './workerProcess';
import { startWorker } from './workerProcess';

/** What the model is doing, for the status bar. */
export type ServiceState =
  | { readonly kind: 'idle' }
  | { readonly kind: 'loading' }
  | { readonly kind: 'ready'; readonly model: LoadedModel }
  | { readonly kind: 'stopped'; readonly message: string };

type Ready = Extract<ServiceState, { kind: 'ready' }>;

/** Why the worker knows no note any more. */
export type Reset = 'reload' | 'died';

/** Where the bundles and the embedded model are. */
export interface Installation {
  readonly workerBundle: string;
  readonly defaultModel: string;
}

/**
 * The worker process and the model in it. Started when first needed, and again after it died; the settings decide
 * which model runs where.
 */
export class PredictionService implements vscode.Disposable {
  private worker: WorkerProcess | undefined;
  private starting: Promise<WorkerProcess> | undefined;
  private loading: Promise<LoadedModel> | undefined;
  private loads = 0;
  /** Since a model was ready last. */
  private wasKilledLoading = false;
  private current: ServiceState = { kind: 'idle' };
  private lastModel: LoadedModel | undefined;
  /** Why the model cannot be used: it is not loaded again at each key. */
  private refusal: Error | undefined;
  /** The refusal that a person was shown, which is not shown again until something is different. */
  private told: string | undefined;
  /** What a person was told of notes (their URIs) that could not be predicted. */
  private readonly failedNotes = new Map<string, string>();
  /** Folders of models whose doubt a person was told. */
  private readonly doubted = new Set<string>();
  private readonly stateEmitter = new vscode.EventEmitter<ServiceState>();
  private readonly predictedEmitter = new vscode.EventEmitter<Predicted>();
  private readonly noteFailedEmitter = new vscode.EventEmitter<string>();
  private readonly resetEmitter = new vscode.EventEmitter<Reset>();
  private readonly disposables: vscode.Disposable[];
  private readonly end = new AbortController();

  readonly onState = this.stateEmitter.event;
  readonly onPredicted = this.predictedEmitter.event;
  /** The prediction of a note (its URI) failed; the worker has let go of it. */
  readonly onNoteFailed = this.noteFailedEmitter.event;
  /** The worker knows no note any more: a model was loaded or the process died. */
  readonly onReset = this.resetEmitter.event;

  constructor(
    private readonly installation: Installation,
    private readonly log: vscode.LogOutputChannel,
  ) {
    this.disposables = [
      this.stateEmitter,
      this.predictedEmitter,
      this.noteFailedEmitter,
      this.resetEmitter,
      onSettings(['model', 'device', 'precision'], () => this.reload()),
      onChosenAgain(['model', 'device', 'precision'], () => this.refusal && this.reload()),
      onSettings(['threshold'], () => void this.applyThreshold()),
    ];
  }

  get state(): ServiceState {
    return this.current;
  }

  /** The model that the marks in sight come from; it may have stopped since. */
  get model(): LoadedModel | undefined {
    return this.lastModel;
  }

  /** Process id of the running worker, for diagnosis. */
  get workerPid(): number | undefined {
    return this.worker?.pid;
  }

  /** Starts the process ahead of the first note; its model is loaded when one is opened. */
  prepare(): void {
    if (this.end.signal.aborted) return;
    this.start().catch((error) => this.log.warn(errorInWords(error)));
  }

  /** The worker's connection, with a model in it or not: for what needs none. */
  async process(): Promise<WorkerConnection> {
    return (await this.start()).connection;
  }

  /**
   * The worker's connection with a model in it; starts and loads what is missing. Rejects at once where the model was
   * refused, until its settings change or `tryAgain` is asked for.
   */
  async connection(): Promise<WorkerConnection> {
    if (this.refusal) throw this.refusal;
    this.loading ??= this.load(readSettings(), (this.loads += 1));
    await this.loading;
    return this.worker!.connection;
  }

  /**
   * A model that was refused may be loaded again: its files may have come. `aloud` for what a person asked for by name:
   * the same refusal is then shown once more.
   */
  tryAgain(aloud: boolean): void {
    this.refusal = undefined;
    if (aloud) this.told = undefined;
  }

  /** Sends to the worker if a model is ready in it; a worker that is not has nothing to be told. */
  tell<P>(type: { method: string }, parameters: P): void {
    if (this.current.kind !== 'ready' || !this.worker) return;
    // A process that just ended cannot be told; its exit says so.
    this.worker.connection.sendNotification(type.method, parameters).catch(() => undefined);
  }

  /** Ends the process; none is started from then on, whoever still asks. */
  dispose(): void {
    this.end.abort();
    this.starting?.then(
      (worker) => worker.dispose(),
      () => undefined,
    );
    this.worker = this.starting = undefined;
    vscode.Disposable.from(...this.disposables).dispose();
  }

  /** Of several loads, as when settings change quickly, only the last has a say. */
  private async load(settings: Settings, load: number): Promise<LoadedModel> {
    this.set({ kind: 'loading' });
    try {
      const { connection } = await this.start();
      const model = await connection.sendRequest(protocol.loadModel, {
        folder: settings.model || this.installation.defaultModel,
        device: settings.device,
        precision: settings.precision,
        threshold: settings.threshold,
      });
      if (load !== this.loads) return model;
      for (const failure of model.failures) this.tellFallback(failure);
      this.log.info(`model ${model.name} on ${model.device} ${model.precision}`);
      this.told = undefined;
      this.wasKilledLoading = false;
      this.tellDoubt(settings.model, model);
      this.set({ kind: 'ready', model });
      return model;
    } catch (error) {
      if (load !== this.loads || this.end.signal.aborted) throw error;
      this.loading = undefined;
      // When the process died, its exit has already said so.
      if (this.current.kind === 'loading') this.refused(errorInWords(error));
      throw error;
    }
  }

  private async start(): Promise<WorkerProcess> {
    this.end.signal.throwIfAborted();
    this.starting ??= this.startAnew().catch((error) => {
      this.starting = undefined;
      throw error;
    });
    return this.starting;
  }

  private async startAnew(): Promise<WorkerProcess> {
    const started = await startWorker(
      this.installation.workerBundle,
      (exit) => this.ended(exit),
      (line) => this.log.warn(line),
      this.end.signal,
    );
    const { connection } = started;
    connection.onNotification(protocol.predicted, (answer) => {
      if (answer.remaining === 0) this.failedNotes.delete(answer.uri);
      this.predictedEmitter.fire(answer);
    });
    connection.onNotification(protocol.failed, ({ uri, message }) => {
      this.noteFailedEmitter.fire(uri);
      // The next key has it predicted again, and fail again where it is the note that is to blame.
      if (this.failedNotes.get(uri) === message) return;
      this.failedNotes.set(uri, message);
      this.tellFailure(refusalInWords(message));
    });
    connection.onNotification(protocol.fellBack, ({ failure, device, precision }) => {
      if (this.current.kind === 'ready')
        this.set({ ...this.current, model: { ...this.current.model, device, precision } } as Ready);
      this.tellFallback(failure);
    });
    this.worker = started;
    return started;
  }

  private ended({ code, signal }: WorkerExit): void {
    this.worker = this.starting = undefined;
    // Started ahead and not needed yet: the first note starts another.
    if (this.current.kind === 'idle') return;
    this.loading = undefined;
    const reason = signal ?? code ?? '?';
    if (this.current.kind !== 'loading') this.fail(diedPredicting(reason));
    // Somebody may have killed it; who dies of the model itself does so again.
    else if (signal && !this.wasKilledLoading) this.killedLoading(diedLoading(reason));
    else this.refused(diedLoading(reason));
    this.resetEmitter.fire('died');
  }

  private reload(): void {
    this.tryAgain(true);
    if (this.current.kind === 'idle') return;
    this.loading = undefined;
    this.resetEmitter.fire('reload');
  }

  private async applyThreshold(): Promise<void> {
    // A model that is still being loaded was asked for with the threshold of before.
    const { loading } = this;
    await loading?.catch(() => undefined);
    if (this.current.kind !== 'ready' || !this.worker) return;
    const { threshold } = readSettings();
    const answer = await this.worker.connection
      .sendRequest(protocol.setThreshold, { threshold })
      .catch(() => undefined);
    if (answer && loading === this.loading && this.current.kind === 'ready')
      this.set({ kind: 'ready', model: { ...this.current.model, ...answer } });
  }

  private fail(message: string): void {
    this.set({ kind: 'stopped', message });
    this.tellFailure(message);
  }

  private killedLoading(message: string): void {
    this.wasKilledLoading = true;
    this.told = message;
    this.fail(message);
  }

  /** A model that cannot be used: another one may. */
  private refused(message: string): void {
    this.refusal = new Error(message);
    this.set({ kind: 'stopped', message });
    if (message === this.told) return;
    this.told = message;
    this.log.error(message);
    const choose = vscode.l10n.t('Select Model');
    void vscode.window.showErrorMessage(message, choose).then((choice) => {
      if (choice === choose) void vscode.commands.executeCommand('anamnese.selectModel');
    });
  }

  private tellFailure(message: string): void {
    this.log.error(message);
    void vscode.window.showErrorMessage(message);
  }

  private tellFallback({ device, reason }: DeviceFailure): void {
    const sentence = vscode.l10n.t(
      'The device {0} failed, so the model runs on the CPU ({1}).',
      device,
      refusalInWords(reason),
    );
    this.log.warn(sentence);
    void vscode.window.showWarningMessage(sentence);
  }

  /** Once a model: it works, though perhaps not as well as it could. */
  private tellDoubt(folder: string, { name, doubt }: LoadedModel): void {
    if (!doubt || this.doubted.has(folder)) return;
    this.doubted.add(folder);
    const sentence = `${name}: ${refusalInWords(doubt)}`;
    this.log.warn(sentence);
    void vscode.window.showWarningMessage(sentence);
  }

  private set(state: ServiceState): void {
    this.current = state;
    if (state.kind === 'ready') this.lastModel = state.model;
    this.stateEmitter.fire(state);
  }
}

function diedPredicting(reason: string | number): string {
  return vscode.l10n.t(
    'The prediction process stopped ({0}). Your note is unchanged; it starts again with the next prediction.',
    reason,
  );
}

function diedLoading(reason: string | number): string {
  return vscode.l10n.t(
    'The prediction process stopped ({0}) while it loaded the model. Your note is unchanged. Select another model, or open a note anew to try this one again.',
    reason,
  );
}

export type WorkerConnection = WorkerProcess['connection'];
