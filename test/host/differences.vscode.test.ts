import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { noteKey } from '../../src/core/split/notes';
import { sha256 } from '../../src/extension/correct/reviewMemory';
import { NOTE, differences, find, line, openWithGold, wordsOf, write } from './goldSupport';
import { api, closeAll, until, workspaceFile } from './support';

describe('gold against predicted', () => {
  afterEach(closeAll);

  const ann = line(1, 'Disorders', 'febre') + line(2, 'Phenomena', 'MMII') + line(3, 'Anatomy', 'Paciente');

  it('is shown and hidden by one command, with kinds, rates and a list', async () => {
    const { correcting } = await api();
    const document = await openWithGold('dif', ann);
    await vscode.commands.executeCommand('anamnese.showDifferences');
    assert.ok(correcting.comparisons.isShown(document.uri));
    await find(document, 'correct', 'febre');
    await find(document, 'label', 'MMII');
    const { rates } = correcting.comparisons.of(document)!;
    assert.ok(rates.precision > 0 && rates.recall === 1 / 3);
    await vscode.commands.executeCommand('anamnese.showDifferences');
    assert.ok(!correcting.comparisons.isShown(document.uri));
  });

  it('is stepped through, round the ends, and the hover says both sides', async () => {
    const document = await openWithGold('passo', ann);
    await vscode.commands.executeCommand('anamnese.showDifferences');
    const editor = await vscode.window.showTextDocument(document);
    editor.selection = new vscode.Selection(0, 0, 0, 0);
    const errors = (await differences(document)).filter(({ kind }) => kind !== 'correct');
    const seen = new Set<string>();
    for (let i = 0; i < errors.length; i++) {
      await vscode.commands.executeCommand('anamnese.nextDifference');
      seen.add(document.getText(editor.selection));
    }
    assert.ok(seen.has('MMII') && !seen.has('febre'), [...seen].join());
    const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
      'vscode.executeHoverProvider',
      document.uri,
      document.positionAt(NOTE.indexOf('MMII')),
    );
    const text = hovers
      .flatMap(({ contents }) => contents.map((one) => (one as vscode.MarkdownString).value))
      .join();
    const plain = text.replaceAll(/&#(\d+);/g, (_, code) => String.fromCodePoint(Number(code)));
    assert.match(plain, /Wrong label/);
    assert.match(plain, /gold: Phenomena; predicted: Anatomy 0\.\d\d/);
    assert.match(plain, /command:anamnese\.acceptEntity/);
  });

  it('compares with a finished run’s predictions where it is told to', async () => {
    const { correcting } = await api();
    const document = await openWithGold('run', ann);
    const start = NOTE.indexOf('hoje');
    const entities = [{ label: 'Objects', start, end: start + 4, score: 0.75 }];
    const own = { note: 'run', key: noteKey(NOTE, sha256), entities };
    const other = { note: 'x', key: '0123456789abcdef', entities: [] };
    await write('runs/r1/predictions.jsonl', `${JSON.stringify(other)}\n${JSON.stringify(own)}\n`);
    const predictions = workspaceFile('runs/r1/predictions.jsonl').fsPath;
    await vscode.commands.executeCommand('anamnese.showDifferences', {
      uri: document.uri.toString(),
      predictions,
      start,
      end: start + 4,
    });
    await find(document, 'spurious', 'hoje');
    await find(document, 'missed', 'febre');
    assert.equal(correcting.comparisons.of(document)!.run?.name, 'r1');
    // As the report asks: by the run's folder.
    await vscode.commands.executeCommand('anamnese.showDifferences', { uri: document.uri });
    assert.equal(correcting.comparisons.of(document)!.run, undefined);
    const run = workspaceFile('runs/r1').fsPath;
    await vscode.commands.executeCommand('anamnese.showDifferences', { uri: document.uri, run });
    assert.equal(correcting.comparisons.of(document)!.run?.name, 'r1');
    assert.equal(document.getText(vscode.window.activeTextEditor!.selection), 'hoje');
  });

  it('follows the gold file as it is typed in, and as other programs write it', async () => {
    const document = await openWithGold('segue', ann);
    const goldWords = async (): Promise<string[]> =>
      (await differences(document)).flatMap((one) => (one.gold ? [wordsOf(one, document)] : []));
    const corpus = await vscode.workspace.openTextDocument(workspaceFile('segue.ann'));
    const edit = new vscode.WorkspaceEdit();
    edit.insert(corpus.uri, new vscode.Position(0, 0), line(9, 'Disorders', 'edema'));
    await vscode.workspace.applyEdit(edit);
    let words: string[] = [];
    const shows = async (wanted: string, isThere: boolean): Promise<void> => {
      for (let i = 0; i < 500 && words.includes(wanted) !== isThere; i++) {
        words = await goldWords();
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      assert.equal(words.includes(wanted), isThere, words.join());
    };
    await shows('edema', true);
    await vscode.window.showTextDocument(corpus);
    await vscode.commands.executeCommand('workbench.action.files.revert');
    await vscode.window.showTextDocument(document);
    await shows('edema', false);
    await write('segue.ann', line(1, 'Disorders', 'dispneia'));
    await shows('dispneia', true);
  });

  it('finds the note of a run by its key, in a record of a corpus file too', async () => {
    const text = `Registro.\r\n${NOTE}`;
    await write('chave.jsonl', `${JSON.stringify({ text, label: [[18, 22, 'Disorders']] })}\n`);
    const start = text.indexOf('febre');
    const key = noteKey(text, sha256);
    await new Promise((resolve) => setTimeout(resolve, 1500));
    await vscode.commands.executeCommand('anamnese.showDifferences', { key, start, end: start + 5 });
    const editor = vscode.window.activeTextEditor!;
    assert.equal(editor.document.uri.scheme, 'anamnese-note');
    assert.equal(editor.document.getText(editor.selection), 'febre');
    assert.ok((await api()).correcting.comparisons.isShown(editor.document.uri));
  });

  it('compares nothing while the note is another text than was annotated, and does again after an undo', async () => {
    const { correcting } = await api();
    const document = await openWithGold('editada', ann);
    await vscode.commands.executeCommand('anamnese.showDifferences');
    const editor = await vscode.window.showTextDocument(document);
    await editor.edit((edit) => edit.insert(new vscode.Position(0, 0), 'x '));
    await until('it is not drawn', () => !correcting.comparisons.isDrawn(document.uri));
    assert.deepEqual(await differences(document), []);
    await vscode.commands.executeCommand('undo');
    await until('it is drawn again', () => correcting.comparisons.isDrawn(document.uri));
    await find(document, 'correct', 'febre');
  });
});
