import type { Command } from 'commander';
import { InvalidArgumentError, Option } from 'commander';
import { encoderFolderOf } from '../node/library/named';
import { DEFAULT_MODEL } from '../node/model';
import type { NoteFile } from '../node/notes';
import { findNotes } from '../node/notes';
import type { Format } from './output';
import { formats, openOutput } from './output';
import { NoteProgress } from './noteProgress';
import { NoteProblems } from './prediction/noteProblems';
import type { PredictorOptions } from './prediction/openPredictor';
import { openPredictor } from './prediction/openPredictor';
import { predictFiles } from './prediction/predictFiles';
import { dispatch } from './slurm/dispatch';
import { predictionWork } from './slurm/predictionWork';
import { gatherPrediction } from './slurm/predictPart';
import type { SlurmOptions } from './slurm/slurmOptions';
import { addSlurmOptions, checkSlurmOptions } from './slurm/slurmOptions';

interface PredictOptions extends PredictorOptions, SlurmOptions {
  readonly format: Format;
  readonly out?: string;
}

/** `anamnese predict`: entities of note files, to the terminal or to files. */
export function addPredict(program: Command): void {
  const command = program
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
    .action(predict);
  addServerOptions(command);
  addSlurmOptions(command, ['server']).addHelpText(
    'after',
    '\nExamples:\n  anamnese predict --format jsonl notes/ > entities.jsonl\n' +
      '  anamnese predict --model model/ --server http://localhost:8000 notes/\n' +
      '  anamnese predict --slurm --array 40 --cpus 4 --format brat --out found/ notes/',
  );
}

function addServerOptions(command: Command): Command {
  return command
    .addOption(
      new Option(
        '--server <url>',
        'have the encoder run by a server of the open inference protocol, which is sent the notes’ tokens',
      ).conflicts(['device', 'precision']),
    )
    .option('--model-name <name>', 'what the server calls the model (default: the folder’s name)')
    .option('--send-notes-to <host>', 'the host that the notes’ tokens may leave this machine for');
}

async function predict(paths: string[], options: PredictOptions): Promise<void> {
  checkSlurmOptions(options);
  const problems = new NoteProblems();
  const files = (await Promise.all(paths.map((given) => findNotes(given).catch(problems.none)))).flat();
  if (files.length > 0) {
    const asked = { ...options, model: await encoderFolderOf(options.model) };
    await (options.slurm ? predictOnCluster : predictHere)(files, asked, problems);
  }
  if (problems.count > 0) process.exitCode = 1;
}

async function predictHere(
  files: readonly NoteFile[],
  options: PredictOptions,
  problems: NoteProblems,
): Promise<void> {
  const { name, predictor, atOnce, dispose } = await openPredictor(options);
  const output = await openOutput(options.format, options.out, files.length, name);
  const progress = new NoteProgress('predicts');
  const onNotes = (done: number): void => progress.show(done, files.length);
  try {
    for await (const note of predictFiles(files, predictor, problems, { atOnce, onNotes })) {
      progress.end();
      await output.write(note).catch(problems.report);
    }
  } finally {
    progress.end();
  }
  await output.finish();
  await dispose();
}

/** Shares the notes out to tasks, and puts together what they found where it was waited for them. */
async function predictOnCluster(files: readonly NoteFile[], options: PredictOptions): Promise<void> {
  const work = await predictionWork(files, options);
  if ((await dispatch(work, options)) !== 'ended' || (await work.left()).length > 0) return;
  if (!(await gatherPrediction(work.folder))) process.exitCode = 1;
}

function parseThreshold(value: string): number {
  const threshold = Number(value);
  if (value.trim() === '' || !(threshold >= 0 && threshold <= 1)) {
    throw new InvalidArgumentError('a number from 0 to 1 is needed.');
  }
  return threshold;
}
