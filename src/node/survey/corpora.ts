import { open } from 'node:fs/promises';
import path from 'node:path';
import { looksLikeConll, recordFormat } from '../../core/corpus/detectFormat';
import type { Problem, ReadResult } from '../../core/corpus/document';
import { LEFT_OUT } from '../../core/corpus/readCorpus';
import type { FoundCorpus } from '../../core/experiments/survey';
import { readCorpusFolder } from '../corpusFolder';
import { corpusHash } from '../experiments/planCorpus';
import type { WalkedFolder } from './walk';
import { walk } from './walk';

/**
 * The corpora in some folders and below, told by their content. A folder that holds standoff files or marked texts is one
 * with all that lies below it, the folder around them where there are many such (one a patient, say); a file of records
 * or of tagged tokens elsewhere is one by itself.
 */
export async function findCorpora(
  folders: readonly string[],
  skip: readonly string[],
): Promise<FoundCorpus[]> {
  const places = new Map<string, Place>();
  for (const root of folders)
    for (const place of await placesBelow(root, skip)) places.set(place.path, place);
  const found: FoundCorpus[] = [];
  for (const place of places.values()) found.push(await describe(place));
  return found.filter(({ annotated, problems }) => annotated > 0 || problems.length > 0);
}

/** Folders of annotations that a person would want to choose among. */
const MOST_LISTED = 4;

interface Place {
  readonly path: string;
  /** That problems are told in. */
  readonly base: string;
}

async function placesBelow(root: string, skip: readonly string[]): Promise<Place[]> {
  const corpora: string[] = [];
  const files: string[] = [];
  for await (const walked of walk(root, skip)) {
    const { folder, kind } = walked;
    if (kind !== 'other') continue;
    const within = corpora.some((corpus) => folder.startsWith(corpus + path.sep));
    if (await isStandoff(walked)) corpora.push(folder);
    else if (!within) files.push(...(await recordFiles(walked)));
  }
  return [
    ...(corpora.length > MOST_LISTED ? [folderAround(corpora)] : corpora).map((folder) => ({
      path: folder,
      base: folder,
    })),
    ...files.map((file) => ({ path: file, base: path.dirname(file) })),
  ];
}

/** The nearest folder that holds them all. */
function folderAround(folders: readonly string[]): string {
  return folders.reduce((around, folder) => {
    let common = around;
    while (common !== folder && !folder.startsWith(common + path.sep)) common = path.dirname(common);
    return common;
  });
}

/** Texts that are looked into, where nothing else in their folder tells what they are. */
const TEXTS_TRIED = 8;

async function isStandoff({ folder, files }: WalkedFolder): Promise<boolean> {
  if (files.some((name) => /\.ann$/i.test(name))) return true;
  for (const name of files.filter((name) => /\.xml$/i.test(name)).slice(0, TEXTS_TRIED))
    if (/^(<\?xml[^>]*>\s*)?<\w+[^>]*>\s*<TEXT/i.test(await beginning(path.join(folder, name)))) return true;
  for (const name of files.filter((name) => /\.txt$/i.test(name)).slice(0, TEXTS_TRIED))
    if (/⟦[A-Z]{3} /.test(await beginning(path.join(folder, name)))) return true;
  return false;
}

async function recordFiles({ folder, files }: WalkedFolder): Promise<string[]> {
  const found: string[] = [];
  for (const name of files) {
    const file = path.join(folder, name);
    if (/\.(jsonl?|ndjson)$/i.test(name) ? await holdsRecords(file) : await holdsTags(file, name))
      found.push(file);
  }
  return found;
}

/** Predictions are records too, but nobody annotated them. */
async function holdsRecords(file: string): Promise<boolean> {
  // A list of records cannot be cut out by lines, as lines of records can.
  const text = await beginning(file, /\.json$/i.test(file) ? LONGEST_LIST : BEGINNING);
  const whole = /\.json$/i.test(file) ? text.length : text.lastIndexOf('\n');
  const format = recordFormat(whole > 0 ? text.slice(0, whole) : text);
  return format !== undefined && format !== 'predictions';
}

async function holdsTags(file: string, name: string): Promise<boolean> {
  return /\.(conll\w*|iob[12]?|bio|bioes|bmes|tsv)$/i.test(name) && looksLikeConll(await beginning(file));
}

/** Bytes that are looked at: room for a few notes. */
const BEGINNING = 2 ** 16;
const LONGEST_LIST = 2 ** 26;

async function beginning(file: string, bytes = BEGINNING): Promise<string> {
  const handle = await open(file).catch(() => undefined);
  if (!handle) return '';
  try {
    const length = Math.min(bytes, (await handle.stat()).size);
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, 0);
    return buffer
      .toString('utf8', 0, bytesRead)
      .replace(/^\ufeff/, '')
      .trimStart();
  } catch {
    return '';
  } finally {
    await handle.close();
  }
}

async function describe({ path: place, base }: Place): Promise<FoundCorpus> {
  const { documents, problems } = await readCorpusFolder(place).catch((error: Error): ReadResult => ({
    documents: [],
    problems: [{ file: path.relative(base, place), severity: 'error', message: error.message }],
  }));
  const annotations = documents.flatMap((document) => document.annotations);
  return {
    path: place,
    notes: documents.length,
    annotated: documents.filter((document) => document.annotations.length > 0).length,
    entities: annotations.length,
    characters: documents.reduce((sum, { text }) => sum + text.length, 0),
    labels: [...new Set(annotations.map(({ label }) => label))].sort(),
    sha256: corpusHash(documents),
    problems: problems
      .filter(({ message, severity }) => message !== LEFT_OUT && severity !== 'information')
      .map((problem): Problem => ({ ...problem, file: path.join(base, problem.file) })),
  };
}
