import { isUtf8 } from 'node:buffer';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { z } from 'zod';
import type { CorpusFile } from '../../core/corpus/corpusFile';
import type { GatheredCorpus } from '../corpusFolder';
import { writeWholeFile } from '../wholeFile';

/**
 * In a plan's folder: the corpus's files as they were when the plan was made, so that every run learns from the same
 * notes whatever is corrected meanwhile. JSON Lines, compressed: `header`, then a `file` a line in the reader's order.
 * It holds the notes' words: its owner alone may read it, no report has any of it, and results are merged without it.
 */
export const SNAPSHOT = 'corpus.jsonl.gz';

const problem = z.object({
  file: z.string(),
  line: z.int().optional(),
  severity: z.enum(['error', 'warning', 'information']),
  message: z.string(),
});
const header = z.object({
  format: z.literal('anamnese-corpus'),
  version: z.literal(1),
  /** What there was to say before any file was read. */
  problems: z.array(problem),
});
/** `base64` of bytes that are no UTF-8. */
const file = z.union([
  z.object({ name: z.string(), text: z.string() }),
  z.object({ name: z.string(), base64: z.string() }),
]);

/** Its owner's alone. */
const OWN = 0o600;
const compress = promisify(gzip);
const decompress = promisify(gunzip);

export const snapshotPath = (folder: string): string => path.join(folder, SNAPSHOT);

/** Whole or not at all; where the folder says nothing of git, what holds notes is kept out of it. */
export async function writeSnapshot(folder: string, { files, problems }: GatheredCorpus): Promise<void> {
  const first: z.infer<typeof header> = { format: 'anamnese-corpus', version: 1, problems: [...problems] };
  const lines = [first, ...files.map(asLine)].map((value) => Buffer.from(`${JSON.stringify(value)}\n`));
  await writeWholeFile(snapshotPath(folder), await compress(Buffer.concat(lines)), OWN);
  const ignore = path.join(folder, '.gitignore');
  if (!existsSync(ignore)) await writeWholeFile(ignore, IGNORED);
}

const IGNORED = `# These hold words of notes.\n/${SNAPSHOT}\n/runs/*/answers.jsonl\n`;

function asLine({ name, bytes }: CorpusFile): z.infer<typeof file> {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return isUtf8(buffer)
    ? { name, text: buffer.toString('utf8') }
    : { name, base64: buffer.toString('base64') };
}

/**
 * The files of a plan's corpus as they were; undefined where the plan has none of them, or they are another person's.
 * @throws Error naming the file, and the line in it, that is damaged
 */
export async function readSnapshot(folder: string): Promise<GatheredCorpus | undefined> {
  const place = snapshotPath(folder);
  const packed = await readFile(place).catch((error: NodeJS.ErrnoException) => {
    if (['ENOENT', 'ENOTDIR', 'EACCES', 'EPERM'].includes(error.code ?? '')) return undefined;
    throw new Error(`${place}: cannot be read (${error.code ?? error.message})`);
  });
  if (!packed) return undefined;
  const bytes = await decompress(packed).catch((error: NodeJS.ErrnoException) => {
    throw new Error(`${place}: damaged (${error.code ?? error.message})`);
  });
  const [first, ...others] = linesOf(bytes);
  const { problems } = parsed(header, first, `${place}:1`);
  const files = others.map((line, i) => asFile(parsed(file, line, `${place}:${i + 2}`)));
  return { files, problems: problems.map(({ line, ...rest }) => ({ ...rest, ...(line && { line }) })) };
}

/** A whole corpus may be longer than a string can be. */
function linesOf(bytes: Buffer): string[] {
  const lines: string[] = [];
  for (let at = 0; at < bytes.length;) {
    const end = bytes.indexOf(0x0a, at);
    const to = end < 0 ? bytes.length : end;
    lines.push(bytes.toString('utf8', at, to));
    at = to + 1;
  }
  return lines;
}

function asFile(line: z.infer<typeof file>): CorpusFile {
  const bytes = 'text' in line ? Buffer.from(line.text, 'utf8') : Buffer.from(line.base64, 'base64');
  return { name: line.name, bytes: new Uint8Array(bytes) };
}

/** @throws Error with the place, and nothing of what stands there */
function parsed<Schema extends z.ZodType>(
  schema: Schema,
  line: string | undefined,
  place: string,
): z.infer<Schema> {
  try {
    return schema.parse(JSON.parse(line ?? ''));
  } catch {
    throw new Error(`${place}: damaged: not what a plan keeps of its corpus`);
  }
}
