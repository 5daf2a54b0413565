import type { CorpusDocument } from '../../../src/core/corpus/document';
import type { LabelledSpan, ScoredSpan } from '../../../src/core/report/errors';
import { randomBelow } from '../../../src/core/random';
import type { Rng } from '../../../src/core/ports';
import { SEMANTIC_GROUPS } from '../../../src/core/labels/groups';

const WORDS = (
  'paciente refere dor torácica aos esforços nega febre tosse seca uso de losartana hipertensão diabetes radiografia ' +
  'tórax sem alterações mantém curativo oclusivo sonda vesical diurese presente deambula com auxílio orientado alta ' +
  'retorno ambulatório cateter central hemograma creatinina eleva membro inferior edema'
).split(' ');

/** The twelve groups, and invented ones after them. */
export function generatedLabels(count: number): string[] {
  const groups = Object.keys(SEMANTIC_GROUPS);
  return Array.from({ length: count }, (_, i) => groups[i] ?? `Group ${i + 1}`);
}

/** Invented notes of random words, every fifth word an entity; the first labels are the most frequent. */
export function generatedNotes(count: number, labels: readonly string[], rng: Rng): CorpusDocument[] {
  return Array.from({ length: count }, (_, i) => {
    const words = Array.from({ length: 60 }, () => WORDS[randomBelow(WORDS.length, rng)]!);
    const annotations: { label: string; fragments: { start: number; end: number }[] }[] = [];
    let text = `Nota ${i + 1}:`;
    for (const word of words) {
      const start = text.length + 1;
      text += ` ${word}`;
      if (rng() < 0.2)
        annotations.push({ label: frequentFirst(labels, rng), fragments: [{ start, end: text.length }] });
    }
    return { id: `nota-${String(i + 1).padStart(4, '0')}`, text, annotations };
  });
}

function frequentFirst(labels: readonly string[], rng: Rng): string {
  return labels[Math.floor(labels.length * rng() ** 2)]!;
}

/** A model's answer to a note: of `skill` entities right, the others missed, moved, relabelled, and some invented. */
export function generatedAnswer(
  { text, annotations }: CorpusDocument,
  labels: readonly string[],
  skill: number,
  rng: Rng,
): ScoredSpan[] {
  const answers = annotations.flatMap(({ label, fragments: [span] }): LabelledSpan[] => {
    const { start, end } = span!;
    if (rng() < skill) return [{ label, start, end }];
    const fault = rng();
    if (fault < 0.4) return [];
    if (fault < 0.7) return [{ label, start, end: Math.min(text.length, end + 3) }];
    return [{ label: frequentFirst(labels, rng), start, end }];
  });
  const invented = Array.from({ length: randomBelow(3, rng) }, () => {
    const start = randomBelow(text.length - 8, rng);
    return { label: frequentFirst(labels, rng), start, end: start + 6 };
  });
  const all = [...answers, ...invented].sort((a, b) => a.start - b.start);
  return all.map((span) => ({ ...span, score: 0.4 + 0.6 * rng() }));
}
