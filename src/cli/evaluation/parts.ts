import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { CorpusDocument, Problem } from '../../core/corpus/document';
import { noteKey, splitNotes } from '../../core/split/notes';
import type { SplitFile } from '../../core/split/splitFile';
import { checkSplit, documentsOfPart, parseSplitFile } from '../../core/split/splitFile';
import { sha256 } from '../../node/sha256';

export interface PartOptions {
  readonly split?: string;
  readonly part: string;
  /** By default `validation`, where the split has such a part. */
  readonly validationPart?: string;
}

/** The notes to score and those that thresholds come from: all and none without a split. */
export interface PartNotes {
  readonly scored: readonly CorpusDocument[];
  readonly validation: readonly CorpusDocument[];
  /** How the split was made, where there is one. */
  readonly split?: Pick<SplitFile, 'method' | 'seed' | 'ratio'> & { readonly file: string };
  /** Where split and corpus do not agree. */
  readonly problems: readonly Problem[];
}

/** @throws Error that names the split file when it cannot be used, lacks a part, or notes of one are not at hand */
export async function notesOfParts(
  documents: readonly CorpusDocument[],
  { split: file, part, validationPart }: PartOptions,
): Promise<PartNotes> {
  if (file === undefined) return { scored: documents, validation: [], problems: [] };
  const json = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new Error(`${file}: cannot be read (${error.code ?? error.message})`);
  });
  const split = parseSplitFile(json, file);
  const notesOf = (name: string): CorpusDocument[] => {
    const found = documentsOfPart(split, name, documents, sha256);
    const keys = new Set(found.map(({ text }) => noteKey(text, sha256)));
    const lost = split.parts[name]!.filter((key) => !keys.has(key)).length;
    // A figure for half a test set would look like one for all of it.
    if (lost > 0) throw new Error(`${file}: ${lost} notes of the part ${name} are not in this corpus`);
    return found;
  };
  const from = validationPart ?? (Object.hasOwn(split.parts, 'validation') ? 'validation' : undefined);
  if (from === part && validationPart !== undefined)
    throw new Error(`thresholds cannot come from ${part}, the part that is scored`);
  return {
    scored: notesOf(part),
    split: { file: path.basename(file), method: split.method, seed: split.seed, ratio: split.ratio },
    validation: from === undefined || from === part ? [] : notesOf(from),
    problems: checkSplit(split, splitNotes(documents, sha256), file),
  };
}
