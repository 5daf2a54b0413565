// npm run check:agreement: how far a second annotator, who saw the text but not the marks, agrees with the first.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { MarkedNote } from '../src/core/corpus/inlineMarkup';
import { parseMarkedNotes } from '../src/core/corpus/inlineMarkup';
import { countCharacters, summarize } from '../src/core/evaluate/characters';
import type { Counts } from '../src/core/evaluate/rates';
import { addCounts } from '../src/core/evaluate/rates';
import { SEMANTIC_GROUPS } from '../src/core/labels/groups';

const labels = Object.keys(SEMANTIC_GROUPS);

function read(folder: string): MarkedNote[] {
  const at = path.join(__dirname, folder);
  return readdirSync(at)
    .sort()
    .flatMap((file) => parseMarkedNotes(readFileSync(path.join(at, file), 'utf8')).notes);
}

const first = new Map(read('notes').map((note) => [note.text, note.spans]));
const totals = new Map<string, Counts>();
let compared = 0;
let missing = 0;
const disagreements = new Map<string, number>();
for (const { text, spans } of read('second')) {
  const gold = first.get(text);
  if (!gold) {
    missing++;
    continue;
  }
  compared++;
  for (const [label, counts] of countCharacters(text.length, gold, spans, labels)) {
    const before = totals.get(label);
    totals.set(label, before ? addCounts(before, counts) : counts);
  }
  for (const one of gold) {
    const other = spans.find(({ start, end }) => start === one.start && end === one.end);
    if (!other || spans.some(({ start, end, label }) => start === one.start && end === one.end && label === one.label)) continue;
    const key = `${SEMANTIC_GROUPS[one.label]} / ${SEMANTIC_GROUPS[other.label]}`;
    disagreements.set(key, (disagreements.get(key) ?? 0) + 1);
  }
}
const { micro, macro, perLabel } = summarize(totals);
console.log(`${compared} notes marked twice${missing ? `, ${missing} with no first marking` : ''}`);
console.log(`agreement, F1 over characters: micro ${micro.toFixed(3)}, macro ${macro.toFixed(3)}`);
for (const [label, { f1, support }] of perLabel) {
  console.log(`  ${label.padEnd(24)} ${f1.toFixed(3)}  of ${support} characters`);
}
console.log('the same words under other labels, first / second:');
for (const [pair, count] of [...disagreements].sort((a, b) => b[1] - a[1]).slice(0, 12)) console.log(`  ${pair}  ${count}`);
process.exitCode = compared === 0 || missing > 0 ? 1 : 0;
