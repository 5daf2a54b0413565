import assert from 'node:assert/strict';
import { cpSync, mkdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { diverged } from '../../src/core/train/trainingError';
import { REFUSALS, knownRefusal } from '../../src/extension/refusalSentences';
import { readCorpusFolder } from '../../src/node/corpusFolder';
import { createPlan } from '../../src/node/experiments/createPlan';
import { addFolder } from '../../src/node/library/addFolder';
import { encoderPlace, removeEncoder } from '../../src/node/library/library';
import { chatErrorOf } from '../../src/node/llm/errors';
import { openModel } from '../../src/node/model';
import { readNote } from '../../src/node/notes';
import { replaceFile } from '../../src/node/training/durable';
import { outOfMemoryAdvice } from '../../src/node/training/outOfMemory';
import { readTrainingNotes } from '../../src/node/training/trainingNotes';
import { encoderPath } from '../node/oracleEncoders';
import { toyVocabulary } from '../node/training/toyNotes';
import { toyJob } from '../node/training/toyRun';
import { temporaryFolder } from '../temporaryFolder';

const root = temporaryFolder('refusals');
const write = (file: string, content: string | Buffer): void => writeFileSync(path.join(root, file), content);

/** A model's folder that loads, changed so that it does not. */
function opened(change: (folder: string) => void): Promise<unknown> {
  const folder = path.join(root, 'model');
  rmSync(folder, { recursive: true, force: true });
  cpSync(encoderPath('bert'), folder, { recursive: true });
  writeFileSync(path.join(folder, 'vocab.txt'), toyVocabulary());
  change(folder);
  return openModel(folder, { device: 'cpu', precision: 'auto', onNotice: () => undefined });
}

function configured(change: (config: Record<string, unknown>) => object): Promise<unknown> {
  return opened((folder) => {
    const file = path.join(folder, 'config.json');
    writeFileSync(file, JSON.stringify(change(JSON.parse(readFileSync(file, 'utf8')))));
  });
}

/** What refuses with each sentence, as it does for a person. */
const refused: Readonly<Record<string, () => Promise<unknown>>> = {
  '{0}: is missing: this is no folder of an encoder': () => opened((at) => rmSync(`${at}/config.json`)),
  '{0}: has no weights: none of {1}': () => opened((at) => rmSync(`${at}/model.safetensors`)),
  '{0}: model_type is missing: choose an encoder of the BERT or ModernBERT family': () =>
    configured(() => ({ hidden_size: 8 })),
  '{0}: model_type {1} is not supported: choose an encoder of the BERT or ModernBERT family': () =>
    configured((config) => ({ ...config, model_type: 'gpt2' })),
  '{0}: is missing, and there is no vocab.txt in its place': () => opened((at) => rmSync(`${at}/vocab.txt`)),
  '{0}: is not valid JSON ({1})': () => opened((at) => writeFileSync(`${at}/config.json`, '{')),
  '{0}: not JSON ({1})': () => opened((at) => writeFileSync(`${at}/anamnese.json`, '{')),
  '{0}: is not a safetensors file, or truncated: its header does not fit the file': () =>
    opened((at) => truncateSync(`${at}/model.safetensors`, 100)),
  '{0}: is truncated: {1} lies beyond its end; download it again': () =>
    opened((at) => truncateSync(`${at}/model.safetensors`, 60_000)),
  '{0}: is truncated: download it again': () => opened((at) => truncateSync(`${at}/model.safetensors`, 3)),
  '{0}: the weight {1} has the shape [{2}], but config.json asks for [{3}]': () =>
    configured((config) => ({ ...config, intermediate_size: 7 })),
  '{0}: the weight {1} is missing': () => configured((config) => ({ ...config, num_hidden_layers: 99 })),
  '{0}: cannot be opened ({1})': () =>
    opened((at) => {
      rmSync(`${at}/model.safetensors`);
      writeFileSync(`${at}/pytorch_model.bin.index.json`, '{"weight_map":{"a":"gone.bin"}}');
    }),
  // Neither the packages nor this project's node_modules hold the provider.
  'the CUDA provider is not part of this package: see README, Devices': async () => {
    let reason = 'no notice';
    await openModel(path.resolve('models/anamnese-default'), {
      device: 'cuda',
      precision: 'auto',
      onNotice: (_, failure) => (reason = failure.reason),
    });
    throw new Error(reason);
  },
  'there is no config.json: this is no encoder': () => added({}),
  'there are no weights: none of {0}': () => added({ 'config.json': '{}' }),
  'there is no tokenizer that can be read: neither tokenizer.json nor vocab.txt': () =>
    added({ 'config.json': '{}', 'model.safetensors': '' }),
  'an encoder of the name {0} was added before: remove it first, or rename the folder': () => {
    const place = encoderPlace(path.join(root, 'library'), 'given');
    mkdirSync(place, { recursive: true });
    return added({}).finally(() => rmSync(place, { recursive: true }));
  },
  '{0}: no encoder of that name was added': () => removeEncoder(path.join(root, 'library'), 'none'),
  '{0}: cannot be read ({1})': () => opened((at) => mkdirSync(`${at}/anamnese.json`)),
  '{0}: cannot be written ({1})': () => replaceFile(path.join(root, 'no', 'such', 'file'), ''),
  '{0}: no such file or folder': () => readCorpusFolder(path.join(root, 'none.jsonl')),
  '{0}: not a text file': () => {
    write('binary.txt', Buffer.from([0, 1, 2, 0, 255, 254, 0]));
    return readNote(path.join(root, 'binary.txt'));
  },
  '{0}: holds no notes': () => {
    mkdirSync(path.join(root, 'empty'), { recursive: true });
    const order = { encoders: [], strategies: [], schemes: [], seeds: [], training: {} };
    return createPlan(path.join(root, 'plan'), { corpus: path.join(root, 'empty'), ...order } as never);
  },
  '{0}: no training note is annotated, so there is nothing to learn': () => trained(''),
};

function added(files: Readonly<Record<string, string>>): Promise<unknown> {
  const given = path.join(root, 'given');
  rmSync(given, { recursive: true, force: true });
  mkdirSync(given);
  for (const [name, content] of Object.entries(files)) write(path.join('given', name), content);
  return addFolder(path.join(root, 'library'), given).catch((error: { parts: { reason: string } }) => {
    // The editor is told the reason alone.
    throw new Error(error.parts.reason);
  });
}

function trained(label: string): Promise<unknown> {
  const notes = Array.from({ length: 10 }, (_, i) =>
    JSON.stringify({ text: `nota ${i} sem marca${label}`, label: [] }),
  );
  write('notes.jsonl', notes.join('\n'));
  return readTrainingNotes(toyJob(root, 'out'));
}

describe('refusals', () => {
  for (const [sentence, refuse] of Object.entries(refused))
    it(`of the worker are known: ${sentence}`, async () => {
      const { message } = await refuse().then(
        () => assert.fail('was not refused'),
        (error: Error) => error,
      );
      const known = knownRefusal(message);
      assert.equal(known?.sentence, sentence, message);
      assert.ok(known.holes.every((hole) => hole.length > 0 && message.includes(hole)));
    });

  it('for want of memory, and for numbers that are none, are known', () => {
    for (const reader of ['command', 'plan'] as const) {
      for (const plan of [undefined, 'layer-by-layer'])
        assert.ok(knownRefusal(outOfMemoryAdvice(plan, reader)));
      const { holes } = knownRefusal(diverged('the loss', 0, 4, 0.01).messageFor(reader))!;
      assert.deepEqual(holes, ['the loss', '1', '5', '0.010']);
    }
    const ended = `the training process was ended (SIGKILL); most likely ${outOfMemoryAdvice(undefined)}`;
    assert.equal(knownRefusal(ended)?.holes[1], outOfMemoryAdvice(undefined));
  });

  it('of language models are known, whatever is said around them', () => {
    for (const status of [400, 401, 403, 404, 413, 500, 503, undefined]) {
      const { message } = chatErrorOf({
        host: 'h:1',
        status,
        code: status === undefined ? 'ECONNRESET' : 'why',
      });
      const said = knownRefusal(message)!;
      assert.equal(said.holes[0], 'h:1');
      assert.equal(said.holes[1], status === undefined ? 'ECONNRESET' : `${status} (why)`, message);
      for (const more of [', 3 times over', ', and asks to wait for 9 minutes'])
        assert.equal(knownRefusal(message + more)?.holes[0], message);
      const rest = '; 2 of 50 notes are answered and kept; the same command goes on';
      assert.deepEqual(knownRefusal(message + rest)?.holes, [message, '2', '50']);
    }
    const broke = chatErrorOf({ host: 'h', status: 429, code: 'insufficient_quota' }).message;
    assert.match(knownRefusal(broke)!.sentence, /no credit left$/);
  });

  it('that nobody translated are left as they are', () => {
    for (const text of ['', 'something else', 'is missing: this is no folder of an encoder'])
      assert.equal(knownRefusal(text), undefined, text);
  });

  it('are told apart: each sentence, filled, is found as itself', () => {
    assert.equal(new Set(REFUSALS).size, REFUSALS.length);
    for (const sentence of REFUSALS) {
      const holes = [...sentence.matchAll(/\{(\d)\}/g)].map(([, index]) => Number(index));
      assert.deepEqual(holes, [...holes.keys()], sentence);
      assert.equal(knownRefusal(sentence)?.sentence, sentence);
    }
  });
});
