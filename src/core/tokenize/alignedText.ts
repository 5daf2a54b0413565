import type { Utf16 } from '../text/offsets';

/** A text derived from a stretch of the source, with the source range that each of its UTF-16 units stands for. */
export interface AlignedText {
  readonly text: string;
  /** Source start of each unit; never decreasing. */
  readonly starts: Int32Array;
  /** Source end of each unit, exclusive; never decreasing. */
  readonly ends: Int32Array;
}

/** Replaces units [start, end) of a text. Lists of edits are ascending and do not overlap. */
export interface Edit {
  readonly start: Utf16;
  readonly end: Utf16;
  readonly text: string;
}

/** The source's own units [start, end): both halves of a surrogate pair stand for the whole pair. */
export function alignToSource(source: string, start: Utf16, end: Utf16): AlignedText {
  const starts = new Int32Array(end - start);
  const ends = new Int32Array(end - start);
  for (let at: number = start; at < end;) {
    const width = source.codePointAt(at)! > 0xffff ? 2 : 1;
    starts.fill(at, at - start, at - start + width);
    ends.fill(at + width, at - start, at - start + width);
    at += width;
  }
  return { text: source.slice(start, end), starts, ends };
}

/** Applies the edits: every unit of a replacement stands for all that the edit replaced. */
export function applyEdits(aligned: AlignedText, edits: readonly Edit[]): AlignedText {
  if (edits.length === 0) return aligned;
  const growth = edits.reduce((sum, edit) => sum + edit.text.length - (edit.end - edit.start), 0);
  const starts = new Int32Array(aligned.text.length + growth);
  const ends = new Int32Array(aligned.text.length + growth);
  const parts: string[] = [];
  let read = 0;
  let written = 0;
  const keepUntil = (end: number) => {
    if (end === read) return;
    parts.push(aligned.text.slice(read, end));
    starts.set(aligned.starts.subarray(read, end), written);
    ends.set(aligned.ends.subarray(read, end), written);
    written += end - read;
  };
  for (const edit of edits) {
    keepUntil(edit.start);
    parts.push(edit.text);
    starts.fill(aligned.starts[edit.start]!, written, written + edit.text.length);
    ends.fill(aligned.ends[edit.end - 1]!, written, written + edit.text.length);
    written += edit.text.length;
    read = edit.end;
  }
  keepUntil(aligned.text.length);
  return { text: parts.join(''), starts, ends };
}
