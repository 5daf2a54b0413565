import type { Rng } from '../../ports';
import { randomBelow, shuffledIndices } from '../../random';
import type { WindowPlace } from './batches';
import type { MaskedExample } from '../maskedLanguageEngine';
import type { TokenizedText } from './tokenizedNote';

/** The vocabulary as masking needs it. */
export interface MaskingVocabulary {
  readonly maskId: number;
  readonly size: number;
  /** Ids that never stand in for a token. */
  readonly special: ReadonlySet<number>;
}

export interface MaskingOptions {
  /** Share of a window's tokens to guess, at least one. */
  readonly masked: number;
  /** Hides all pieces of a word together. */
  readonly wholeWords: boolean;
  readonly vocabulary: MaskingVocabulary;
}

/** Of the tokens to guess, so many are hidden and so many replaced by any token; the rest stay (Devlin et al. 2019). */
const HIDDEN = 0.8;
const REPLACED = 0.1;

/** A window with some of its tokens to guess, drawn anew each time. Special tokens are never among them. */
export function maskWindow(
  { ids, before, after, continues }: TokenizedText,
  { range: [from, to] }: WindowPlace,
  { masked, wholeWords, vocabulary }: MaskingOptions,
  rng: Rng,
): Omit<MaskedExample, 'weight'> {
  const own = ids.slice(from, to);
  const chosen = wholeWords
    ? chooseWords(continues.subarray(from, to), wanted(own.length, masked), rng)
    : shuffledIndices(own.length, rng).slice(0, wanted(own.length, masked));
  chosen.sort();
  const originals = chosen.map((i) => own[i]!);
  for (const i of chosen) own[i] = disguise(own[i]!, vocabulary, rng);
  return {
    ids: Int32Array.from([...before, ...own, ...after]),
    positions: chosen.map((i) => i + before.length),
    originals,
  };
}

const wanted = (tokens: number, share: number): number =>
  Math.min(tokens, Math.max(1, Math.round(tokens * share)));

/** Words in random order until enough tokens are chosen; the last one may bring a few too many. */
function chooseWords(continues: Uint8Array, count: number, rng: Rng): Int32Array {
  const starts = Array.from(continues.keys()).filter((i) => i === 0 || continues[i] === 0);
  const chosen: number[] = [];
  for (const word of shuffledIndices(starts.length, rng)) {
    if (chosen.length >= count) break;
    const end = starts[word + 1] ?? continues.length;
    for (let i = starts[word]!; i < end; i++) chosen.push(i);
  }
  return Int32Array.from(chosen);
}

function disguise(id: number, { maskId, size, special }: MaskingVocabulary, rng: Rng): number {
  const lot = rng();
  if (lot < HIDDEN) return maskId;
  if (lot >= HIDDEN + REPLACED) return id;
  let other = randomBelow(size, rng);
  while (special.has(other)) other = randomBelow(size, rng);
  return other;
}
