import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import {
  api,
  closeAll,
  openNew,
  openNote,
  settled,
  until,
  withSetting,
  wordsOf,
  workspaceFile,
} from './support';

const NURSING = '01-evolucao-enfermagem.txt';

describe('an open note', () => {
  afterEach(closeAll);

  it('is marked by the bundled model', async () => {
    const { document } = await openNote(NURSING);
    const note = await settled(document);
    assert.ok(
      wordsOf(note, 'Disorders').some((words) => words.includes('DM')),
      wordsOf(note, 'Disorders').join(' | '),
    );
    assert.ok(
      wordsOf(note, 'Anatomy').some((words) => words.includes('MSD')),
      wordsOf(note, 'Anatomy').join(' | '),
    );
    assert.ok(note.entities.every(({ score }) => score > 0 && score <= 1));
  });

  it('is predicted again where it is edited, and ends as a fresh note of the same text would', async () => {
    const editor = await openNote(NURSING);
    await settled(editor.document);
    await editor.edit((edit) =>
      edit.insert(new vscode.Position(1, 0), 'Apresenta edema importante em MMII. '),
    );
    const edited = await settled(editor.document);
    const fresh = await settled((await openNew('copia.txt', editor.document.getText())).document);
    const plain = (entities: typeof edited.entities) =>
      entities.map(({ start, end, label }) => [start, end, label]);
    assert.deepEqual(plain(edited.entities), plain(fresh.entities));
    assert.ok(wordsOf(edited, 'Disorders').some((words) => words.includes('edema')));
  });

  it('keeps its marks on their words while typing', async () => {
    const editor = await openNote(NURSING);
    const note = await settled(editor.document);
    const before = wordsOf(note, 'Anatomy');
    const edited = editor.edit((edit) => edit.insert(new vscode.Position(0, 0), 'x '));
    await edited;
    const { tracker } = await api();
    assert.deepEqual(wordsOf(tracker.get(editor.document.uri)!, 'Anatomy').slice(1), before.slice(1));
  });

  it('is not predicted while out of sight', async () => {
    const hidden = await openNew('oculta.txt', 'Paciente com dor abdominal.');
    await settled(hidden.document);
    await openNote('02-uti.txt');
    const { tracker } = await api();
    const edit = new vscode.WorkspaceEdit();
    edit.insert(hidden.document.uri, new vscode.Position(0, 0), 'Refere cefaleia intensa. ');
    await vscode.workspace.applyEdit(edit);
    await settled((await openNote('02-uti.txt')).document);
    await new Promise((resolve) => setTimeout(resolve, 500));
    assert.ok(
      !wordsOf(tracker.get(hidden.document.uri)!, 'Disorders').some((words) => words.includes('cefaleia')),
    );
    await vscode.window.showTextDocument(hidden.document);
    await until('the edit is predicted when shown', () =>
      wordsOf(tracker.get(hidden.document.uri)!, 'Disorders').some((words) => words.includes('cefaleia')),
    );
  });

  it('of another language is left alone', async () => {
    const { tracker } = await api();
    const { document } = await openNew('codigo.json', '{"texto": "dor abdominal"}');
    await new Promise((resolve) => setTimeout(resolve, 300));
    assert.equal(tracker.get(document.uri), undefined);
  });

  it('that is an encoder’s vocabulary is none', async () => {
    const { tracker } = await api();
    const { document } = await openNew('vocab.txt', '[PAD]\n[UNK]\ndor\nfebre\n');
    await new Promise((resolve) => setTimeout(resolve, 300));
    assert.equal(tracker.get(document.uri), undefined);
  });

  it('is left alone when its language changes, and marked when it changes back', async () => {
    const { tracker } = await api();
    const { document } = await openNote(NURSING);
    await settled(document);
    await vscode.languages.setTextDocumentLanguage(document, 'json');
    await until('it is no note', () => tracker.get(document.uri) === undefined);
    await vscode.languages.setTextDocumentLanguage(document, 'plaintext');
    assert.ok((await settled(document)).entities.length > 0);
  });

  it('has more entities under a lower threshold, and its own again without it', async () => {
    const { document } = await openNote(NURSING);
    const own = (await settled(document)).entities.length;
    const { tracker } = await api();
    const count = (): number => tracker.get(document.uri)!.entities.length;
    await withSetting('threshold', 0.02, () => until('more marked text', () => count() !== own));
    await until('the model’s own thresholds again', () => count() === own);
  });
});

