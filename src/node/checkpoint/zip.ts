import { open } from 'yauzl';
import type { Entry, ZipFile } from 'yauzl';
import type { RandomAccessFile } from './randomAccessFile';

/** The bytes of an uncompressed entry inside its archive. */
export interface StoredEntry {
  readonly position: number;
  readonly length: number;
}

const localHeaderBytes = 30;

/**
 * The entries of a zip archive whose entries are stored, not compressed, as torch.save stores them: they can be read
 * in place.
 * @throws Error when the archive is damaged or compressed
 */
export async function storedEntries(path: string, file: RandomAccessFile): Promise<Map<string, StoredEntry>> {
  const entries = await listEntries(path);
  return new Map(entries.map((entry) => [entry.fileName, locate(file, entry)]));
}

function listEntries(path: string): Promise<Entry[]> {
  return new Promise((resolve, reject) => {
    open(path, { lazyEntries: false, strictFileNames: true }, (error, zip?: ZipFile) => {
      if (error || !zip)
        return reject(new Error(`is a damaged archive: ${error?.message}; download it again`));
      const entries: Entry[] = [];
      zip.on('entry', (entry: Entry) => entries.push(entry));
      zip.on('error', (reason: Error) => reject(new Error(`is a damaged archive: ${reason.message}`)));
      zip.on('end', () => resolve(entries));
    });
  });
}

function locate(file: RandomAccessFile, entry: Entry): StoredEntry {
  if (entry.compressionMethod !== 0 || entry.isEncrypted()) {
    throw new Error(`has a compressed entry, ${entry.fileName}: PyTorch writes none`);
  }
  const start = entry.relativeOffsetOfLocalHeader;
  const header = new DataView(file.read(start, localHeaderBytes).buffer);
  // The local header's own name and extra field: torch pads the latter to align the data.
  const variable = header.getUint16(26, true) + header.getUint16(28, true);
  return { position: start + localHeaderBytes + variable, length: entry.uncompressedSize };
}
