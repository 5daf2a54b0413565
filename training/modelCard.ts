// tsx training/modelCard.ts MODEL [SHARED]: writes the card of a model anew, its figures computed on the spot.
import path from 'node:path';
import { writeWholeFile } from '../src/node/wholeFile';
import type { GoldNotes } from '../bench/modelNotes';
import { handWrittenNotes, humanNotes, nestedClinBr, silverNotes } from '../bench/modelNotes';
import { scoreNotes } from '../bench/modelScores';
import type { Predictor } from '../src/core/predict/predictor';
import { openModel } from '../src/node/model';
import { cardText, corpusFacts } from './cardText';
import { groupsTable } from './groupsTable';
import type { Column } from './groupsTable';
import { readParts } from './corpus';

/**
 * Writes README.md into a model's folder: origin, data, figures, limits.
 * @param shared a folder with real notes that are not the project's own; their figures are left out where it is not there
 */
export async function writeModelCard(folder: string, shared: string): Promise<void> {
  const model = await openModel(folder, { device: 'cpu', precision: 'int8', onNotice: console.error });
  const figures = await figuresOf(model.predictor, shared);
  await model.dispose();
  await writeWholeFile(path.join(folder, 'README.md'), cardText(corpusFacts(await readParts()), figures));
}

async function figuresOf(predictor: Predictor, shared: string): Promise<string> {
  const column = async (title: string, notes: GoldNotes): Promise<Column> => ({
    title: `${title}, ${notes.documents.length} notes`,
    counts: (await scoreNotes(notes, predictor)).counts,
  });
  const [silver, human] = [await silverNotes(shared), await humanNotes(shared)];
  const columns = [
    await column('validation, invented', await handWrittenNotes('validation')),
    await column('test, invented', await handWrittenNotes('test')),
    ...(silver ? [await column('development, real', silver)] : []),
  ];
  const commands = ['npm run bench:model -- --part validation', 'npm run bench:model'];
  return [
    groupsTable(columns),
    `Printed, for the eight-bit arithmetic of the CPU, by\n\`\`\`\n${commands.join('\n')}\n\`\`\``,
    ...(silver ? [aboutSilver] : []),
    ...(human ? [aboutHuman, groupsTable([await column('human gold', human)])] : []),
  ].join('\n\n');
}

const aboutSilver = `The real notes are the 100 cardiology notes of the public NestedClinBr training set, marked with the
twelve groups after the same guide (not by their authors); they served to compare recipes, never to train, so that their
figures are slightly favourable.`;

const unions = Object.entries(nestedClinBr).map(([label, groups]) => `${label} = ${groups.join(' + ')}`);
const aboutHuman = `The same notes against their published human annotation; each of its labels is compared with a union of
groups (${unions.join('; ')}), which covers more than the label does, so that precision is low by construction:`;

async function main([folder, shared]: readonly string[]): Promise<void> {
  if (folder === undefined) throw new Error('say which: tsx training/modelCard.ts MODEL [SHARED]');
  await writeModelCard(folder, shared ?? path.join(__dirname, '..', '..', 'shared'));
  console.log(`${path.join(folder, 'README.md')} is written`);
}

if (require.main === module) {
  main(process.argv.slice(2)).catch((error: Error) => {
    console.error(`training/modelCard: ${error.message}`);
    process.exitCode = 1;
  });
}
