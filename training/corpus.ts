import path from 'node:path';
import { z } from 'zod';
import type { CorpusDocument } from '../src/core/corpus/document';
import { readCorpusFolder } from '../src/node/corpusFolder';
import { sha256 } from '../src/node/sha256';
import type { SourceNote } from './generator';
import { readJson } from './jsonFiles';

/** The project's notes and their split. */
export const corpusFolder = path.join(__dirname, '..', 'corpus');

export const partNames = ['train', 'validation', 'test'] as const;
export type PartName = (typeof partNames)[number];
export type Parts = Readonly<Record<PartName, readonly CorpusDocument[]>>;

const keys = z.array(z.string().regex(/^[0-9a-f]{12}$/));
const splitSchema = z.object({ train: keys, validation: keys, test: keys });

/** What a note is known by in corpus/split.json: the first twelve digits of the SHA-256 of its text. */
export function partKey(text: string): string {
  return sha256(text).slice(0, 12);
}

/** The part that a note falls into by its hash alone: 8 % validation, 8 % test. */
export function drawnPart(text: string): PartName {
  const bucket = Number.parseInt(partKey(text).slice(0, 8), 16) % 100;
  if (bucket < 8) return 'validation';
  return bucket < 16 ? 'test' : 'train';
}

/**
 * The hand-written notes, each text once.
 * @throws Error naming the file and line of the first mark that is wrong
 */
export async function readNotes(folder = corpusFolder): Promise<CorpusDocument[]> {
  const { documents, problems } = await readCorpusFolder(path.join(folder, 'notes'), { format: 'markup' });
  const wrong = problems.find(({ severity }) => severity === 'error');
  if (wrong)
    throw new Error(`${path.join(folder, 'notes', wrong.file)}:${wrong.line ?? 1}: ${wrong.message}`);
  return [...new Map(documents.toReversed().map((document) => [document.text, document])).values()].reverse();
}

/**
 * The notes by the parts of corpus/split.json. Notes that it does not know are trained on, so that a mended note never
 * slips into the others.
 * @throws Error naming the file that cannot be used
 */
export async function readParts(folder = corpusFolder): Promise<Parts> {
  const split = await readJson(path.join(folder, 'split.json'), splitSchema);
  const partOf = new Map(partNames.flatMap((part) => split[part].map((key) => [key, part] as const)));
  const parts = { train: [], validation: [], test: [] } as Record<PartName, CorpusDocument[]>;
  for (const note of await readNotes(folder)) parts[partOf.get(partKey(note.text)) ?? 'train'].push(note);
  return parts;
}

/** A document as the generator takes it. */
export function sourceNote({ id, text, annotations }: CorpusDocument): SourceNote {
  return {
    id,
    text,
    spans: annotations.flatMap(({ label, fragments }) =>
      fragments.map(({ start, end }) => ({ label, start, end })),
    ),
  };
}
