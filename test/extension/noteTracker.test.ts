import assert from 'node:assert/strict';
import { editor, noteNamed } from './fakeVscode';
import { NoteTracker } from '../../src/extension/noteTracker';
import type { PredictionService } from '../../src/extension/predictionService';

/** A tracker over a service whose model is ready when the test says so; what the service would drop is not told. */
function tracked() {
  let resolve: () => void = () => undefined;
  const ready = new Promise<void>((done) => (resolve = done));
  const told: [method: string, parameters: { uri: string; visible?: unknown }][] = [];
  const never = () => ({ dispose: () => undefined });
  let isReady = false;
  const service = {
    connection: () => ready,
    tell: ({ method }: { method: string }, parameters: { uri: string }) =>
      isReady && told.push([method, parameters]),
    onPredicted: never,
    onNoteFailed: never,
    onReset: never,
  } as unknown as PredictionService;
  const loaded = async (): Promise<void> => {
    isReady = true;
    resolve();
    await new Promise((done) => setImmediate(done));
  };
  return { tracker: new NoteTracker(service), told, loaded };
}

describe('NoteTracker', () => {
  afterEach(() => editor.show());

  it('looks again when folders are opened or closed', async () => {
    const { tracker, told, loaded } = tracked();
    editor.openFolders('/elsewhere');
    editor.set('notes.files', ['**/*.txt']);
    await loaded();
    const note = noteNamed('/ward/a.txt', 'dor', 'file');
    editor.show(note);
    assert.equal(tracker.get(note.uri), undefined, 'it lies outside of the folder that is open');
    editor.openFolders('/elsewhere', '/ward');
    await new Promise((done) => setImmediate(done));
    assert.deepEqual(
      told.map(([method, { uri }]) => [method, uri]),
      [['note/open', '/ward/a.txt']],
    );
    editor.openFolders('/elsewhere');
    assert.equal(tracker.get(note.uri), undefined, 'it lies outside again');
    tracker.dispose();
    editor.openFolders();
  });

  it('opens a note as hidden that went out of sight while the model was loaded', async () => {
    const { tracker, told, loaded } = tracked();
    editor.show(noteNamed('a'));
    editor.show(noteNamed('b'));
    await loaded();
    const seen = { start: 0, end: 10 };
    assert.deepEqual(
      told.map(([method, { uri, visible }]) => [method, uri, visible]),
      [
        ['note/open', 'a', null],
        ['note/open', 'b', seen],
      ],
    );
    tracker.dispose();
  });
});
