import { readFile } from 'node:fs/promises';
import type { z } from 'zod';
import { firstProblem } from '../../core/train/settings/settings';

/** Reads a JSON file of hyper-parameters. @throws Error naming the file, the parameter and what is wrong with it */
export async function readSettings<T>(file: string, schema: z.ZodType<T>): Promise<T> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new Error(`${file}: cannot be read (${error.code ?? error.message})`);
  });
  const parsed = schema.safeParse(parseJson(file, text.replace(/^\uFEFF/, '')));
  if (parsed.success) return parsed.data;
  throw new Error(`${file}: ${firstProblem(parsed.error)}`);
}

function parseJson(file: string, text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new Error(`${file}: is not JSON (${(error as Error).message})`);
  }
}
