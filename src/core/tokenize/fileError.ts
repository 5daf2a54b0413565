/** A tokenizer's file that cannot be used as it is; the message names the file, the place and what is wrong. */
export class TokenizerFileError extends Error {
  override readonly name = 'TokenizerFileError';

  constructor(
    readonly file: string,
    problem: string,
  ) {
    super(`${file}: ${problem}`);
  }
}
