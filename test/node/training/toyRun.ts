import { copyFileSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { FineTuneJob, PretrainJob } from '../../../src/core/train/settings/jobs';
import type { RunEvent } from '../../../src/core/train/loop/runEvents';
import type { FineTuneHooks } from '../../../src/node/training/fineTune';
import { fineTune } from '../../../src/node/training/fineTune';
import { encoderPath } from '../oracleEncoders';
import { openToy, ToyEngine } from './toyEngine';
import { inventedNotes, toyVocabulary } from './toyNotes';

/** A BERT folder with a vocabulary that knows the words, beside a corpus. */
export function toyFolder(notes = 40): string {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'anamnese-training-'));
  const encoder = path.join(folder, 'encoder');
  mkdirSync(encoder);
  for (const name of ['config.json', 'model.safetensors'])
    copyFileSync(path.join(encoderPath('bert'), name), path.join(encoder, name));
  writeFileSync(path.join(encoder, 'vocab.txt'), toyVocabulary());
  writeFileSync(path.join(folder, 'notes.jsonl'), inventedNotes(notes, 7));
  return folder;
}

export function toyJob(folder: string, out: string, more: Partial<FineTuneJob> = {}): FineTuneJob {
  return {
    task: 'train',
    corpus: path.join(folder, 'notes.jsonl'),
    encoder: path.join(folder, 'encoder'),
    out: path.join(folder, out),
    preset: 'default',
    strategy: 'is',
    scheme: 'IO',
    seed: 3,
    device: 'cpu',
    epochs: 4,
    learningRate: 0.03,
    batchTokens: 120,
    maxLength: 32,
    ...more,
  };
}

/** Masked language modelling on the same notes. */
export function toyPretraining(folder: string, out: string, more: Partial<PretrainJob> = {}): PretrainJob {
  return {
    task: 'pretrain',
    texts: path.join(folder, 'notes.jsonl'),
    encoder: path.join(folder, 'encoder'),
    out: path.join(folder, out),
    seed: 1,
    device: 'cpu',
    learningRate: 0.01,
    epochs: 6,
    batchTokens: 80,
    accumulate: 2,
    ...more,
  };
}

/** Runs with the toy; `onCall` may throw in its stead. */
export function trainToy(
  job: FineTuneJob,
  onCall: (call: string) => void = () => undefined,
  more: Partial<FineTuneHooks> = {},
) {
  const events: RunEvent[] = [];
  const result = fineTune(job, {
    onEvent: (event) => void events.push(event),
    createEngine: async (folder, options) => {
      const engine = ToyEngine.open(folder, options);
      engine.onCall = onCall;
      return engine;
    },
    openClassifier: openToy,
    savingShare: 1,
    ...more,
  });
  return { result, events };
}
