import type { FileHandle } from 'node:fs/promises';
import { open, readFile } from 'node:fs/promises';
import { z } from 'zod';

/**
 * A line of `answers.jsonl`: an answer that was given, and what it took. It quotes its note, as the corpus does, and
 * holds nothing else of what was sent.
 */
const journalEntry = z.object({
  /** SHA-256 of the request: model, server, prompt and note (`requestKey`). */
  key: z.string(),
  content: z.string(),
  ended: z.enum(['whole', 'cut', 'refused']),
  usage: z.object({ input: z.int(), cachedInput: z.int(), output: z.int(), reasoning: z.int() }),
  /** From sending the request that was answered to its answer. */
  seconds: z.number(),
  /** Requests that it took, those that failed among them. */
  attempts: z.int(),
});
export type JournalEntry = z.infer<typeof journalEntry>;

export interface ReadJournal {
  readonly entries: ReadonlyMap<string, JournalEntry>;
  /** Bytes of the file that hold whole lines. */
  readonly wholeBytes: number;
  /** What is wrong with it, fit for a person. */
  readonly problems: readonly string[];
}

/**
 * Reads a journal as far as it is whole: a process that is killed while it writes leaves half a line, which is dropped
 * with a word. None at all is an empty one.
 * @throws Error naming the file that cannot be read
 */
export async function readJournal(file: string): Promise<ReadJournal> {
  const bytes = await readFile(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return Buffer.alloc(0);
    throw new Error(`${file}: cannot be read (${error.code ?? error.message})`);
  });
  const wholeBytes = bytes.lastIndexOf(0x0a) + 1;
  const entries = new Map<string, JournalEntry>();
  const problems: string[] = [];
  const lines = bytes.subarray(0, wholeBytes).toString('utf8').split('\n').slice(0, -1);
  for (const [i, line] of lines.entries()) {
    const entry = parseLine(line);
    if (entry) entries.set(entry.key, entry);
    else problems.push(`${file}:${i + 1}: no answer can be read: its note is asked about again`);
  }
  if (wholeBytes < bytes.length)
    problems.push(`${file}:${lines.length + 1}: half an answer, left by a process that was ended: dropped`);
  return { entries, wholeBytes, problems };
}

function parseLine(line: string): JournalEntry | undefined {
  try {
    return journalEntry.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}

/** Milliseconds after which what was written is on the disk itself. */
const SYNC_MS = 1000;

/**
 * The answers of a run, so that none is paid for twice: each is the file's before it counts, whatever becomes of this
 * process, and survives the machine's own end after a second. One process writes at a time (the run's lock sees to it).
 */
export class Journal {
  private readonly entries: Map<string, JournalEntry>;
  private waiting: string[] = [];
  private writing: Promise<void> | undefined;
  private unsynced = false;
  private readonly timer = setInterval(() => void this.sync().catch(() => undefined), SYNC_MS).unref();

  private constructor(
    private readonly file: string,
    private readonly handle: FileHandle,
    read: ReadJournal,
  ) {
    this.entries = new Map(read.entries);
    this.problems = read.problems;
  }

  /** What was wrong with what was there. */
  readonly problems: readonly string[];

  /** @throws Error naming the file that cannot be read or written */
  static async open(file: string): Promise<Journal> {
    const read = await readJournal(file);
    const handle = await open(file, 'a', 0o600).catch((error: NodeJS.ErrnoException) => {
      throw new Error(`${file}: cannot be written (${error.code ?? error.message})`);
    });
    // What is appended must not go on half a line.
    await handle.truncate(read.wholeBytes);
    return new Journal(file, handle, read);
  }

  get(key: string): JournalEntry | undefined {
    return this.entries.get(key);
  }

  /** Resolves once the answer is in the file. Answers that come while others are written are written together. */
  async add(entry: JournalEntry): Promise<void> {
    this.entries.set(entry.key, entry);
    this.waiting.push(JSON.stringify(entry) + '\n');
    const before = this.writing;
    if (before) await before;
    // Whoever waited with this one may have written it.
    this.writing ??= this.writeWaiting().finally(() => (this.writing = undefined));
    await this.writing;
  }

  private async writeWaiting(): Promise<void> {
    const lines = this.waiting.splice(0).join('');
    if (lines === '') return;
    try {
      await this.handle.appendFile(lines);
      this.unsynced = true;
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      throw new Error(`${this.file}: cannot be written (${code ?? message})`, { cause: error });
    }
  }

  async close(): Promise<void> {
    clearInterval(this.timer);
    await this.writing?.catch(() => undefined);
    try {
      await this.sync();
    } finally {
      await this.handle.close();
    }
  }

  private async sync(): Promise<void> {
    if (!this.unsynced) return;
    this.unsynced = false;
    await this.handle.datasync();
  }
}
