import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { basename } from 'node:path';
import { EncoderError } from '../../core/encoder/encoderError';

/** An open file that is read in pieces, synchronously: checkpoints are read where blocking is allowed. */
export class RandomAccessFile {
  private constructor(
    /** The name without folders, for messages. */
    readonly name: string,
    readonly size: number,
    private readonly descriptor: number,
  ) {}

  /** @throws EncoderError when the file cannot be opened */
  static open(path: string): RandomAccessFile {
    const name = basename(path);
    try {
      const descriptor = openSync(path, 'r');
      const stat = fstatSync(descriptor);
      if (stat.isFile()) return refusePointer(new RandomAccessFile(name, stat.size, descriptor));
      closeSync(descriptor);
    } catch (error) {
      if (error instanceof EncoderError) throw error;
      throw new EncoderError(name, `cannot be opened (${(error as NodeJS.ErrnoException).code})`);
    }
    throw new EncoderError(name, 'is not a file');
  }

  /**
   * `length` bytes from `position` on, in memory of their own.
   * @throws EncoderError when the file ends before
   */
  read(position: number, length: number): Uint8Array<ArrayBuffer> {
    if (position + length > this.size) throw this.error(truncated);
    const bytes = new Uint8Array(length);
    this.readInto(position, bytes);
    return bytes;
  }

  /**
   * Fills `target` with the bytes from `position` on.
   * @throws EncoderError when the file ends before
   */
  readInto(position: number, target: Uint8Array): void {
    for (let done = 0; done < target.length;) {
      const length = Math.min(target.length - done, maxRead);
      const count = readSync(this.descriptor, target, done, length, position + done);
      if (count === 0) throw this.error(truncated);
      done += count;
    }
  }

  error(reason: string): EncoderError {
    return new EncoderError(this.name, reason);
  }

  close(): void {
    closeSync(this.descriptor);
  }
}

/** Git clones big files as little text files that point to them. */
const pointer = 'version https://git-lfs';

/** @throws EncoderError, the file closed, when it is such a pointer */
function refusePointer(file: RandomAccessFile): RandomAccessFile {
  const start = file.read(0, Math.min(pointer.length, file.size));
  if (new TextDecoder().decode(start) !== pointer) return file;
  file.close();
  throw file.error(
    'is only a pointer of Git LFS: run "git lfs pull" in its folder, or download the file itself',
  );
}

const truncated = 'is truncated: download it again';

/** One read call takes at most 2 GiB less one byte. */
const maxRead = 2 ** 30;
