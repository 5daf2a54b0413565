import { copyFileSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { seededRng, randomBelow } from '../../../src/core/random';
import type { FineTuneJob, PretrainJob } from '../../../src/core/train/jobs';
import { encoderPath } from '../oracleEncoders';

/** Words whose label the toy can learn, since each always has the same. */
const WORDS: readonly (readonly [string, string | undefined])[] = [
  ['febre', 'Disorders'],
  ['dispneia', 'Disorders'],
  ['edema', 'Disorders'],
  ['raio-x', 'Procedures'],
  ['tomografia', 'Procedures'],
  ['dipirona', 'Chemicals & Drugs'],
  ['captopril', 'Chemicals & Drugs'],
  ['torax', 'Anatomy'],
  ['paciente', undefined],
  ['com', undefined],
  ['nega', undefined],
  ['fez', undefined],
  ['e', undefined],
];

/** Invented notes as doccano JSON lines, of very different lengths. */
export function inventedNotes(count: number, seed: number): string {
  const rng = seededRng(seed);
  return Array.from({ length: count }, () => {
    const words = Array.from(
      { length: 3 + randomBelow(rng() < 0.3 ? 90 : 25, rng) },
      () => WORDS[randomBelow(WORDS.length, rng)]!,
    );
    let text = '';
    const label: [number, number, string][] = [];
    for (const [word, own] of words) {
      if (own) label.push([text.length, text.length + word.length, own]);
      text += `${word} `;
    }
    return JSON.stringify({ text: text.trimEnd(), label });
  }).join('\n');
}

/** A BERT folder with a vocabulary that knows the words, beside a corpus. */
export function toyFolder(notes = 40): string {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'anamnese-training-'));
  const encoder = path.join(folder, 'encoder');
  mkdirSync(encoder);
  for (const name of ['config.json', 'model.safetensors'])
    copyFileSync(path.join(encoderPath('bert'), name), path.join(encoder, name));
  const pieces = [
    '[PAD]',
    '[UNK]',
    '[CLS]',
    '[SEP]',
    '[MASK]',
    '-',
    'raio',
    'x',
    'disp',
    '##neia',
    'tom',
    '##ografia',
  ];
  const words = WORDS.map(([word]) => word).filter(
    (word) => !['raio-x', 'dispneia', 'tomografia'].includes(word),
  );
  const filling = Array.from({ length: 120 - pieces.length - words.length }, (_, i) => `[unused${i}]`);
  writeFileSync(path.join(encoder, 'vocab.txt'), [...pieces, ...words, ...filling].join('\n') + '\n');
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
