import { summarize } from '../src/core/evaluate/characters';
import type { NoteScores } from './modelScores';
import { errorsOf } from './modelScores';

/** Words a cell. */
const COMMONEST = 12;

/** A page in Markdown: for every group its scores, what is missed most often, and what is marked without being one. */
export function errorPage(scores: NoteScores): string {
  const { micro, macro, perLabel } = summarize(scores.counts);
  const errors = errorsOf(scores);
  const rows = [...perLabel].map(([label, { precision, recall, f1 }]) => {
    const rates = [precision, recall, f1].map((rate) => rate.toFixed(2)).join(' / ');
    const words = ['missed', 'spurious'].map((kind) => commonest(errors.get(`${label}: ${kind}`)));
    return `| ${[label, rates, ...words].join(' | ')} |`;
  });
  return [
    '# What the default model gets wrong',
    '',
    `In ${scores.notes.length} invented notes that it was not trained on, with the eight-bit arithmetic of the CPU: micro F1 ` +
      `${micro.toFixed(3)}, macro F1 ${macro.toFixed(3)} in characters. A mention is missed where none of its characters is ` +
      'marked so, and a mark is no mention where it meets none; the commonest of both, with how often where it is more than ' +
      'once. Written by `npm run bench:model -- --write docs/errors.md`.',
    '',
    '| group | P / R / F1 | missed | marked without being one |',
    '| --- | --- | --- | --- |',
    ...rows,
    '',
  ].join('\n');
}

function commonest(words: ReadonlyMap<string, number> = new Map()): string {
  const sorted = [...words].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)).slice(0, COMMONEST);
  return sorted
    .map(([word, count]) => word.replaceAll('|', '\\|') + (count > 1 ? ` (${count})` : ''))
    .join(', ');
}
