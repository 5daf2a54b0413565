import path from 'node:path';
import type { NoteFile } from '../../node/notes';
import type { PredictionFile } from '../../node/slurm/predictionFolder';
import { beginPrediction, isPartThere, partsOf } from '../../node/slurm/predictionFolder';
import { fingerprint } from '../../node/training/encoderFiles';
import type { PredictorOptions } from '../prediction/openPredictor';
import { NOTES_A_ROUND } from '../prediction/predictFiles';
import type { SlurmWork } from './dispatch';
import type { SlurmOptions } from './slurmOptions';

export interface PredictionOptions extends PredictorOptions, SlurmOptions {
  readonly format: string;
  readonly out?: string;
}

/** Tasks where nobody says: a model is opened in each. */
const TASKS = 16;
/** What a task that is ended loses at most: so many notes take a CPU some minutes. */
const MOST_A_PART = 8 * NOTES_A_ROUND;

/** Notes to predict as work for a cluster. @throws Error where the output folder is of other work */
export async function predictionWork(
  files: readonly NoteFile[],
  options: PredictionOptions,
): Promise<SlurmWork> {
  const { out: given, array } = options;
  if (given === undefined) throw new Error('--slurm: give --out DIR, which the tasks reach too');
  const out = path.resolve(given);
  const tasks = array?.tasks ?? Math.min(TASKS, Math.ceil(files.length / NOTES_A_ROUND));
  const notesAPart = Math.min(MOST_A_PART, Math.ceil(files.length / tasks));
  const asked = await beginPrediction(out, await predictionOf(files, options, notesAPart));
  const parts = partsOf(asked);
  return {
    folder: out,
    noun: 'part',
    total: parts.length,
    left: () => Promise.resolve(parts.filter((part) => !isPartThere(out, part)).map(String)),
    tasks,
    task: ['predict-part', out],
    gather: ['predict-gather', out],
  };
}

async function predictionOf(
  files: readonly NoteFile[],
  { model, device, precision, threshold, format }: PredictionOptions,
  notesAPart: number,
): Promise<PredictionFile> {
  return {
    format: 'anamnese-prediction',
    version: 1,
    from: process.cwd(),
    model: path.resolve(model),
    sha256: await fingerprint(model),
    device,
    precision,
    threshold: threshold ?? null,
    output: format,
    notes: files.map(({ path: place, relative }) => ({ path: place, relative })),
    notesAPart,
  };
}
