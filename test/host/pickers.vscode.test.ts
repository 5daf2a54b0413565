import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { api, closeAll, EXTENSION, openNote, settled, until, withSetting } from './support';

const NURSING = '01-evolucao-enfermagem.txt';

/** Takes the item of the open list that is active, a little after it was drawn. */
async function accept(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 1500));
  await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
}

const configured = <T>(key: string) => vscode.workspace.getConfiguration('anamnese').inspect<T>(key);

describe('pickers', () => {
  afterEach(closeAll);

  it('open on the device that was chosen, though another one runs', async () => {
    await withSetting('device', 'cuda', async () => {
      await settled((await openNote(NURSING)).document);
      const { service } = await api();
      await until(
        'the CPU took over',
        () => service.state.kind === 'ready' && service.state.model.device === 'cpu',
      );
      const picking = vscode.commands.executeCommand('anamnese.selectDevice');
      await accept();
      await picking;
      assert.equal(configured('device')?.globalValue, 'cuda');
    });
  });

  it('open on the model in use', async () => {
    const folder = vscode.Uri.joinPath(
      vscode.extensions.getExtension(EXTENSION)!.extensionUri,
      'models',
      'anamnese-default',
    ).fsPath;
    await withSetting('model', folder, async () => {
      await settled((await openNote(NURSING)).document);
      const picking = vscode.commands.executeCommand('anamnese.selectModel');
      await accept();
      await picking;
      assert.equal(configured('model')?.globalValue, folder);
    });
  });
});
