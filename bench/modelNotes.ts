import { existsSync } from 'node:fs';
import path from 'node:path';
import type { CorpusDocument } from '../src/core/corpus/document';
import { SEMANTIC_GROUPS } from '../src/core/labels/groups';
import { readCorpusFolder } from '../src/node/corpusFolder';
import type { PartName } from '../training/corpus';
import { readParts } from '../training/corpus';

/** Notes with gold, and what a model's label counts as there. */
export interface GoldNotes {
  readonly title: string;
  readonly documents: readonly CorpusDocument[];
  readonly labels: readonly string[];
  readonly map: (group: string) => readonly string[];
}

const groups = Object.keys(SEMANTIC_GROUPS);
const twelve = { labels: groups, map: (group: string): readonly string[] => [group] };

/** The annotators' four labels of NestedClinBr, and the groups that they cover. */
export const nestedClinBr: Readonly<Record<string, readonly string[]>> = {
  Problema: ['Disorders'],
  Tratamento: ['Chemicals & Drugs', 'Devices', 'Procedures'],
  Teste: ['Procedures', 'Phenomena', 'Physiology'],
  Anatomia: ['Anatomy'],
};
const fourLabels = Object.keys(nestedClinBr);

/** The project's own notes of a part. */
export async function handWrittenNotes(part: PartName): Promise<GoldNotes> {
  const documents = (await readParts())[part];
  return { title: `${documents.length} hand-written notes (${part})`, documents, ...twelve };
}

/** The real notes of the folder `shared`, marked with the twelve groups; undefined where it is not at hand. */
export async function silverNotes(shared: string): Promise<GoldNotes | undefined> {
  const file = path.join(shared, 'data', 'nestedclinbr-groups.jsonl');
  if (!existsSync(file)) return undefined;
  const { documents } = await readCorpusFolder(file, {
    format: 'predictions',
    notes: path.join(shared, 'data', 'nestedclinbr-train'),
  });
  return { title: `${documents.length} real notes, twelve groups (silver)`, documents, ...twelve };
}

/** The same notes with their published human annotation. */
export async function humanNotes(shared: string): Promise<GoldNotes | undefined> {
  const folder = path.join(shared, 'data', 'nestedclinbr-train');
  if (!existsSync(folder)) return undefined;
  const { documents } = await readCorpusFolder(folder, { format: 'brat' });
  const title = `${documents.length} real notes, human gold by mapping`;
  const map = (group: string): string[] => fourLabels.filter((label) => nestedClinBr[label]!.includes(group));
  return { title, documents, labels: fourLabels, map };
}
