import type { Command } from 'commander';
import { InvalidArgumentError, Option } from 'commander';
import { predictTexts } from '../core/predict/predictor';
import { withThreshold } from '../core/predict/settings';
import type { DeviceChoice, Precision } from '../core/ports';
import { encoderFolderOf } from '../node/library/named';
import { DEFAULT_MODEL, openModel } from '../node/model';
import type { NoteFile } from '../node/notes';
import { findNotes, readNote } from '../node/notes';
import type { Format, OutputNote } from './output';
import { formats, openOutput } from './output';

interface PredictOptions {
  readonly model: string;
  readonly device: DeviceChoice;
  readonly precision: Precision | 'auto';
  readonly threshold?: number;
  readonly format: Format;
  readonly out?: string;
}

/** Notes predicted together: enough to batch by length, few enough that results keep coming. */
const NOTES_A_ROUND = 32;

/** `anamnese predict`: entities of note files, to the terminal or to files. */
export function addPredict(program: Command): void {
  program
    .command('predict')
    .description('find the entities of notes')
    .argument('<paths...>', 'note files, or folders whose .txt files are notes')
    .option('--model <name>', 'encoder folder, or the name of an encoder that was added', DEFAULT_MODEL)
    .addOption(
      new Option('--device <device>', 'where to compute')
        .choices(['auto', 'cpu', 'webgpu', 'cuda', 'dml', 'coreml'])
        .default('auto'),
    )
    .addOption(
      new Option('--precision <precision>', 'arithmetic').choices(['auto', 'fp32', 'int8']).default('auto'),
    )
    .option(
      '--threshold <t>',
      'one threshold for every label, 0 to 1 (default: the model’s own)',
      parseThreshold,
    )
    .addOption(new Option('--format <format>', 'what to write').choices([...formats]).default('text'))
    .option('--out <dir>', 'write files into this folder instead of the terminal')
    .addHelpText('after', '\nExample:\n  anamnese predict --format jsonl notes/ > entities.jsonl')
    .action(predict);
}

async function predict(paths: string[], options: PredictOptions): Promise<void> {
  const problems = new Problems();
  const files = (await Promise.all(paths.map((given) => findNotes(given).catch(problems.none)))).flat();
  if (files.length > 0) {
    const model = await openModel(await encoderFolderOf(options.model), { ...options, onNotice: warn });
    const { settings } = model.predictor;
    const predictor = { ...model.predictor, settings: withThreshold(settings, options.threshold) };
    const output = await openOutput(options.format, options.out, files.length, model.name);
    for (let i = 0; i < files.length; i += NOTES_A_ROUND) {
      const notes = await readNotes(files.slice(i, i + NOTES_A_ROUND), problems);
      const entities = await predictTexts(
        notes.map(({ text }) => text),
        predictor,
      );
      for (const [k, note] of notes.entries()) {
        await output.write({ ...note, entities: entities[k]! }).catch(problems.report);
      }
    }
    await output.finish();
    await model.dispose();
  }
  if (problems.count > 0) process.exitCode = 1;
}

type UnmarkedNote = Omit<OutputNote, 'entities'>;

async function readNotes(files: readonly NoteFile[], problems: Problems): Promise<UnmarkedNote[]> {
  const notes: UnmarkedNote[] = [];
  for (const { path, relative } of files) {
    const decoded = await readNote(path).catch(problems.report);
    if (!decoded) continue;
    if (decoded.encoding === 'windows-1252') warn(`${path}: not UTF-8, read as Windows-1252 (Latin-1)`);
    notes.push({ file: path, relative, text: decoded.text });
  }
  return notes;
}

/** One clear line each, and the others go on. */
class Problems {
  count = 0;
  readonly report = (error: unknown): undefined => {
    this.count++;
    warn(error instanceof Error ? error.message : String(error));
    return undefined;
  };
  readonly none = (error: unknown): [] => {
    this.report(error);
    return [];
  };
}

function warn(line: string): void {
  console.error(`anamnese: ${line}`);
}

function parseThreshold(value: string): number {
  const threshold = Number(value);
  if (value.trim() === '' || !(threshold >= 0 && threshold <= 1)) {
    throw new InvalidArgumentError('a number from 0 to 1 is needed.');
  }
  return threshold;
}
