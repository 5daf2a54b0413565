import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { api, closeAll, EXTENSION, openNew, openNote, settled, workspaceFile } from './support';

const NURSING = '01-evolucao-enfermagem.txt';

async function hoverAt(document: vscode.TextDocument, offset: number): Promise<string> {
  const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
    'vscode.executeHoverProvider',
    document.uri,
    document.positionAt(offset),
  );
  return hovers
    .flatMap(({ contents }) => contents.map((content) => (content as vscode.MarkdownString).value))
    .join();
}

describe('features', () => {
  afterEach(closeAll);

  it('hover shows label, confidence, threshold, model and device', async () => {
    const { document } = await openNote(NURSING);
    const note = await settled(document);
    const entity = note.entities.find(({ label }) => label === 'Disorders')!;
    const text = await hoverAt(document, entity.start);
    for (const expected of [
      /Disorders/,
      /[▰▱]{10}/,
      /threshold 0[.,]\d\d/,
      /anamnese&#45;default · cpu int8/,
    ]) {
      assert.match(text, expected);
    }
  });

  it('hover does not let a note write markdown, HTML or commands', async () => {
    const { document } = await openNew(
      'ataque.txt',
      'Dor em [MMII](command:workbench.action.quit) <b>HAS</b> e febre <img src=https://example.org/x>|alta |',
    );
    const note = await settled(document);
    assert.ok(note.entities.length > 0);
    // What the model takes for an entity is its business; here it is all of the note.
    const score = 0.9;
    Object.assign(note, {
      entities: [{ start: 0, end: document.getText().length, label: 'Disorders', score }],
    });
    const value = await hoverAt(document, 0);
    assert.match(value, /HAS/);
    assert.doesNotMatch(value, /\]\(command:workbench|<b>|<img|\|alta/);
  });

  it('hover expands abbreviations and counts the words in the note', async () => {
    const { document } = await openNew('siglas.txt', 'Paciente com HAS e DM. Trata HAS com losartana.');
    const note = await settled(document);
    const entity = note.entities.find(({ start, label }) => start === 13 && label === 'Disorders');
    assert.ok(entity, 'HAS is a disorder');
    const value = await hoverAt(document, entity.start);
    assert.match(value, /HAS often stands for hipertensão arterial sistêmica/);
    assert.match(value, /find all 2 in the note/);
    await vscode.commands.executeCommand('anamnese.findWords', { words: 'HAS', start: 13, end: 16 });
    const { selection } = vscode.window.activeTextEditor!;
    assert.equal(document.getText(selection), 'HAS');
    await vscode.commands.executeCommand('closeFindWidget');
  });

  it('the next of a label is the next after the entity that was pointed at', async () => {
    const editor = await openNote(NURSING);
    const disorders = (await settled(editor.document)).entities.filter(({ label }) => label === 'Disorders');
    editor.selection = new vscode.Selection(0, 0, 0, 0);
    const [from, next] = disorders.slice(3);
    await vscode.commands.executeCommand('anamnese.nextEntityOfLabel', { label: 'Disorders', from });
    assert.equal(editor.document.offsetAt(editor.selection.start), next!.start);
  });

  it('next and previous entity walk through the note and round its ends', async () => {
    const editor = await openNote(NURSING);
    const note = await settled(editor.document);
    const selected = (): [number, number] => [
      editor.document.offsetAt(editor.selection.start),
      editor.document.offsetAt(editor.selection.end),
    ];
    editor.selection = new vscode.Selection(0, 0, 0, 0);
    const seen: string[] = [];
    for (let i = 0; i < note.entities.length; i++) {
      await vscode.commands.executeCommand('anamnese.nextEntity');
      seen.push(selected().join());
    }
    assert.equal(new Set(seen).size, new Set(note.entities.map(({ start, end }) => `${start},${end}`)).size);
    await vscode.commands.executeCommand('anamnese.previousEntity');
    assert.equal(selected().join(), seen.at(-2));
  });

  it('hidden labels are kept in the settings', async () => {
    await vscode.commands.executeCommand('anamnese.hideLabel', { label: 'Anatomy' });
    const hidden = () => vscode.workspace.getConfiguration('anamnese').get('hiddenLabels');
    assert.deepEqual(hidden(), ['Anatomy']);
    await vscode.commands.executeCommand('anamnese.toggleLabel', { label: 'Anatomy' });
    assert.deepEqual(hidden(), []);
    await vscode.commands.executeCommand('anamnese.toggleLabel', { label: 'Devices' });
    assert.deepEqual(hidden(), ['Devices']);
    await vscode.commands.executeCommand('anamnese.showAllLabels');
    assert.deepEqual(hidden(), []);
  });

  for (const format of ['ann', 'jsonl', 'csv']) {
    it(`exports .${format} with the words at their offsets`, async () => {
      const { document } = await openNote(NURSING);
      const note = await settled(document);
      const target = workspaceFile(`saida.${format}`);
      await vscode.commands.executeCommand('anamnese.exportEntities', { format, to: target.toString() });
      const written = new TextDecoder().decode(await vscode.workspace.fs.readFile(target));
      const count = { ann: /^T\d+\t/gm, jsonl: /\[\d+,\d+,"/g, csv: /^01-evolucao/gm }[format]!;
      assert.equal(written.match(count)?.length, note.entities.length);
    });
  }

  it('every contributed command exists', async () => {
    await api();
    const manifest = vscode.extensions.getExtension(EXTENSION)!.packageJSON;
    const known = new Set(await vscode.commands.getCommands(true));
    for (const { command } of manifest.contributes.commands) assert.ok(known.has(command), command);
  });
});

describe('export of a file that the editor reads differently', () => {
  afterEach(closeAll);

  it('counts in the file’s own text, byte-order mark and mixed line breaks included', async () => {
    const text = '\ufeffPaciente com febre.\r\nEdema em MMII.\nUso de dipirona.\r\n';
    const { document } = await openNew('misto.txt', text);
    await settled(document);
    const target = workspaceFile('misto.ann');
    await vscode.commands.executeCommand('anamnese.exportEntities', { format: 'ann', to: target.toString() });
    const written = new TextDecoder().decode(await vscode.workspace.fs.readFile(target));
    const spans = [...written.matchAll(/^T\d+\t\S+ (\d+) (\d+)\t(.*)$/gm)];
    assert.ok(spans.length > 2);
    for (const [, start, end, words] of spans) assert.equal(text.slice(Number(start), Number(end)), words);
  });

  it('asks for edits to be saved first, and then counts in what was saved', async () => {
    const editor = await openNew('editado.txt', '\ufeffPaciente com febre.\r\nEdema em MMII.\n');
    await editor.edit((edit) => edit.insert(new vscode.Position(0, 0), 'Refere cefaleia. '));
    await settled(editor.document);
    const target = workspaceFile('editado.ann');
    const answered = async (command: string): Promise<void> => {
      const asked = vscode.commands.executeCommand('anamnese.exportEntities', {
        format: 'ann',
        to: target.toString(),
      });
      await new Promise((resolve) => setTimeout(resolve, 2000));
      await vscode.commands.executeCommand(command);
      await asked;
    };
    await answered('notifications.clearAll');
    await assert.rejects(Promise.resolve(vscode.workspace.fs.stat(target)), 'it was not saved');
    await answered('notification.acceptPrimaryAction');
    assert.ok(!editor.document.isDirty);
    const read = async (uri: vscode.Uri): Promise<string> =>
      new TextDecoder('utf-8', { ignoreBOM: true }).decode(await vscode.workspace.fs.readFile(uri));
    const [saved, written] = [await read(editor.document.uri), await read(target)];
    const spans = [...written.matchAll(/^T\d+\t\S+ (\d+) (\d+)\t(.*)$/gm)];
    assert.ok(saved.startsWith('\ufeff') && spans.length > 1);
    for (const [, start, end, words] of spans) assert.equal(saved.slice(Number(start), Number(end)), words);
  });
});
