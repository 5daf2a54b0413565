import { randomBelow, seededRng } from '../../../src/core/random';

/** Words whose label the toy can learn, since each always has the same. */
const WORDS: readonly (readonly [string, string | undefined])[] = [
  ['febre', 'Disorders'],
  ['dispneia', 'Disorders'],
  ['edema', 'Disorders'],
  ['raio-x', 'Procedures'],
  ['tomografia', 'Procedures'],
  ['dipirona', 'Chemicals & Drugs'],
  ['captopril', 'Chemicals & Drugs'],
  ['torax', 'Anatomy'],
  ['paciente', undefined],
  ['com', undefined],
  ['nega', undefined],
  ['fez', undefined],
  ['e', undefined],
];

/** Invented notes as doccano JSON lines, of very different lengths. */
export function inventedNotes(count: number, seed: number): string {
  const rng = seededRng(seed);
  return Array.from({ length: count }, () => {
    const words = Array.from(
      { length: 3 + randomBelow(rng() < 0.3 ? 90 : 25, rng) },
      () => WORDS[randomBelow(WORDS.length, rng)]!,
    );
    let text = '';
    const label: [number, number, string][] = [];
    for (const [word, own] of words) {
      if (own) label.push([text.length, text.length + word.length, own]);
      text += `${word} `;
    }
    return JSON.stringify({ text: text.trimEnd(), label });
  }).join('\n');
}

/** A vocabulary of 120 pieces that knows the words. */
export function toyVocabulary(): string {
  const pieces = [
    '[PAD]',
    '[UNK]',
    '[CLS]',
    '[SEP]',
    '[MASK]',
    '-',
    'raio',
    'x',
    'disp',
    '##neia',
    'tom',
    '##ografia',
  ];
  const words = WORDS.map(([word]) => word).filter(
    (word) => !['raio-x', 'dispneia', 'tomografia'].includes(word),
  );
  const filling = Array.from({ length: 120 - pieces.length - words.length }, (_, i) => `[unused${i}]`);
  return [...pieces, ...words, ...filling].join('\n') + '\n';
}
