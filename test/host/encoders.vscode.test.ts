import assert from 'node:assert/strict';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import type { LibraryEntry } from '../../src/core/library/library';
import { parseModelId } from '../../src/extension/encoders/chooseModel';
import type { Encoders } from '../../src/extension/encoders/encoders';
import type { AddingFailed } from '../../src/extension/encoders/encoders';
import { encoderItem } from '../../src/extension/encoders/encodersView';
import { HubServer, repositoryOf } from '../hub/hubServer';
import { toyVocabulary } from '../node/training/toyNotes';
import { api, until, withSetting } from './support';

const root = path.resolve(__dirname, '../..');
const oracle = path.join(root, 'test', 'oracles', 'encoders', 'bert');
const ID = 'clinic/toy-bert';

async function encoders(): Promise<Encoders> {
  return (await api()).encoders;
}

async function entry(id: string): Promise<LibraryEntry | undefined> {
  return (await (await encoders()).list()).find((one) => one.id === id);
}

describe('encoders by name', () => {
  let server: HubServer;
  let folder: string;
  before(async () => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'anamnese-encoders-'));
    server = await HubServer.start();
    server.publish(ID, { ...repositoryOf(oracle, { 'vocab.txt': toyVocabulary() }), licence: 'mit' });
  });
  after(async () => {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
    rmSync((await encoders()).folder, { recursive: true, force: true });
  });

  it('shows the nine of the study, with figures and where they are', async () => {
    const entries = await (await encoders()).list();
    assert.equal(entries.filter(({ published }) => published).length, 9);
    const item = encoderItem({ entry: (await entry('jhu-clsp/mmBERT-base'))! });
    assert.equal(item.label, 'mmBERT base');
    assert.match(String(item.description), /^not fetched · about 1[.,]23 GB · MIT$/);
    assert.equal(item.contextValue, 'encoder.missing');
    const { value } = item.tooltip as vscode.MarkdownString;
    assert.match(value, /SemClinBr \| 0[.,]7646 \/ 0[.,]7139/);
    await vscode.commands.executeCommand('anamnese.encoders.focus');
  });

  it('adds one from a mirror, tells how far it is, offers it for training, and removes it', async () => {
    const changes: number[] = [];
    const listening = (await encoders()).onChange(() => changes.push(1));
    const place = await withSetting('hub.endpoint', server.endpoint, async () =>
      vscode.commands.executeCommand<string>('anamnese.addModel', { kind: 'hub', id: ID }),
    );
    assert.equal(place, path.join((await encoders()).folder, 'clinic', 'toy-bert'));
    assert.ok(existsSync(path.join(place, 'model.safetensors')));
    assert.ok(changes.length > 0);
    listening.dispose();
    const { added, licence } = (await entry(ID))!;
    assert.deepEqual([added?.folder, licence], [place, 'mit']);
    assert.equal(encoderItem({ entry: (await entry(ID))! }).contextValue, 'encoder.added');
    const known = await (await api()).experiments.encoders();
    assert.ok(known.some(({ path: found, name }) => found === place && name === 'toy-bert'));
    await (await encoders()).remove(ID);
    assert.equal(await entry(ID), undefined);
  });

  it('adds a folder of this machine', async () => {
    const own = path.join(folder, 'meu-encoder');
    mkdirSync(own);
    for (const name of ['config.json', 'model.safetensors'])
      cpSync(path.join(oracle, name), path.join(own, name));
    writeFileSync(path.join(own, 'vocab.txt'), toyVocabulary());
    const place = await vscode.commands.executeCommand<string>('anamnese.addModel', {
      kind: 'folder',
      folder: own,
    });
    assert.deepEqual(readdirSync(place).sort(), [
      'anamnese-source.json',
      'config.json',
      'model.safetensors',
      'vocab.txt',
    ]);
    assert.equal((await entry('meu-encoder'))?.added?.labels.length, 5);
  });

  it('says in parts what went wrong, stops when it is cancelled, and goes on later', async () => {
    const all = await encoders();
    const never = new vscode.CancellationTokenSource().token;
    const order = { kind: 'hub' as const, id: 'clinic/none', endpoint: server.endpoint };
    await assert.rejects(
      all.add(order, never, () => undefined),
      (error: unknown) => {
        assert.equal((error as AddingFailed).failure?.problem, 'denied', String(error));
        return true;
      },
    );
    const before = server.bytes;
    server.fault = ({ server: which, range }) =>
      which === 'store' && range === undefined ? { kind: 'stall', after: 60_000 } : undefined;
    const cancel = new vscode.CancellationTokenSource();
    const told: number[] = [];
    const stopped = all.add({ ...order, id: ID }, cancel.token, ({ doneBytes }) => told.push(doneBytes));
    await until('most has come', () => server.bytes - before > 60_000);
    cancel.cancel();
    assert.equal(await stopped, undefined);
    assert.ok(told.length > 0);
    const begun = (await entry(ID))!;
    assert.equal(encoderItem({ entry: begun }).contextValue, 'encoder.begun');
    server.fault = () => undefined;
    assert.ok(await all.add({ ...order, id: ID, revision: begun.begun!.revision }, never, () => undefined));
    assert.equal(server.bytes - before, (await entry(ID))!.added!.bytes);
  });

  it('takes no mirror from a workspace', async () => {
    const settings = vscode.workspace.getConfiguration('anamnese');
    await assert.rejects(
      Promise.resolve(
        settings.update('hub.endpoint', 'http://stranger.invalid', vscode.ConfigurationTarget.Workspace),
      ),
    );
  });

  it('reads an id as people write it', () => {
    assert.deepEqual(parseModelId(' jhu-clsp/mmBERT-base '), { kind: 'hub', id: 'jhu-clsp/mmBERT-base' });
    assert.deepEqual(parseModelId('https://huggingface.co/a/b/'), { kind: 'hub', id: 'a/b' });
    assert.deepEqual(parseModelId('a/b@v1'), { kind: 'hub', id: 'a/b', revision: 'v1' });
    for (const text of ['', 'a', '../a', 'a/b@', 'a b/c']) assert.equal(parseModelId(text), undefined, text);
  });
});
