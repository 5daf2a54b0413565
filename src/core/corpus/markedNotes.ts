import type { ReadResult } from './document';
import type { TextFile } from './corpusFile';
import { ProblemList, stem } from './corpusFile';
import { parseMarkedNotes } from './inlineMarkup';

/** A file of notes in the project's inline markup, one document a note; a mark that is wrong is an error. */
export function readMarkedNotes(file: TextFile): ReadResult {
  const problems = new ProblemList(file.name);
  const { notes, problems: found } = parseMarkedNotes(file.text);
  for (const { line, message } of found) problems.error(message, line);
  const documents = notes.map(({ text, spans }, i) => ({
    id: `${stem(file.name)}#${i + 1}`,
    text,
    annotations: spans
      .filter(({ label, start, end }) => label !== '?' && start < end)
      .map(({ label, start, end }) => ({ label, fragments: [{ start, end }] })),
  }));
  return { documents, problems: problems.all };
}
