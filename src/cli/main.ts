#!/usr/bin/env node
import { Command } from 'commander';
import { version } from '../../package.json';
import { addCompare } from './compare';
import { addConvert } from './convert';
import { addCorpus } from './corpus';
import { addEvaluate } from './evaluate';
import { addExport } from './exportModel';
import { addImbalance } from './imbalance';
import { addModels } from './models';
import { addPredict } from './predict';
import { addPretrain } from './pretrain';
import { addReport } from './report';
import { addPredictionTasks } from './slurm/predictPart';
import { addSplit } from './split';
import { addTrain } from './train';

const program = new Command('anamnese')
  .description('Clinical named entity recognition in Portuguese, on your own machine')
  .version(version)
  .configureOutput({ outputError: (message, write) => write(usageLine(message)) });

addPredict(program);
addConvert(program);
addCorpus(program);
addSplit(program);
addImbalance(program);
addEvaluate(program);
addCompare(program);
addReport(program);
addTrain(program);
addPretrain(program);
addModels(program);
addExport(program);
addPredictionTasks(program);

process.stdout.on('error', ({ code, message }: NodeJS.ErrnoException) => {
  // Whoever reads a pipe may have seen enough: as other filters do, this one then stops without a word.
  if (code === 'EPIPE') process.exit(141);
  console.error(`anamnese: standard output: cannot be written (${code ?? message})`);
  process.exit(1);
});

/** What is wrong with a call in one line, as all else that goes wrong: the package has `error:` and a line for a guess. */
function usageLine(message: string): string {
  const said = message
    .trim()
    .replace(/^error: /, '')
    .replace(/\s*\n\s*/g, ' ');
  return `anamnese: ${said} (anamnese --help shows what can be asked)\n`;
}

program.parseAsync().catch((error: unknown) => {
  console.error(`anamnese: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
});
