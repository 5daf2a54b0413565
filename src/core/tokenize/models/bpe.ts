import type { BpeTables } from './bpeTables';
import { type ByteFallback, byteFallback } from './byteFallback';
import { mergeSymbols } from './mergeSymbols';
import { MergeTable } from './mergeTable';
import { PieceList, type PieceModel } from './pieces';

const noFallback: ByteFallback = () => undefined;

/** Byte-pair encoding; what the vocabulary lacks falls back to byte pieces, then to the unknown token, then is dropped. */
export function bpe(tables: BpeTables): PieceModel {
  const { unknownId, fusesUnknown, whole } = tables;
  const symbolsOf = characterIds(tables);
  const merges = new MergeTable(tables.merges);
  const spell = tables.bytes.length > 0 ? byteFallback(tables.bytes) : noFallback;
  return (word) => {
    const pieces = new PieceList();
    const known = whole?.get(word);
    if (known !== undefined) {
      pieces.add(known, 0, word.length);
      return pieces;
    }
    const { ids, places } = symbolsOf(word);
    const next = mergeSymbols(ids, merges);
    let unknownSince: number | undefined;
    const closeUnknown = (end: number) => {
      if (unknownSince !== undefined) pieces.add(unknownId!, unknownSince, end);
      unknownSince = undefined;
    };
    for (let at = 0; at < ids.length; at = next[at]!) {
      const [start, end] = [places[at]!, places[next[at]!]!];
      const spelled = ids[at]! < 0 ? spell(word.slice(start, end)) : [ids[at]!];
      if (spelled !== undefined || !fusesUnknown) closeUnknown(start);
      if (spelled !== undefined) pieces.addAll(spelled, start, end);
      else if (unknownId !== undefined) unknownSince ??= start;
    }
    closeUnknown(word.length);
    return pieces;
  };
}

/** A word's characters as ids, -1 for those that are no tokens, and where they stand: in UTF-16 units, the end last. */
function characterIds({ codePoints, codePointIds }: BpeTables) {
  const idOf = new Map<number, number>();
  codePoints.forEach((codePoint, i) => idOf.set(codePoint, codePointIds[i]!));
  return (word: string) => {
    const ids = new Int32Array(word.length);
    const places = new Int32Array(word.length + 1);
    let count = 0;
    for (let at = 0; at < word.length; count++) {
      const codePoint = word.codePointAt(at)!;
      ids[count] = idOf.get(codePoint) ?? -1;
      places[count] = at;
      at += codePoint > 0xffff ? 2 : 1;
    }
    places[count] = word.length;
    return { ids: ids.subarray(0, count), places };
  };
}

/** Where a whole text is one word (Gemma), the places where it may be cut; undefined where it may not. */
export function safeCuts({ cutsAtSpaces }: BpeTables): RegExp | undefined {
  return cutsAtSpaces ? /(?<!^|▁)(?=▁)/gu : undefined;
}
