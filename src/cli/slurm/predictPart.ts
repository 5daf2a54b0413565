import path from 'node:path';
import type { Command } from 'commander';
import type { DeviceChoice, Precision } from '../../core/ports';
import type { FoundEntities, PredictionFile } from '../../node/slurm/predictionFolder';
import {
  isPartThere,
  partPath,
  partsOf,
  readPart,
  readPrediction,
  writePart,
} from '../../node/slurm/predictionFolder';
import { fingerprint } from '../../node/training/encoderFiles';
import { sha256 } from '../../node/sha256';
import type { NoteFile } from '../../node/notes';
import type { Format } from '../output';
import { openOutput } from '../output';
import { NoteProblems } from '../prediction/noteProblems';
import { openPredictor } from '../prediction/openPredictor';
import { predictFiles, readNotes } from '../prediction/predictFiles';
import { countOf } from '../table';

/** Commands of the scripts that `predict --slurm` submits. */
export function addPredictionTasks(program: Command): void {
  program
    .command('predict-part', { hidden: true })
    .description('predict parts of a prediction that is shared out')
    .argument('<out>', 'output folder of the prediction')
    .argument('<parts...>', 'numbers of the parts')
    .action((out: string, parts: string[]) => predictParts(out, parts.map(Number)));
  program
    .command('predict-gather', { hidden: true })
    .description('put the parts of a prediction together')
    .argument('<out>', 'output folder of the prediction')
    .action(async (out: string) => {
      if (!(await gatherPrediction(out))) process.exitCode = 1;
    });
}

/** Parts that are there already are left as they are. */
async function predictParts(out: string, parts: readonly number[]): Promise<void> {
  const asked = await readPrediction(out);
  if ((await fingerprint(asked.model)) !== asked.sha256)
    throw new Error(`${asked.model}: the model has changed since the prediction was submitted`);
  const { predictor, dispose } = await openPredictor({
    model: asked.model,
    device: asked.device as DeviceChoice,
    precision: asked.precision as Precision | 'auto',
    ...(asked.threshold !== null && { threshold: asked.threshold }),
  });
  for (const part of parts) {
    if (isPartThere(out, part)) continue;
    const notes = notesOf(asked, part);
    const found: FoundEntities[] = [];
    const problems = new NoteProblems();
    const files = notes.map(({ note, ...file }) => ({ ...file, relative: String(note) }));
    for await (const { relative, text, entities } of predictFiles(files, predictor, problems))
      found.push({ note: Number(relative), sha256: sha256(text), entities });
    await writePart(out, part, found);
    console.error(`part ${part}: ${found.length} of ${countOf(notes.length, 'note')} predicted`);
  }
  await dispose();
}

/** A part's notes where they lie, by their indices. */
function notesOf({ from, notes, notesAPart }: PredictionFile, part: number) {
  const first = part * notesAPart;
  return notes
    .slice(first, first + notesAPart)
    .map(({ path: given }, i) => ({ note: first + i, path: path.resolve(from, given) }));
}

/**
 * Writes what one `anamnese predict` of all the notes writes.
 * @returns false where parts are missing, or a note made problems
 */
export async function gatherPrediction(out: string): Promise<boolean> {
  const asked = await readPrediction(out);
  const parts = partsOf(asked);
  const missing = parts.filter((part) => !isPartThere(out, part));
  if (missing.length > 0) {
    const rest = countOf(missing.length, 'part');
    console.error(`anamnese: ${out}: ${rest} of ${parts.length} not predicted: give the same command again`);
    return false;
  }
  const problems = new NoteProblems();
  const name = path.basename(path.resolve(asked.from, asked.model));
  const output = await openOutput(asked.output as Format, out, asked.notes.length, name);
  for (const part of parts) {
    const found = new Map((await readPart(out, part)).map((one) => [one.note, one]));
    for (const { note, path: place } of notesOf(asked, part)) {
      const [read] = await readNotes([fileOf(asked, note, place)], problems);
      if (!read) continue;
      const { path: given, relative } = asked.notes[note]!;
      const one = found.get(note);
      if (one?.sha256 !== sha256(read.text)) {
        const reason = one ? 'has changed since it was predicted' : 'could not be read by its task';
        const advice = `delete ${partPath(out, part)} and give the same command again`;
        problems.report(new Error(`${given}: ${reason}: ${advice}`));
        continue;
      }
      await output.write({ ...read, file: given, relative, entities: one.entities }).catch(problems.report);
    }
  }
  await output.finish();
  return problems.count === 0;
}

const fileOf = ({ notes }: PredictionFile, note: number, place: string): NoteFile => ({
  path: place,
  relative: notes[note]!.relative,
});
