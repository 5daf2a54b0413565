import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { SEMANTIC_GROUPS } from '../src/core/labels/groups';

/** Words that the generator exchanges or adds. */
export interface Lexicon {
  readonly drugs: readonly string[];
  readonly firstNames: readonly string[];
  readonly abbreviations: readonly (readonly [short: string, long: string])[];
  /** Titles of CID-10 subcategories. */
  readonly titles: readonly string[];
  /** Mentions of one label each. */
  readonly terms: ReadonlyMap<string, readonly string[]>;
}

/**
 * Reads the lexicon beside this file.
 * @throws Error naming the file and the line that is wrong
 */
export async function readLexicon(folder = path.join(__dirname, 'lexicon')): Promise<Lexicon> {
  const terms = await columns(folder, 'terms.tsv', 2);
  const unknown = terms.find(([label]) => !(label! in SEMANTIC_GROUPS));
  if (unknown) throw new Error(`${path.join(folder, 'terms.tsv')}: ${unknown[0]} is no semantic group`);
  return {
    drugs: await words(folder, 'drugs.txt'),
    firstNames: await words(folder, 'names.txt'),
    abbreviations: (await columns(folder, 'abbreviations.tsv', 2)) as [string, string][],
    titles: (await columns(folder, 'cid10-titles.tsv', 2)).map(([, title]) => title!),
    terms: new Map(terms.map(([label, list]) => [label!, list!.split('|')])),
  };
}

async function words(folder: string, file: string): Promise<string[]> {
  return (await lines(folder, file)).flatMap((line) => line.trim().split(/\s+/));
}

async function columns(folder: string, file: string, count: number): Promise<string[][]> {
  return (await lines(folder, file)).map((line, i) => {
    const cells = line.split('\t');
    if (cells.length !== count)
      throw new Error(
        `${path.join(folder, file)}: line ${i + 1} of those that are not empty has ${cells.length} columns, not ${count}`,
      );
    return cells;
  });
}

async function lines(folder: string, file: string): Promise<string[]> {
  const text = await readFile(path.join(folder, file), 'utf8');
  return text.split(/\r?\n/).filter((line) => line.trim() !== '');
}
