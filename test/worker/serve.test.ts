import assert from 'node:assert/strict';
import { cpSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { PassThrough } from 'node:stream';
import { createMessageConnection } from 'vscode-jsonrpc/node';
import { knownRefusal } from '../../src/extension/refusalSentences';
import type { LoadedModel } from '../../src/protocol/worker';
import { loadModel } from '../../src/protocol/worker';
import { serve } from '../../src/worker/serve';
import { encoderPath } from '../node/oracleEncoders';
import { temporaryFolder } from '../temporaryFolder';

/** What the worker answers of an encoder with a vocabulary. */
async function loaded(vocabulary: readonly string[]): Promise<LoadedModel> {
  const folder = path.join(temporaryFolder('serve'), `encoder-${vocabulary.at(-1)}`);
  cpSync(encoderPath('bert'), folder, { recursive: true });
  writeFileSync(path.join(folder, 'vocab.txt'), vocabulary.join('\n'));
  const [there, back] = [new PassThrough(), new PassThrough()];
  const editor = createMessageConnection(back, there);
  const worker = createMessageConnection(there, back);
  serve(worker);
  for (const connection of [editor, worker]) connection.listen();
  try {
    return await editor.sendRequest(loadModel, {
      folder,
      device: 'cpu',
      precision: 'fp32',
      threshold: null,
    });
  } finally {
    for (const connection of [editor, worker]) connection.dispose();
  }
}

/** 120 pieces, as many as the encoder has vectors. */
function vocabularyOf(word: (number: string) => string): string[] {
  const numbers = Array.from({ length: 115 }, (_, i) =>
    i.toString(26).replace(/\d/g, (d) => 'qrstuvwxyz'[Number(d)]!),
  );
  return ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]', ...numbers.map(word)];
}

describe('the worker', () => {
  it('passes on what an encoder’s files leave open, in a sentence that the editor can translate', async () => {
    const { doubt } = await loaded(vocabularyOf((number) => `Palavra${number}`));
    assert.match(doubt!, /do_lower_case/);
    assert.equal(knownRefusal(doubt!)?.sentence, doubt);
  });

  it('says nothing where they leave nothing open', async () => {
    assert.equal((await loaded(vocabularyOf((number) => `palavra${number}`))).doubt, undefined);
  });
});
