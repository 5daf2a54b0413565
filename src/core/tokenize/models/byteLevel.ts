import { PieceList, type PieceModel } from './pieces';

/** GPT-2's visible character for each byte: printable Latin-1 stands for itself, the rest moves above U+0100. */
const byteCharacters: readonly string[] = (() => {
  let moved = 0x100;
  const printable = (byte: number) =>
    (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || byte >= 0xae;
  return Array.from({ length: 256 }, (_, byte) => String.fromCharCode(printable(byte) ? byte : moved++));
})();

/**
 * Lets a model over byte characters read plain words. A piece that holds part of a character's bytes stands for the
 * whole character, so neighbouring pieces may overlap.
 */
export function byteLevel(model: PieceModel): PieceModel {
  const encoder = new TextEncoder();
  return (word) => {
    let bytes = '';
    const starts: number[] = [];
    const ends: number[] = [];
    let at = 0;
    for (const character of word) {
      for (const byte of encoder.encode(character)) {
        bytes += byteCharacters[byte];
        starts.push(at);
        ends.push(at + character.length);
      }
      at += character.length;
    }
    const pieces = model(bytes);
    const result = new PieceList();
    pieces.ids.forEach((id, i) => result.add(id, starts[pieces.starts[i]!]!, ends[pieces.ends[i]! - 1]!));
    return result;
  };
}
