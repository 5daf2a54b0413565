import type { MarkedNote } from '../../src/core/corpus/inlineMarkup';
import type { Edit } from '../../src/core/text/edit';
import { folded, inCapitalsOf } from './letters';
import { rewrite } from './rewrite';

const pairsOfSides = [
  ['direito', 'esquerdo'],
  ['direita', 'esquerda'],
  ['direitos', 'esquerdos'],
  ['direitas', 'esquerdas'],
  ['msd', 'mse'],
  ['mid', 'mie'],
  ['fid', 'fie'],
  ['d', 'e'],
] as const;
const otherSide = new Map<string, string>(
  pairsOfSides.flatMap(([a, b]) => [
    [a, b],
    [b, a],
  ]),
);

/** Left for right and right for left; a lone D or E only where it ends a mention that can have a side. */
export function sides(note: MarkedNote): MarkedNote {
  const sided = new Set(
    note.spans
      .filter(({ label }) => ['Anatomy', 'Disorders', 'Procedures'].includes(label))
      .map(({ end }) => end),
  );
  const edits = [...note.text.matchAll(/(?<![\p{L}\p{N}_])\p{L}+(?![\p{L}\p{N}_])/gu)].flatMap(
    ({ index: start, 0: word }): Edit[] => {
      const [end, other] = [start + word.length, otherSide.get(folded(word))];
      if (other === undefined) return [];
      const capitals = word === word.toUpperCase();
      if (word.length === 1 && !(capitals && sided.has(end))) return [];
      return [{ start, end, text: capitals ? other.toUpperCase() : inCapitalsOf(word, other) }];
    },
  );
  return rewrite(note, edits);
}
