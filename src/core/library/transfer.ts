/** How far a transfer is. */
export interface TransferProgress {
  /** The file that is being fetched, or was last. */
  readonly file: string;
  readonly doneBytes: number;
  readonly totalBytes: number;
  /** Since this transfer began; null where nothing came yet. */
  readonly bytesPerSecond: number | null;
  /** Null where it cannot be told. */
  readonly secondsLeft: number | null;
}

/**
 * Progress from what is there, what was there when this transfer began, and how long ago that was: bytes that an earlier
 * transfer brought say nothing about the speed.
 */
export function transferProgress(
  file: string,
  bytes: { readonly done: number; readonly total: number; readonly atStart: number },
  seconds: number,
): TransferProgress {
  const come = bytes.done - bytes.atStart;
  const bytesPerSecond = come > 0 && seconds > 0 ? come / seconds : null;
  const left = bytes.total - bytes.done;
  return {
    file,
    doneBytes: bytes.done,
    totalBytes: bytes.total,
    bytesPerSecond,
    secondsLeft: bytesPerSecond === null ? null : left / bytesPerSecond,
  };
}

/** `940 B`, `1.3 MB`, `1.23 GB`: decimal units, three figures at most, as the hub shows sizes. */
export function shownBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  const power = Math.min(units.length - 1, bytes < 1 ? 0 : Math.floor(Math.log10(bytes) / 3 + 1e-9));
  const value = bytes / 1000 ** power;
  const digits = power === 0 || value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2;
  return `${value.toFixed(digits)} ${units[power]}`;
}
