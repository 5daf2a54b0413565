import type { CorpusDocument } from '../corpus/document';
import { shuffledIndices } from '../random';
import type { Rng } from '../ports';
import type { PromptExample } from './prompt';

/** Notes that are looked at for an example: so few that another seed has other examples. */
const CANDIDATES = 20;

/**
 * Draws examples for a prompt from the training part: of some notes in random order, always the one that shows most
 * labels that the examples before it do not. Notes without annotations are no examples; a text is one at most.
 */
export function chooseExamples(
  training: readonly CorpusDocument[],
  labels: readonly string[],
  shots: number,
  rng: Rng,
): CorpusDocument[] {
  const fit = training.filter(({ annotations }) => annotations.some(({ label }) => labels.includes(label)));
  const once = [...new Map(fit.map((document) => [document.text, document])).values()];
  const left = Array.from(shuffledIndices(once.length, rng), (i) => once[i]!);
  const shown = new Set<string>();
  const chosen: CorpusDocument[] = [];
  while (chosen.length < shots && left.length > 0) {
    const gains = left.slice(0, CANDIDATES).map((one) => newLabels(one, labels, shown));
    const [best] = left.splice(gains.indexOf(Math.max(...gains)), 1);
    for (const { label } of best!.annotations) shown.add(label);
    chosen.push(best!);
  }
  return chosen;
}

function newLabels({ annotations }: CorpusDocument, labels: readonly string[], shown: ReadonlySet<string>) {
  return new Set(annotations.map(({ label }) => label).filter((l) => labels.includes(l) && !shown.has(l)))
    .size;
}

/** A note with its ideal answer: every entity in order of appearance, a discontinuous one from its first word to its last. */
export function exampleOf({ text, annotations }: CorpusDocument, labels: readonly string[]): PromptExample {
  const entities = annotations
    .filter(({ label }) => labels.includes(label))
    .map(({ label, fragments }) => ({ label, start: fragments[0]!.start, end: fragments.at(-1)!.end }))
    .sort((a, b) => a.start - b.start || b.end - a.end || labels.indexOf(a.label) - labels.indexOf(b.label))
    .map(({ label, start, end }) => ({ label, text: text.slice(start, end) }));
  return { text, response: JSON.stringify({ entities }) };
}
