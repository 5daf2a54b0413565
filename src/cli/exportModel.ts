import path from 'node:path';
import type { Command } from 'commander';
import { Option } from 'commander';
import { exportForTriton } from '../node/serve/tritonRepository';
import { encoderFolderOf } from '../node/library/named';
import { wholeNumber } from './numbers';

interface TritonOptions {
  readonly out: string;
  readonly name?: string;
  readonly maxBatch: number;
  readonly instances: 'cpu' | 'gpu';
  readonly instanceCount: number;
}

/** `anamnese export`: a trained model for what serves models. */
export function addExport(program: Command): void {
  program
    .command('export')
    .description('write a trained model for servers of models')
    .command('triton')
    .description('a model of a repository for NVIDIA Triton, or KServe’s open inference protocol')
    .argument('<model>', 'folder of a trained model')
    .requiredOption('--out <dir>', 'the model repository, which may hold other models')
    .option('--name <name>', 'what the server calls it (default: the folder’s name)')
    .option('--max-batch <n>', 'the most texts that the server computes together', wholeNumber(1), 32)
    .addOption(
      new Option('--instances <where>', 'where the server computes').choices(['cpu', 'gpu']).default('cpu'),
    )
    .option('--instance-count <n>', 'copies of the model that compute at once', wholeNumber(1), 1)
    .addHelpText(
      'after',
      '\nExample:\n  anamnese export triton model/ --out repository/ --name clinical\n' +
        '  tritonserver --model-repository repository/\n' +
        '  anamnese predict --model model/ --server http://localhost:8000 --model-name clinical notes/',
    )
    .action(exportTriton);
}

async function exportTriton(model: string, { out, name, ...options }: TritonOptions): Promise<void> {
  const served = name ?? path.basename(path.resolve(model));
  const folder = await exportForTriton(await encoderFolderOf(model), out, { name: served, ...options });
  process.stdout.write(
    `${folder}\n\ntritonserver --model-repository ${out}\n` +
      `anamnese predict --model ${model} --server http://localhost:8000 --model-name ${served} NOTES\n`,
  );
}
