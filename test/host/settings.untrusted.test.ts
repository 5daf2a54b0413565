import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { until, workspaceFile } from './support';

const settings = () => vscode.workspace.getConfiguration('anamnese');

describe('choosing a model in a workspace that is not trusted and sets one itself', () => {
  const file = workspaceFile('.vscode/settings.json');
  const text = '{ "anamnese.model": "/of/the/workspace", "anamnese.threshold": 0.5 }\n';
  before(async () => {
    await vscode.workspace.fs.writeFile(file, new TextEncoder().encode(text));
    await until('the workspace’s settings are read', () => settings().get('threshold') === 0.5);
  });
  after(() => settings().update('model', undefined, vscode.ConfigurationTarget.Global));

  it('writes the person’s own setting, which has an effect, and leaves the workspace’s as it was', async () => {
    assert.equal(settings().get('model'), '', 'the workspace’s model waits for trust');
    await settings().update('model', '/of/the/person', vscode.ConfigurationTarget.Global);
    const picking = vscode.commands.executeCommand('anamnese.selectModel');
    // The list opens on the person's own model; the one above is the bundled one.
    await new Promise((resolve) => setTimeout(resolve, 1500));
    await vscode.commands.executeCommand('workbench.action.quickOpenSelectPrevious');
    await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
    await picking;
    assert.equal(settings().inspect('model')?.globalValue, '');
    assert.equal(settings().get('model'), '');
    assert.equal(new TextDecoder().decode(await vscode.workspace.fs.readFile(file)), text);
  });
});
