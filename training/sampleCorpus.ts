import path from 'node:path';
import { writeCorpus } from '../src/core/corpus/writeCorpus';
import { makeFolder, writeWholeFile } from '../src/node/wholeFile';
import { readParts } from './corpus';

/** Short notes, so that a comparison of strategies on them ends within minutes on a laptop. */
const NOTES = 40;

const folder = path.join(__dirname, '..', 'samples', 'notes', 'corpus');

/**
 * `npm run make:sample`: the shortest of the invented notes that the default model was never shown, as a BRAT corpus
 * beside the sample notes. What that model scores on them is therefore an honest figure.
 */
async function makeSample(): Promise<void> {
  const { test } = await readParts();
  const short = [...test].sort((a, b) => a.text.length - b.text.length).slice(0, NOTES);
  const named = short
    .sort((a, b) => (a.id < b.id ? -1 : 1))
    .map((note, i) => ({ ...note, id: `nota-${String(i + 1).padStart(2, '0')}` }));
  const { files, problems } = writeCorpus(named, 'brat');
  if (problems.length > 0)
    throw new Error(problems.map(({ file, message }) => `${file}: ${message}`).join('\n'));
  await makeFolder(folder);
  for (const { name, text } of files) await writeWholeFile(path.join(folder, name), text);
}

void makeSample();
