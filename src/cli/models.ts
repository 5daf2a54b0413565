import { statSync } from 'node:fs';
import type { Command } from 'commander';
import { isHubId, findByName } from '../core/library/names';
import { libraryEntries } from '../core/library/library';
import { PUBLISHED_ENCODERS } from '../core/library/published';
import { shownBytes } from '../core/library/transfer';
import { addFolder } from '../node/library/addFolder';
import { readLibrary, removeEncoder } from '../node/library/library';
import { libraryFolder } from '../node/library/place';
import { readTransfers } from '../node/library/transfers';
import { fetchFromHub } from './models/fetchFromHub';
import { modelRows, modelsJson } from './models/table';
import { aligned } from './table';

interface AddOptions {
  readonly revision?: string;
  readonly endpoint?: string;
  readonly json?: boolean;
}

/** `anamnese models`: the encoders of the study and those on this machine, by name. */
export function addModels(program: Command): void {
  const models = program
    .command('models')
    .description('encoders by name: those of the study, and those on this machine')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\nExamples:\n  anamnese models\n  anamnese models add jhu-clsp/mmBERT-base\n' +
        '  anamnese models add ./my-encoder\n  anamnese train corpus/ --encoder mmBERT-base --out model/\n' +
        '\nEncoders are kept in $ANAMNESE_HOME/encoders, else in the folder for a person’s data.',
    )
    .action(list);
  models
    .command('add')
    .description('fetch an encoder from the Hugging Face hub or a mirror, or copy a folder')
    .argument('<id or folder>', 'such as jhu-clsp/mmBERT-base, or the path of a folder')
    .option('--revision <name>', 'branch, tag or commit of the repository (default: main)')
    .option('--endpoint <url>', 'address of a mirror (default: $HF_ENDPOINT, else the hub itself)')
    .option('--json', 'print every event as a line of JSON')
    .addHelpText(
      'after',
      '\nA token, where one is needed, is read from $HF_TOKEN; a proxy from $HTTPS_PROXY, $HTTP_PROXY and $NO_PROXY,' +
        '\nwith name and password as http://name:password@host:port. $NODE_EXTRA_CA_CERTS names a file of further certificates to trust.' +
        '\nA transfer that was cut goes on with the same command.',
    )
    .action((given: string, _options: AddOptions, command: Command) =>
      add(given, command.optsWithGlobals<AddOptions>()),
    );
  models
    .command('remove')
    .description('delete an encoder that was added')
    .argument('<name>', 'its name or whole id')
    .action(remove);
}

async function list({ json }: { readonly json?: boolean }): Promise<void> {
  const library = libraryFolder();
  const entries = libraryEntries(await readLibrary(library), await readTransfers(library));
  if (json)
    return void process.stdout.write(`${JSON.stringify(modelsJson(library, entries), undefined, 2)}\n`);
  process.stdout.write(aligned(modelRows(entries)).join('\n') + '\n');
  for (const { id, added } of entries) if (added?.problem) console.error(`anamnese: ${id}: ${added.problem}`);
}

async function add(given: string, options: AddOptions): Promise<void> {
  const library = libraryFolder();
  if (isFolder(given)) {
    if (options.revision !== undefined || options.endpoint !== undefined)
      throw new Error(`${given}: this is a folder; --revision and --endpoint are for what is fetched`);
    return told(await addFolder(library, given), options);
  }
  const [known] = findByName(PUBLISHED_ENCODERS, given);
  const id = known?.id ?? given;
  if (!isHubId(id))
    throw new Error(`${given}: neither a folder nor an id of a model, which is written owner/name`);
  await fetchFromHub({ id, library, ...options });
}

function told(folder: string, { json }: AddOptions): void {
  process.stdout.write(json ? `${JSON.stringify({ type: 'added', folder })}\n` : `added: ${folder}\n`);
}

async function remove(name: string): Promise<void> {
  const { id, bytes } = await removeEncoder(libraryFolder(), name);
  process.stdout.write(`removed ${id} (${shownBytes(bytes)})\n`);
}

function isFolder(given: string): boolean {
  return statSync(given, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
