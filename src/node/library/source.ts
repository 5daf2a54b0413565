import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';

/** Where an added encoder comes from: `anamnese-source.json` in its folder. */
const encoderSource = z.object({
  id: z.string(),
  /** Address of the hub or mirror; none of a folder. */
  endpoint: z.string().optional(),
  /** As it was asked for. */
  revision: z.string().optional(),
  /** What the revision named then. */
  commit: z.string().optional(),
  licence: z.string().optional(),
  files: z.array(
    z.object({ path: z.string(), bytes: z.int().nonnegative(), checksum: z.string().optional() }),
  ),
});

export type EncoderSource = z.infer<typeof encoderSource>;

export const SOURCE_FILE = 'anamnese-source.json';

/** Undefined where a folder has none that can be read: it is none of the library's. */
export async function readSource(folder: string): Promise<EncoderSource | undefined> {
  try {
    return encoderSource.parse(JSON.parse(await readFile(path.join(folder, SOURCE_FILE), 'utf8')));
  } catch {
    return undefined;
  }
}
