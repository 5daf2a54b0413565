import { readFile } from 'node:fs/promises';
import type { PriceTable } from '../../core/llm/prices';
import { priceTable, SHIPPED_PRICES } from '../../core/llm/prices';

/**
 * The tables that prices are looked up in: a person's own first, where a file is given, then the project's.
 * @throws Error naming the file, and the place in it that is wrong
 */
export async function readPrices(file: string | undefined): Promise<readonly PriceTable[]> {
  if (file === undefined) return [SHIPPED_PRICES];
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new Error(`${file}: cannot be read (${error.code ?? error.message})`);
  });
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new Error(`${file}: not JSON`);
  }
  const { data, error } = priceTable.safeParse(json);
  if (data) return [data, SHIPPED_PRICES];
  const { path: place, message } = error.issues[0]!;
  throw new Error(`${file}: /${place.map(String).join('/')}: ${message}`);
}
