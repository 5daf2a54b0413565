/** A checkpoint that cannot be used. The message names the file, the reason, and what to do where there is something. */
export class EncoderError extends Error {
  override readonly name = 'EncoderError';

  /** @param file the file's name or path as the user knows it */
  constructor(
    readonly file: string,
    readonly reason: string,
  ) {
    super(`${file}: ${reason}`);
  }
}