describe('hard notes', () => {
  afterEach(closeAll);

  it('an empty file has no entities and no error', async () => {
    assert.deepEqual((await settled((await openNew('vazia.txt', '')).document)).entities, []);
  });

  it('offsets hold with emoji, NFD accents and CRLF', async () => {
    const text = '😀 Pcte com dispne\u0301ia.\r\nDor em MMII\r\n';
    const note = await settled((await openNew('dificil.txt', text)).document);
    assert.deepEqual(wordsOf(note, 'Anatomy'), ['MMII']);
  });

  it('10,000 short lines do not block the editor', async () => {
    const text = Array.from(
      { length: 10_000 },
      (_, i) => `PA ${100 + (i % 60)}x${60 + (i % 30)}, sem dor`,
    ).join('\n');
    const { document } = await openNew('linhas.txt', text);
    const { tracker } = await api();
    await until('first entities', () => (tracker.get(document.uri)?.entities.length ?? 0) > 0);
  });

  it('Latin-1 bytes are shown as VS Code reads them, without an error', async () => {
    const { document } = await openNew(
      'latin1.txt',
      Uint8Array.from([0x64, 0x6f, 0x72, 0x20, 0xe0, 0x20, 0x4d, 0x49, 0x44]),
    );
    await settled(document);
  });
});

describe('the prediction process', () => {
  afterEach(closeAll);

  it('when killed, says so and works again at the next prediction', async () => {
    const { service } = await api();
    const editor = await openNote(NURSING);
    await settled(editor.document);
    process.kill(service.workerPid!, 'SIGKILL');
    await until('the service knows', () => service.state.kind === 'stopped');
    assert.match((service.state as { message: string }).message, /SIGKILL/);
    await editor.edit((edit) => edit.insert(new vscode.Position(0, 0), 'Refere cefaleia. '));
    await until('predicted again', () => service.state.kind === 'ready');
    const note = await settled(editor.document);
    const fresh = await settled((await openNew('depois.txt', editor.document.getText())).document);
    assert.deepEqual(note.entities, fresh.entities);
  });

  it('when killed, an export starts it again and waits for all of the note', async () => {
    const { service } = await api();
    const { document } = await openNote(NURSING);
    const { length } = (await settled(document)).entities;
    process.kill(service.workerPid!, 'SIGKILL');
    await until('the service knows', () => service.state.kind === 'stopped');
    const target = workspaceFile('depois.csv');
    await vscode.commands.executeCommand('anamnese.exportEntities', { format: 'csv', to: target.toString() });
    const written = new TextDecoder().decode(await vscode.workspace.fs.readFile(target));
    assert.equal(written.match(/^01-evolucao/gm)?.length, length);
  });

  it('that cannot be had leaves nothing exported, and the export ends', async () => {
    const { service } = await api();
    const { document } = await openNote(NURSING);
    await settled(document);
    await withSetting('model', '/nowhere/encoder', async () => {
      await until('the service says so', () => service.state.kind === 'stopped');
      const target = workspaceFile('nada.csv');
      await vscode.commands.executeCommand('anamnese.exportEntities', {
        format: 'csv',
        to: target.toString(),
      });
      await assert.rejects(Promise.resolve(vscode.workspace.fs.stat(target)));
    });
    await until('the bundled model again', () => service.state.kind === 'ready');
  });

  it('whose settings change quickly ends with the last ones', async () => {
    const { service, tracker } = await api();
    const editor = await openNote(NURSING);
    const own = (await settled(editor.document)).entities.length;
    const settings = vscode.workspace.getConfiguration('anamnese');
    const set = (key: string, value: unknown): Thenable<void> =>
      settings.update(key, value, vscode.ConfigurationTarget.Global);
    await set('model', '/nowhere/encoder');
    await set('model', undefined);
    await set('precision', 'fp32');
    await set('threshold', 0.02);
    await set('precision', undefined);
    const model = await until('a model', () => service.state.kind === 'ready' && service.state.model);
    assert.equal(model.precision, 'int8');
    await until('more entities', () => tracker.get(editor.document.uri)!.entities.length > own);
    await set('threshold', undefined);
    await until('its own again', () => tracker.get(editor.document.uri)!.entities.length === own);
  });

  it('with a folder that is no model, says what is missing', async () => {
    const { service } = await api();
    await openNote(NURSING);
    await withSetting('model', '/nowhere/encoder', async () => {
      await until('the service says so', () => service.state.kind === 'stopped' && service.state);
      assert.match((service.state as { message: string }).message, /nowhere/);
    });
    await until('the bundled model again', () => service.state.kind === 'ready');
  });
});
