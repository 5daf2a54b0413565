import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { decodeFile } from '../../core/corpus/corpusFile';
import { jsonRecords } from '../../core/corpus/jsonRecords';
import { planFile } from '../../core/experiments/plan';
import { RUN_FILES } from '../../core/experiments/runFiles';
import { corpusFileNames } from '../corpusFolder';
import { corpusPath } from './readPlan';
import { readJson, readPredictions } from './readRun';

/** Where a note stands: a text file of its own, or a record in a file, at a line from 1. */
export interface NotePlace {
  readonly file: string;
  /** Undefined where the file is the note, so that offsets in the note are offsets in the file. */
  readonly line?: number;
}

/** Finds the note of an id, as the corpus's readers name notes; undefined where it is gone. */
export async function locateNote(planFolder: string, id: string): Promise<NotePlace | undefined> {
  const plan = await readJson(path.join(planFolder, 'plan.json'), planFile);
  const corpus = corpusPath(planFolder, plan);
  const folder = (await isFolder(corpus)) ? corpus : path.dirname(corpus);
  for (const name of [`${id}.txt`, `${id}.TXT`, id]) {
    const file = path.join(folder, name);
    if (/\.txt$/i.test(file) && (await isFile(file))) return { file };
  }
  for (const name of await corpusFileNames(corpus)) {
    const line = await lineInFile(path.join(folder, name), name, id);
    if (line !== undefined) return { file: path.join(folder, name), line };
  }
  return undefined;
}

/** The hash of a note's text (`noteKey`), as a run on the note's plan names it; undefined where the run has no such note. */
export async function keyOfNote(planFolder: string, run: string, id: string): Promise<string | undefined> {
  const file = path.join(planFolder, 'runs', run, RUN_FILES.predictions);
  return (await readPredictions(file)).find(({ note }) => note === id)?.key;
}

/** The line of a record in a JSON file; 1 of a file of another kind that the id names. */
async function lineInFile(file: string, name: string, id: string): Promise<number | undefined> {
  if (!/\.jsonl?$/i.test(name)) return id === name || id.startsWith(`${name}#`) ? 1 : undefined;
  const bytes = await readFile(file).catch(() => undefined);
  const text = bytes && decodeFile({ name, bytes: new Uint8Array(bytes) }).file?.text;
  if (text === undefined) return undefined;
  // An id that several notes share has a number behind it.
  const [bare, repeat] = id.split(/~(?=\d+$)/) as [string, string | undefined];
  const named = jsonRecords(text, isRecord).filter(({ value, key }, i) => {
    const own = (value as { id?: unknown } | undefined)?.id;
    const known = typeof own === 'string' && own !== '' ? own : (key ?? `${name}#${i + 1}`);
    return known === id || known === bare;
  });
  return named[Number(repeat ?? 1) - 1]?.line ?? named[0]?.line;
}

function isRecord(value: object): boolean {
  return 'text' in value || 'data' in value || 'content' in value;
}

async function isFolder(place: string): Promise<boolean> {
  return (await stat(place).catch(() => undefined))?.isDirectory() ?? false;
}

async function isFile(place: string): Promise<boolean> {
  return (await stat(place).catch(() => undefined))?.isFile() ?? false;
}
