import { fromBuffer } from 'yauzl';
import type { Entry, ZipFile } from 'yauzl';

/**
 * One file of a wheel, which is a zip archive, in memory.
 * @throws Error when the archive is damaged or has no such file
 */
export function readFromWheel(wheel: Uint8Array, name: string): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const damaged = (error: Error | null): void =>
      reject(new Error(`the wheel is a damaged archive: ${error?.message ?? 'unreadable'}`));
    fromBuffer(Buffer.from(wheel), { lazyEntries: true }, (error, zip?: ZipFile) => {
      if (error || !zip) return damaged(error);
      zip.on('error', damaged);
      zip.on('end', () => reject(new Error(`the wheel has no file ${name}`)));
      zip.on('entry', (entry: Entry) => {
        if (entry.fileName !== name) return zip.readEntry();
        void contents(zip, entry).then(resolve, damaged);
      });
      zip.readEntry();
    });
  });
}

async function contents(zip: ZipFile, entry: Entry): Promise<Uint8Array> {
  const stream = await new Promise<NodeJS.ReadableStream>((resolve, reject) =>
    zip.openReadStream(entry, (error, opened) => (error || !opened ? reject(error) : resolve(opened))),
  );
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
