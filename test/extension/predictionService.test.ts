import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type * as vscode from 'vscode';
import { editor, noteNamed } from './fakeVscode';
import { NoteTracker } from '../../src/extension/noteTracker';
import { PredictionService } from '../../src/extension/predictionService';
import { writeSetting } from '../../src/extension/settings';
import { temporaryFolder } from '../temporaryFolder';

const log = path.join(temporaryFolder('service'), 'worker.log');

function quietLog(): vscode.LogOutputChannel {
  const nothing = (): void => undefined;
  return { info: nothing, warn: nothing, error: nothing } as unknown as vscode.LogOutputChannel;
}

let dispose = (): void => undefined;

/** The service over a process of its own, which notes what it was asked. */
function served(model: string) {
  writeFileSync(log, '');
  process.env.FAKE_WORKER_LOG = log;
  editor.messages.length = 0;
  editor.set('model', model);
  const installation = { workerBundle: path.join(__dirname, 'fakeWorker.cjs'), defaultModel: '/models/own' };
  const service = new PredictionService(installation, quietLog());
  const tracker = new NoteTracker(service);
  const said = (what: string): number =>
    readFileSync(log, 'utf8')
      .split('\n')
      .filter((line) => line.startsWith(what)).length;
  dispose = (): void => {
    tracker.dispose();
    service.dispose();
    editor.show();
  };
  return { service, tracker, said, stopped: () => soon(() => service.state.kind === 'stopped') };
}

async function soon(condition: () => boolean): Promise<void> {
  const end = Date.now() + 20_000;
  while (!condition()) {
    assert.ok(Date.now() < end, 'waited in vain');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

const turns = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 50));

describe('PredictionService', () => {
  afterEach(() => dispose());

  for (const model of ['/models/bad', '/models/dies'])
    it(`loads ${model}, which cannot be used, once and says so once, however much is typed`, async () => {
      const { service, said, stopped } = served(model);
      const note = noteNamed('a');
      editor.show(note);
      await stopped();
      for (let key = 0; key < 5; key++) {
        editor.typed(note);
        editor.show(note, noteNamed('b'));
        await turns();
      }
      assert.deepEqual([said('started'), said('load'), editor.messages.length], [1, 1, 1]);
      assert.match((service.state as { message: string }).message, /none of a|stopped \(3\) while it loaded/);
    });

  it('tries once more after a kill while loading, which the model need not be to blame for', async () => {
    const { said, stopped } = served('/models/killed');
    const note = noteNamed('a');
    editor.show(note);
    await stopped();
    for (let key = 0; key < 5; key++) {
      editor.typed(note);
      await turns();
      await stopped();
    }
    assert.deepEqual([said('load'), editor.messages.length], [2, 1]);
  });

  it('tries a refused model again with a note that is opened anew, and says the same once', async () => {
    const { said, stopped } = served('/models/bad');
    editor.show(noteNamed('a'));
    await stopped();
    editor.opened(noteNamed('c'));
    await soon(() => said('load') === 2);
    await stopped();
    assert.equal(editor.messages.length, 1);
  });

  it('tries it again when it is chosen again, or asked for by name, and says so', async () => {
    const { service, tracker, said, stopped } = served('/models/bad');
    const note = noteNamed('a');
    editor.show(note);
    await stopped();
    await writeSetting('model', '/models/bad');
    await soon(() => said('load') === 2 && service.state.kind === 'stopped');
    assert.equal(editor.messages.length, 2);
    const token = {
      isCancellationRequested: false,
      onCancellationRequested: () => ({ dispose: () => undefined }),
    };
    assert.equal(await tracker.settled(note.uri, token), undefined);
    assert.deepEqual([said('load'), editor.messages.length], [3, 3]);
  });

  it('takes a good model after a refused one', async () => {
    const { service, stopped } = served('/models/bad');
    editor.show(noteNamed('a'));
    await stopped();
    editor.set('model', '/models/good');
    await soon(() => service.state.kind === 'ready');
  });

  it('tells once of a note that fails at every key, and again once it was well', async () => {
    const { service, tracker, said } = served('/models/good');
    let text = 'fails';
    const note = { ...noteNamed('a'), getText: () => text };
    const type = async (): Promise<void> => {
      const before = said('note');
      editor.typed(note);
      await soon(() => said('note') > before && tracker.get(note.uri)?.remaining === 0);
    };
    editor.show(note);
    await soon(() => tracker.get(note.uri)?.remaining === 0);
    for (let key = 0; key < 3; key++) await type();
    assert.deepEqual(editor.messages, [{ kind: 'error', text: 'fails' }]);
    text = 'well';
    await type();
    text = 'fails';
    editor.closed(note);
    editor.show(note);
    await soon(() => editor.messages.length === 2);
    assert.equal(service.state.kind, 'ready');
  });

  it('tells what a model leaves open once, whatever device it is loaded on next', async () => {
    const { service, said } = served('/models/doubtful');
    editor.show(noteNamed('a'));
    await soon(() => service.state.kind === 'ready');
    editor.set('device', 'cpu');
    await soon(() => said('load') === 2 && service.state.kind === 'ready');
    assert.deepEqual(editor.messages, [{ kind: 'warning', text: 'doubtful: a doubt' }]);
  });

  it('starts no process once it is disposed, also where one was about to start', async () => {
    const { service, said } = served('/models/good');
    service.prepare();
    service.dispose();
    service.prepare();
    await assert.rejects(service.process());
    await assert.rejects(service.connection());
    await turns();
    assert.deepEqual([said('started'), service.workerPid, editor.messages], [0, undefined, []]);
  });

  it('whose process was killed while it predicted starts another at the next key', async () => {
    const { service, said, stopped } = served('/models/good');
    const note = noteNamed('a');
    editor.show(note);
    await soon(() => service.state.kind === 'ready');
    process.kill(service.workerPid!, 'SIGKILL');
    await stopped();
    editor.typed(note);
    await soon(() => service.state.kind === 'ready');
    assert.equal(said('started'), 2);
  });
});
