import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { writeWholeFile } from '../src/node/wholeFile';
import { z } from 'zod';

/** Reads a JSON file of a known form. @throws Error naming the file and the key that is wrong */
export async function readJson<T>(file: string, schema: z.ZodType<T>): Promise<T> {
  const parsed = schema.safeParse(await parseJson(file));
  if (parsed.success) return parsed.data;
  throw new Error(`${file}: ${z.prettifyError(parsed.error).replaceAll(/\s*\n\s*/g, ' ')}`);
}

/** Indented JSON, whole or not at all. */
export async function writeJson(folder: string, file: string, content: object): Promise<void> {
  await writeWholeFile(path.join(folder, file), `${JSON.stringify(content, undefined, 2)}\n`);
}

async function parseJson(file: string): Promise<unknown> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new Error(`${file}: cannot be read (${error.code ?? error.message})`);
  });
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new Error(`${file}: is not JSON (${(error as Error).message})`);
  }
}
