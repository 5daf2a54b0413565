import { readFile, stat } from 'node:fs/promises';

/** What is said of a path that would keep its reader waiting, or never end. */
export const NOT_A_FILE = 'a pipe, a socket or a device, where a regular file is needed';

/**
 * A file's bytes; a link is followed.
 * @throws Error that says, without the file's name, why it cannot be read
 */
export async function readRegularFile(file: string): Promise<Buffer> {
  const unreadable = ({ code, message }: NodeJS.ErrnoException): never => {
    throw new Error(`cannot be read (${code ?? message})`);
  };
  const found = await stat(file).catch(unreadable);
  if (!found.isFile() && !found.isDirectory()) throw new Error(NOT_A_FILE);
  return readFile(file).catch(unreadable);
}
