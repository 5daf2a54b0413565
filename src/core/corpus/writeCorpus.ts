import type { CorpusDocument, Problem } from './document';
import type { FormatName } from './formats';
import { formatOf } from './formats';
import type { WriteResult } from './written';

/**
 * The files of documents in a format. What the format cannot hold is a problem, named by the document.
 * @throws Error for a format that is only read.
 */
export function writeCorpus(documents: readonly CorpusDocument[], format: FormatName): WriteResult {
  const { write } = formatOf(format);
  if (!write) throw new Error(`${format} is only read`);
  const names = fileNames(documents);
  const renamed: Problem[] = [];
  const written = write(documents, ({ id }) => {
    const name = names.get(id)!;
    if (name !== id) renamed.push({ file: id, severity: 'warning', message: `its file is named ${name}` });
    return name;
  });
  return { files: written.files, problems: [...renamed, ...written.problems] };
}

/** A file name for every document, without ending: its id, made safe for any file system, each its own. */
function fileNames(documents: readonly CorpusDocument[]): Map<string, string> {
  const names = new Map<string, string>();
  const taken = new Set<string>();
  // File systems fold case and composition.
  const fold = (name: string): string => name.normalize('NFC').toLowerCase();
  for (const { id } of documents) {
    const safe = safeName(id);
    let name = safe;
    for (let k = 2; taken.has(fold(name)); k++) name = `${safe}-${k}`;
    taken.add(fold(name));
    names.set(id, name);
  }
  return names;
}

/** Letters, digits, `-`, `_`, `.` and folders; no name that a file system or a shell would take for something else. */
function safeName(id: string): string {
  const parts = id.split('/').map((part) =>
    part
      .replace(/[^\p{L}\p{M}\p{N}._-]/gu, '_')
      .replace(/^\.+|\.+$/g, '_')
      .replace(/^(con|prn|aux|nul|com\d|lpt\d)(?=\.|$)/i, '_$1')
      .slice(0, 120),
  );
  return parts.map((part) => part || '_').join('/');
}
