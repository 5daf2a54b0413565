// tsx training/drawSplit.ts: draws corpus/split.json anew. Only ever before a training that begins with the base encoder.
import path from 'node:path';
import { writeWholeFile } from '../src/node/wholeFile';
import { corpusFolder, drawnPart, partKey, partNames, readNotes } from './corpus';

async function main(): Promise<void> {
  const texts = (await readNotes()).map(({ text }) => text);
  const parts = Object.fromEntries(
    partNames.map((part) => [
      part,
      texts
        .filter((text) => drawnPart(text) === part)
        .map(partKey)
        .sort(),
    ]),
  );
  const file = path.join(corpusFolder, 'split.json');
  await writeWholeFile(file, `${JSON.stringify(parts, undefined, 1)}\n`);
  for (const [part, keys] of Object.entries(parts)) console.log(`${part}: ${keys.length} notes`);
}

main().catch((error: Error) => {
  console.error(`training/drawSplit: ${error.message}`);
  process.exitCode = 1;
});
