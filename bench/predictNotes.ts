import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { MarkedNote } from '../src/core/corpus/inlineMarkup';
import { parseMarkedNotes } from '../src/core/corpus/inlineMarkup';
import { offsetMap } from '../src/core/text/offsets';
import { sha256 } from './sha256';

/** Notes to measure on, with marks to count against. */
export interface NoteSet {
  readonly name: string;
  readonly notes: readonly MarkedNote[];
}

/** Real notes where the folder beside the project has them, else the hand-written ones that no model was trained on. */
export function benchNotes(root: string, shared: string, limit: number): NoteSet {
  const real = path.join(shared, 'data', 'nestedclinbr-groups.jsonl');
  const set = existsSync(real) ? realNotes(real) : handWritten(path.join(root, 'corpus'));
  return { ...set, notes: set.notes.slice(0, limit) };
}

function realNotes(file: string): NoteSet {
  const lines = readFileSync(file, 'utf8').trim().split('\n');
  const notes = lines.map((line): MarkedNote => {
    const { file: name, entities } = JSON.parse(line) as {
      file: string;
      entities: { start: number; end: number; label: string }[];
    };
    const text = readFileSync(path.join(path.dirname(file), 'nestedclinbr-train', name), 'utf8');
    const { toUtf16 } = offsetMap(text);
    return {
      text,
      spans: entities.map(({ start, end, label }) => ({ start: toUtf16(start), end: toUtf16(end), label })),
    };
  });
  return { name: 'real notes of NestedClinBr, twelve groups', notes };
}

function handWritten(corpus: string): NoteSet {
  const folder = path.join(corpus, 'notes');
  const all = readdirSync(folder).flatMap(
    (file) => parseMarkedNotes(readFileSync(path.join(folder, file), 'utf8')).notes,
  );
  const split = path.join(corpus, 'split.json');
  if (!existsSync(split)) return { name: 'hand-written notes', notes: all };
  const test = new Set((JSON.parse(readFileSync(split, 'utf8')) as { test: string[] }).test);
  const notes = all.filter(({ text }) => test.has(sha256(text).slice(0, 12)));
  return { name: 'hand-written notes, test part', notes };
}
