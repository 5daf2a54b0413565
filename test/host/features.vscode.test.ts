import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { api, closeAll, EXTENSION, openNew, openNote, settled, workspaceFile } from './support';

const NURSING = '01-evolucao-enfermagem.txt';

describe('features', () => {
  afterEach(closeAll);

  it('hover shows label, confidence, threshold, model and device', async () => {
    const { document } = await openNote(NURSING);
    const note = await settled(document);
    const entity = note.entities.find(({ label }) => label === 'Disorders')!;
    const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
      'vscode.executeHoverProvider',
      document.uri,
      document.positionAt(entity.start),
    );
    const text = hovers
      .flatMap(({ contents }) => contents.map((content) => (content as vscode.MarkdownString).value))
      .join();
    for (const expected of [
      /Disorders/,
      /[▰▱]{10}/,
      /threshold 0[.,]\d\d/,
      /anamnese\\?-default · cpu int8/,
    ]) {
      assert.match(text, expected);
    }
  });

  it('hover does not let a note write markdown or commands', async () => {
    const { document } = await openNew(
      'ataque.txt',
      'Dor em [MMII](command:workbench.action.quit) <b>HAS</b> e febre',
    );
    const note = await settled(document);
    for (const { start } of note.entities) {
      const [hover] = await vscode.commands.executeCommand<vscode.Hover[]>(
        'vscode.executeHoverProvider',
        document.uri,
        document.positionAt(start),
      );
      const markdown = hover!.contents[0] as vscode.MarkdownString;
      assert.doesNotMatch(markdown.value, /\[MMII\]\(command/);
    }
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
});
