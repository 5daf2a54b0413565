import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { SaveGuard } from '../../src/extension/correct/saveGuard';
import { temporaryFolder } from '../temporaryFolder';

const BEFORE = 'T1\tDisorders 0 5\tfebre\n';
const MORE = 'T2\tAnatomy 9 14\ttórax\n';

describe('a corpus file that is being saved', () => {
  const storage = temporaryFolder('saving');
  const guard = new SaveGuard(vscode.Uri.file(storage));
  const corpus = temporaryFolder('corpus');
  let file: string;
  let files = 0;
  // The editor remembers what it knew of a file.
  beforeEach(() => (file = path.join(corpus, `nota-${++files}.ann`)));

  /** The file's document with a line more, not saved. */
  async function edited(before: string): Promise<vscode.TextDocument> {
    writeFileSync(file, before);
    const document = await vscode.workspace.openTextDocument(vscode.Uri.file(file));
    await vscode.window.showTextDocument(document);
    const edit = new vscode.WorkspaceEdit();
    edit.insert(document.uri, new vscode.Position(document.lineCount, 0), MORE);
    await vscode.workspace.applyEdit(edit);
    assert.ok(document.isDirty);
    return document;
  }

  afterEach(async () => {
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
  });

  for (const bytes of [0, 7, BEFORE.length + 4])
    it(`is put back where a save ended after ${bytes} bytes, once`, async () => {
      const document = await edited(BEFORE);
      await guard.keep(document);
      writeFileSync(file, Buffer.from(document.getText()).subarray(0, bytes));
      assert.deepEqual(
        (await guard.recover()).map(({ fsPath }) => fsPath),
        [file],
      );
      assert.equal(readFileSync(file, 'utf8'), BEFORE);
      assert.deepEqual(await guard.recover(), []);
    });

  it('is put back with its byte-order mark', async () => {
    const marked = `\ufeff${BEFORE}`;
    const document = await edited(marked);
    await guard.keep(document);
    writeFileSync(file, Buffer.from(`\ufeff${document.getText()}`).subarray(0, 12));
    assert.equal((await guard.recover()).length, 1);
    assert.equal(readFileSync(file, 'utf8'), marked);
  });

  it('is left as it is where it is whole, of before or after, or another’s by now', async () => {
    const document = await edited(BEFORE);
    for (const now of [document.getText(), BEFORE, 'T9\tDisorders 1 2\tx\n']) {
      writeFileSync(file, BEFORE);
      await guard.keep(document);
      writeFileSync(file, now);
      assert.deepEqual(await guard.recover(), []);
      assert.equal(readFileSync(file, 'utf8'), now);
      assert.deepEqual(readdirSync(storage), []);
    }
  });

  it('leaves nothing behind once it is saved', async () => {
    const document = await edited(BEFORE);
    assert.ok(await guard.save(document));
    assert.equal(readFileSync(file, 'utf8'), document.getText());
    assert.deepEqual(readdirSync(storage), []);
  });
});
