import type { Utf16 } from './offsets';

/**
 * Where the offsets of a document lie in the file it was read from: editors drop a byte-order mark and make line
 * breaks alike, and so count differently. Undefined where the texts differ in anything else, as unsaved edits do.
 */
export function fileOffsets(document: string, file: string): ((offset: Utf16) => Utf16) | undefined {
  if (document === file) return (offset) => offset;
  // Offsets of the document after which the two drift apart, with the distance from there on.
  const places: { from: number; shift: number }[] = [];
  let inFile = file.startsWith('\ufeff') ? 1 : 0;
  if (inFile > 0) places.push({ from: 0, shift: inFile });
  let at = 0;
  while (at < document.length && inFile < file.length) {
    const [here, there] = [lineBreakAt(document, at), lineBreakAt(file, inFile)];
    if (here !== there && (here === 0 || there === 0)) return undefined;
    if (here === 0 && document[at] !== file[inFile]) return undefined;
    at += here || 1;
    inFile += there || 1;
    if (here !== there) places.push({ from: at, shift: inFile - at });
  }
  if (at !== document.length || inFile !== file.length) return undefined;
  return (offset) => offset + (places.findLast(({ from }) => from <= offset)?.shift ?? 0);
}

/** The length of a line break here, 0 where there is none. */
function lineBreakAt(text: string, at: number): 0 | 1 | 2 {
  if (text[at] === '\n') return 1;
  if (text[at] !== '\r') return 0;
  return text[at + 1] === '\n' ? 2 : 1;
}
