// npm run check:notes: reads every hand-written note, lists what is wrong with its marks, and counts.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parseMarkedNotes } from '../src/core/corpus/inlineMarkup';

const folder = path.join(__dirname, 'notes');
const marked = new Map<string, number>();
let notes = 0;
let words = 0;
let problems = 0;
for (const file of readdirSync(folder).sort()) {
  const read = parseMarkedNotes(readFileSync(path.join(folder, file), 'utf8'));
  for (const { line, message } of read.problems) console.error(`${file}:${line}: ${message}`);
  problems += read.problems.length;
  notes += read.notes.length;
  for (const { text, spans } of read.notes) {
    words += text.split(/\s+/).length;
    for (const { label, start, end } of spans) marked.set(label, (marked.get(label) ?? 0) + end - start);
  }
}
const total = [...marked.values()].reduce((sum, characters) => sum + characters, 0);
console.log(`${notes} notes, ${words} words, ${problems} problems; share of marked characters:`);
for (const [label, characters] of [...marked].sort((a, b) => b[1] - a[1])) {
  console.log(`  ${label.padEnd(24)} ${((100 * characters) / total).toFixed(1)} %`);
}
process.exitCode = problems > 0 ? 1 : 0;
