import type { MessageConnection } from 'vscode-jsonrpc';
import { ErrorCodes, ResponseError } from 'vscode-jsonrpc';
import { withThreshold } from '../core/predict/settings';
import type { DeviceFailure } from '../core/ports';
import type { OpenedModel } from '../node/model';
import { modelIdentity, openModel } from '../node/model';
import { isOutOfMemory } from '../node/training/outOfMemory';
import type { LoadedModel, LoadModel } from '../protocol/worker';
import * as corpusProtocol from '../protocol/corpus';
import * as protocol from '../protocol/worker';
import { CorpusNotes } from './corpusNotes';
import { eventLoopTurns, OpenNotes } from './notes';

interface Serving {
  readonly model: OpenedModel;
  readonly notes: OpenNotes;
  readonly request: LoadModel;
}

/** Answers the editor on a connection: one model at a time, and the notes that are open. */
export function serve(connection: MessageConnection): void {
  let serving: Serving | undefined;
  let loaded: Promise<unknown> = Promise.resolve();

  const load = async (request: LoadModel): Promise<LoadedModel> => {
    const before = serving;
    serving = undefined;
    before?.notes.dispose();
    await before?.model.dispose();
    const failures: DeviceFailure[] = [];
    let tell = (failure: DeviceFailure): void => void failures.push(failure);
    const onNotice = (_: string, { device, reason }: DeviceFailure): void => tell({ device, reason });
    const model = await openModel(request.folder, { ...request, onNotice });
    tell = (failure) =>
      void connection.sendNotification(protocol.fellBack, {
        failure,
        device: model.device(),
        precision: model.precision(),
      });
    const settings = withThreshold(model.predictor.settings, request.threshold ?? undefined);
    const notes = new OpenNotes({ ...model.predictor, settings }, listener(connection));
    serving = { model, notes, request };
    return {
      name: model.name,
      labels: Object.keys(settings.decoding.thresholds),
      thresholds: settings.decoding.thresholds,
      device: model.device(),
      precision: model.precision(),
      failures,
      doubt: model.doubt,
    };
  };

  connection.onRequest(protocol.loadModel, (request) => {
    // One after the other, whoever takes longer: the model asked for last is the one that serves.
    const loading = loaded.then(() => load(request));
    loaded = loading.catch(() => undefined);
    return loading.catch(refuse);
  });
  connection.onNotification(protocol.openNote, (note) => serving?.notes.open(note));
  connection.onNotification(protocol.editNote, (note) => serving?.notes.edit(note));
  connection.onNotification(protocol.showNote, ({ uri, visible }) => serving?.notes.show(uri, visible));
  connection.onNotification(protocol.closeNote, ({ uri }) => serving?.notes.close(uri));
  connection.onRequest(protocol.setThreshold, ({ threshold }) => {
    if (!serving) return refuse(new Error('No model is loaded.'));
    const settings = withThreshold(serving.model.predictor.settings, threshold ?? undefined);
    serving.notes.decodeWith(settings);
    serving = { ...serving, request: { ...serving.request, threshold } };
    return { thresholds: settings.decoding.thresholds };
  });
  serveCorpus(connection, () => serving);
}

/** Answers what is asked about the corpus files of the workspace, beside the notes that are open. */
function serveCorpus(connection: MessageConnection, serving: () => Serving | undefined): void {
  const corpus = new CorpusNotes();
  connection.onNotification(corpusProtocol.corpusFiles, ({ files }) => corpus.setFiles(files));
  connection.onRequest(corpusProtocol.findGold, ({ text }) => corpus.gold(text).catch(refuse));
  connection.onRequest(corpusProtocol.findNote, ({ key }) => corpus.find(key).catch(refuse));
  connection.onRequest(corpusProtocol.noteText, ({ file, key }) => corpus.text(file, key).catch(refuse));
  connection.onRequest(corpusProtocol.rankNotes, async (asked, token) => {
    const now = serving();
    if (!now) return refuse(new Error('No model is loaded.'));
    const abort = new AbortController();
    token.onCancellationRequested(() => abort.abort());
    const settings = withThreshold(now.model.predictor.settings, now.request.threshold ?? undefined);
    const model = {
      predictor: { ...now.model.predictor, settings },
      identity: await modelIdentity(now.request.folder, [now.model.precision(), settings]),
    };
    const between = async (): Promise<void> => {
      do await eventLoopTurns();
      while (now.notes.isBusy);
      // Another model has taken its place: what is left would be scored by one that is gone.
      if (serving()?.model !== now.model) abort.abort();
    };
    const onProgress = (done: number, of: number): void =>
      void connection.sendNotification(corpusProtocol.ranking, { done, of });
    return corpus.rank(asked, model, { signal: abort.signal, onProgress, between }).catch(refuse);
  });
}

function listener(connection: MessageConnection): ConstructorParameters<typeof OpenNotes>[1] {
  return {
    predicted: (answer) => void connection.sendNotification(protocol.predicted, answer),
    failed: (uri, error) =>
      void connection.sendNotification(protocol.failed, { uri, message: messageOf(error) }),
  };
}

function messageOf(error: unknown): string {
  if (isOutOfMemory(error)) return 'memory ran out: close what else is open, or choose a smaller model';
  return error instanceof Error ? error.message : String(error);
}

function refuse(error: unknown): never {
  throw new ResponseError(ErrorCodes.InternalError, messageOf(error));
}
