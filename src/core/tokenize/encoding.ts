/**
 * A tokenized text. Offsets are half-open, UTF-16, into the source text as given, never into a normalised copy.
 * Special tokens ([CLS], <s> …) carry start = end and special = 1.
 */
export interface Encoding {
  readonly ids: Int32Array;
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  readonly special: Uint8Array;
}

/** Turns text into tokens. Never truncates: windows are the caller's business. */
export interface Tokenizer {
  /** Adds the model's special tokens around the text's own. */
  encode(text: string): Encoding;
  readonly padId: number;
  /** The longest input the tokenizer's own files allow, special tokens included, or undefined if they do not say. */
  readonly modelMaxLength: number | undefined;
}
