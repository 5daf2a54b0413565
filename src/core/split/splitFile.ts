import { z } from 'zod';
import type { CorpusDocument, Problem } from '../corpus/document';
import type { Sha256, SplitNote } from './notes';
import { noteKey } from './notes';
import type { NoteParts, SplitOptions } from './split';
import { splitMethods } from './split';

const splitSchema = z.object({
  format: z.literal('anamnese-split'),
  version: z.literal(1),
  method: z.enum(splitMethods),
  seed: z.int(),
  ratio: z.array(z.number().positive()).min(2),
  minNotes: z.int().nonnegative(),
  /** Labels that the stratification heeded. */
  labels: z.array(z.string()),
  /** Keys of the notes of each part (`noteKey`), in the order of `ratio`. */
  parts: z.record(z.string(), z.array(z.string().regex(/^[0-9a-f]{16}$/))),
});

/** A split that can be shared without the notes: how it was made and, by their hashes, which note is where. */
export type SplitFile = z.infer<typeof splitSchema>;

/** `train`, `test`; `train`, `validation`, `test`; `fold1`, `fold2` … for folds and `part1` … for other ratios. */
export function partNames(count: number, folds: boolean): string[] {
  if (!folds && count === 2) return ['train', 'test'];
  if (!folds && count === 3) return ['train', 'validation', 'test'];
  return Array.from({ length: count }, (_, i) => `${folds ? 'fold' : 'part'}${i + 1}`);
}

/** Notes must come as `splitNotes` gives them, so that equal splits are equal files. */
export function splitFileOf(
  notes: readonly SplitNote[],
  { parts, stratified }: NoteParts,
  { method, seed, ratio, minNotes }: SplitOptions,
  names: readonly string[],
): SplitFile {
  const keys = names.map((name, part) => {
    const own = notes.filter((_, note) => parts[note] === part);
    return [name, own.map(({ key }) => key)] as const;
  });
  return {
    format: 'anamnese-split',
    version: 1,
    method,
    seed,
    ratio: [...ratio],
    minNotes,
    labels: [...stratified],
    parts: Object.fromEntries(keys),
  };
}

/** Reads a split file's text. @throws Error that names the file and the place that is wrong. */
export function parseSplitFile(json: string, file: string): SplitFile {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    throw new Error(`${file}: not JSON`);
  }
  const parsed = splitSchema.safeParse(value);
  if (!parsed.success) {
    const { path, message } = parsed.error.issues[0]!;
    throw new Error(`${file}: ${path.map((step) => `/${String(step)}`).join('') || '/'}: ${message}`);
  }
  if (Object.keys(parsed.data.parts).length !== parsed.data.ratio.length)
    throw new Error(`${file}: /parts: as many parts as numbers in /ratio are needed`);
  return parsed.data;
}

/** The place of each note in the split's parts, -1 where it is in none, `[notes]`. */
export function partsInFile(split: SplitFile, notes: readonly SplitNote[]): Int32Array {
  const partOf = new Map(
    Object.values(split.parts).flatMap((keys, part) => keys.map((key) => [key, part] as const)),
  );
  return Int32Array.from(notes, ({ key }) => partOf.get(key) ?? -1);
}

/** Documents of one part, in the corpus's order. @throws Error when the split has no part of that name. */
export function documentsOfPart(
  split: SplitFile,
  part: string,
  documents: readonly CorpusDocument[],
  sha256: Sha256,
): CorpusDocument[] {
  const keys = Object.hasOwn(split.parts, part) ? split.parts[part] : undefined;
  if (!keys) throw new Error(`the split has no part ${part}; it has ${Object.keys(split.parts).join(', ')}`);
  const wanted = new Set(keys);
  return documents.filter(({ text }) => wanted.has(noteKey(text, sha256)));
}

/**
 * What is wrong between a split and a corpus: notes in several parts, notes that one has and the other has not,
 * groups torn apart. None means that the split holds for exactly this corpus.
 */
export function checkSplit(split: SplitFile, notes: readonly SplitNote[], file: string): Problem[] {
  const all = Object.values(split.parts).flat();
  const inSplit = new Set(all);
  const inCorpus = new Set(notes.map(({ key }) => key));
  const missing = [...inSplit].filter((key) => !inCorpus.has(key)).length;
  const added = [...inCorpus].filter((key) => !inSplit.has(key)).length;
  const problem = (count: number, what: string): Problem[] =>
    count === 0 ? [] : [{ file, severity: 'error', message: `${count} ${what}` }];
  return [
    ...problem(all.length - inSplit.size, 'notes are more than once in the split'),
    ...problem(missing, 'notes of the split are not in the corpus'),
    ...problem(added, 'notes of the corpus are not in the split'),
    ...problem(tornGroups(split, notes), 'groups of notes are in several parts'),
  ];
}

function tornGroups(split: SplitFile, notes: readonly SplitNote[]): number {
  const parts = partsInFile(split, notes);
  const partOf = new Map<string, number>();
  const torn = new Set<string>();
  for (const [note, { groups }] of notes.entries()) {
    if (parts[note] === -1) continue;
    for (const group of groups) {
      const first = partOf.get(group) ?? parts[note]!;
      partOf.set(group, first);
      if (first !== parts[note]) torn.add(group);
    }
  }
  return torn.size;
}
