import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { AnnotatedNote } from '../core/export/formats';
import { toBrat, toCsv, toJsonl } from '../core/export/formats';
import { makeFolder, writeWholeFile } from '../node/wholeFile';
import { PLAIN, renderNote } from './render';
import { countOf } from './table';

export const formats = ['text', 'jsonl', 'brat', 'csv'] as const;
export type Format = (typeof formats)[number];

/** A note with its place below the folder it was found in, which its files below `--out` keep. */
export interface OutputNote extends AnnotatedNote {
  readonly relative: string;
}

/** Takes notes in order; `finish` writes files that gather many notes, and says what was written into a folder. */
export interface Output {
  write(note: OutputNote): Promise<void>;
  finish(): Promise<void>;
}

/**
 * Where results go: the terminal, or files in a folder (`predictions.jsonl`, `entities.csv`, `entities.txt`, or for
 * BRAT an `.ann` beside a copy of each note). Files are written atomically.
 * @throws Error when BRAT is asked of several notes without a folder, or where the folder cannot be made.
 */
export async function openOutput(
  format: Format,
  folder: string | undefined,
  notes: number,
  model: string,
): Promise<Output> {
  if (folder === undefined) return outputOf(format, folder, notes, model);
  await makeFolder(folder);
  return told(outputOf(format, folder, notes, model), `${folder} as ${format}`);
}

function outputOf(format: Format, folder: string | undefined, notes: number, model: string): Output {
  if (format === 'brat') {
    if (folder === undefined && notes > 1)
      throw new Error('--format brat writes a file a note: give --out DIR');
    return folder === undefined ? eachToTerminal(toBrat) : bratFolder(folder);
  }
  if (format === 'csv') return gathered(folder, 'entities.csv', toCsv);
  const line = (note: AnnotatedNote): string => toJsonl(note, model);
  if (folder === undefined) return eachToTerminal(format === 'jsonl' ? line : (note) => renderNote(note));
  if (format === 'jsonl') return gathered(folder, 'predictions.jsonl', (all) => all.map(line).join(''));
  return gathered(folder, 'entities.txt', (all) => all.map((note) => renderNote(note, PLAIN)).join(''));
}

/** Says on standard error, once it is done, what an output took. */
function told(output: Output, where: string): Output {
  let [notes, entities] = [0, 0];
  return {
    write: async (note) => {
      await output.write(note);
      notes++;
      entities += note.entities.length;
    },
    finish: async () => {
      await output.finish();
      const found = entities === 1 ? '1 entity' : `${entities} entities`;
      console.error(`anamnese: ${countOf(notes, 'note')} with ${found} written to ${where}`);
    },
  };
}

function eachToTerminal(render: (note: AnnotatedNote) => string): Output {
  return {
    write: async (note) => void process.stdout.write(render(note)),
    finish: async () => undefined,
  };
}

function gathered(
  folder: string | undefined,
  file: string,
  render: (notes: AnnotatedNote[]) => string,
): Output {
  const notes: AnnotatedNote[] = [];
  return {
    write: async (note) => void notes.push(note),
    finish: async () => {
      if (folder === undefined) return void process.stdout.write(render(notes));
      await writeWholeFile(path.join(folder, file), render(notes));
    },
  };
}

/**
 * The copy of a note beside its `.ann` is UTF-8, as BRAT reads it. It never takes the place of another text: that
 * could be a note itself.
 */
function bratFolder(folder: string): Output {
  const written = new Set<string>();
  return {
    write: async (note) => {
      const target = path.join(folder, note.relative.replace(/\.txt$/i, ''));
      if (written.has(target))
        throw new Error(`${note.file}: another note is already written to ${target}.ann`);
      written.add(target);
      await makeFolder(path.dirname(target));
      const there = await readFile(`${target}.txt`).catch(() => undefined);
      if (there && !there.equals(Buffer.from(note.text)))
        throw new Error(
          `${note.file}: ${target}.txt is there already and differs: choose another folder for --out`,
        );
      if (!there) await writeWholeFile(`${target}.txt`, note.text);
      await writeWholeFile(`${target}.ann`, toBrat(note));
    },
    finish: async () => undefined,
  };
}
