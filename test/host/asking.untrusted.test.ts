import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import * as vscode from 'vscode';
import { remoteUse } from '../../src/extension/remote/consent';
import { AGREED_HOSTS } from '../../src/protocol/planRunner';
import { LlmServer } from '../node/llm/llmServer';
import { AskedCorpus, AskingWindow, stranger } from './askingSupport';
import { workspaceFile } from './support';

describe('asking language models in a workspace that is not trusted', () => {
  let server: LlmServer;
  let corpus: AskedCorpus;
  before(async () => {
    corpus = new AskedCorpus('poucas', 24);
    server = await new LlmServer(corpus.reaction).listen();
  });
  after(() => server.close());

  it('is not trusted', () => {
    assert.equal(vscode.workspace.isTrusted, false);
    assert.equal(remoteUse(), 'untrusted');
  });

  it('sends nothing, not even to this machine, and makes no plan', async () => {
    const given = { corpus: corpus.path, models: [{ name: 'own-model', endpoint: server.url() }] };
    const folder = await vscode.commands.executeCommand('anamnese.compareLanguageModels', given);
    assert.equal(folder, undefined);
    assert.equal(existsSync(workspaceFile('experiments').fsPath), false);
    assert.equal(server.seen.length, 0);
  });

  it('asks nobody for consent, says why, and hands no process a host or a key', async () => {
    const memory = await stranger();
    await memory.secrets.store('ANAMNESE_LLM_KEY', 'sk-an-invented-key');
    const window = new AskingWindow(memory);
    const models = [{ name: 'own-model', endpoint: server.url().replace('127.0.0.1', '0.0.0.0') }];
    assert.equal(await window.compare({ corpus: corpus.path, models }), undefined);
    assert.deepEqual(window.person.asked, []);
    assert.deepEqual(window.person.warned, ['Notes of a workspace that is not trusted are sent nowhere.']);
    assert.deepEqual(await window.remote.environment(), { [AGREED_HOSTS]: '' });
    assert.equal(server.seen.length, 0);
    await memory.secrets.delete('ANAMNESE_LLM_KEY');
    window.dispose();
  });
});
