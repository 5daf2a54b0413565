import type { ReadResult } from './document';
import type { TextFile } from './corpusFile';
import { ProblemList, stem } from './corpusFile';

/** A note without annotations: a `.txt` that no other file speaks of. */
export function readPlainNote(file: TextFile): ReadResult {
  const problems = new ProblemList(file.name);
  problems.inform('a note without annotations');
  return { documents: [{ id: stem(file.name), text: file.text, annotations: [] }], problems: problems.all };
}
