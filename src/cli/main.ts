import { Command } from 'commander';
import { version } from '../../package.json';
import { addPredict } from './predict';

const program = new Command('anamnese')
  .description('Clinical named entity recognition in Portuguese, on your own machine')
  .version(version)
  .showHelpAfterError('(anamnese --help shows what can be asked)');

addPredict(program);

program.parseAsync().catch((error: unknown) => {
  console.error(`anamnese: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
});
