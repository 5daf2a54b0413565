import type { CorpusDocument, Problem, ReadResult } from './document';
import type { Companions, CorpusFile, TextFile } from './corpusFile';
import { decodeFile } from './corpusFile';
import { detectFormat } from './detectFormat';
import type { FormatName } from './formats';
import { formatOf } from './formats';

/** What is said of a file that is none of a corpus. */
export const LEFT_OUT = 'no corpus file: left out';

/** Files that accompany a corpus and are no part of it. */
export const aside = /(^|\/)((readme|license|licence|changelog)[^/]*|[^/]*\.(conf|md|py|sha256|csv))$/i;

export interface ReadOptions {
  /** One format for every file; by default each file's own is told by its name and content. */
  readonly format?: FormatName | undefined;
  /** Notes that predictions may speak of; they are no documents of the corpus by themselves. */
  readonly notes?: readonly CorpusFile[] | undefined;
}

/**
 * Reads the files of a corpus, each in its own format or all in one that is named. A `.txt` that belongs to an `.ann`
 * or a prediction is read with it, any other is a note of its own. Documents come in the order of the files, with ids
 * that are unique among them.
 */
export function readCorpus(files: readonly CorpusFile[], options: ReadOptions = {}): ReadResult {
  const problems: Problem[] = [];
  const texts = decodeAll(files, problems);
  const notes = new NoteIndex([...texts, ...decodeAll(options.notes ?? [], problems)]);
  const { format } = options;
  const documents: CorpusDocument[] = [];
  const take = (file: TextFile, name: FormatName): void => {
    const result = formatOf(name).read(file, notes);
    for (const document of result.documents) documents.push(document);
    for (const problem of result.problems) problems.push(problem);
  };
  const open: TextFile[] = [];
  for (const file of texts) {
    const found = format === 'brat' && !/\.ann$/i.test(file.name) ? 'plain' : (format ?? detectFormat(file));
    if (found === 'plain') open.push(file);
    else if (found) take(file, found);
    else if (!aside.test(file.name))
      problems.push({ file: file.name, severity: 'warning', message: LEFT_OUT });
  }
  for (const file of open) if (!notes.used.has(file.name) && !aside.test(file.name)) take(file, 'plain');
  return { documents: withUniqueIds(documents), problems };
}

function decodeAll(files: readonly CorpusFile[], problems: Problem[]): TextFile[] {
  return files.flatMap((file) => {
    const { file: text, problems: found } = decodeFile(file);
    problems.push(...found);
    return text ? [text] : [];
  });
}

/** The files by name, and by the ends of their names. */
class NoteIndex implements Companions {
  readonly used = new Set<string>();
  private readonly byName: Map<string, TextFile>;
  private byBase: Map<string, TextFile[]> | undefined;

  constructor(private readonly files: readonly TextFile[]) {
    // The corpus's own files come first and win over notes of the same name.
    this.byName = new Map([...files].reverse().map((file) => [file.name, file]));
  }

  file(name: string): TextFile | undefined {
    const file = this.byName.get(name);
    if (file) this.used.add(name);
    return file;
  }

  note(name: string): TextFile | undefined {
    const parts = name
      .replaceAll('\\', '/')
      .split('/')
      .filter((part) => part !== '' && part !== '.');
    const same = this.bases().get(parts.at(-1) ?? '') ?? [];
    const ranked = same
      .map((file) => ({ file, shared: sharedEnd(file.name.split('/'), parts) }))
      .sort((a, b) => b.shared - a.shared);
    const [best, second] = ranked;
    // Two notes that fit equally well are no answer, unless one of them is the name itself.
    if (!best || (second?.shared === best.shared && !this.byName.has(name))) return undefined;
    return this.file(this.byName.has(name) ? name : best.file.name);
  }

  private bases(): Map<string, TextFile[]> {
    if (this.byBase) return this.byBase;
    this.byBase = new Map();
    for (const file of this.files) {
      const base = file.name.split('/').at(-1)!;
      const same = this.byBase.get(base);
      if (same) same.push(file);
      else this.byBase.set(base, [file]);
    }
    return this.byBase;
  }
}

function sharedEnd(a: readonly string[], b: readonly string[]): number {
  let shared = 0;
  while (shared < Math.min(a.length, b.length) && a.at(-1 - shared) === b.at(-1 - shared)) shared++;
  return shared;
}

/** A document whose id another one has too gets a number behind it, in order. */
function withUniqueIds(documents: readonly CorpusDocument[]): CorpusDocument[] {
  const given = new Set(documents.map(({ id }) => id));
  const taken = new Set<string>();
  const counts = new Map<string, number>();
  return documents.map((document) => {
    let { id } = document;
    while (taken.has(id)) {
      const next = (counts.get(document.id) ?? 1) + 1;
      counts.set(document.id, next);
      const candidate = `${document.id}~${next}`;
      if (!given.has(candidate)) id = candidate;
    }
    taken.add(id);
    return id === document.id ? document : { ...document, id };
  });
}
