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

/**
 * Where a token is said to lie: at its `words` (see `loadTokenizer`), or, for comparisons with what others computed,
 * where Python's `tokenizers` says, the blank that a "▁" or "Ġ" stands for included.
 */
export type SpanRule = 'words' | 'library';

/** Turns text into tokens. Never truncates: windows are the caller's business. */
export interface Tokenizer {
  /** Adds the model's special tokens around the text's own. Spans are those of words unless the other rule is asked for. */
  encode(text: string, spans?: SpanRule): Encoding;
  readonly padId: number;
  /** The longest input the tokenizer's own files allow, special tokens included, or undefined if they do not say. */
  readonly modelMaxLength: number | undefined;
}
