// npm run bench:correct [-- --records 20000]: what one correction costs the editor's thread in a large JSON Lines corpus:
// finding the record, rewriting its spans, reading it back, the smallest edit.
import { parseArgs } from 'node:util';
import { correctFile } from '../src/core/correct/correctFile';
import { readParts } from '../training/corpus';
import { median } from './median';

const { values } = parseArgs({ options: { records: { type: 'string', default: '20000' } } });
const RUNS = 9;

async function main(): Promise<void> {
  const { train } = await readParts();
  const notes = Array.from(
    { length: Number(values.records) },
    (_, i) => `${train[i % train.length]!.text}\n${i}`,
  );
  for (const [name, write] of Object.entries({ 'UTF-8': JSON.stringify, 'ASCII with escapes': escaped })) {
    const text = notes.map((note) => `{"text": ${write(note)}, "label": [[0, 3, "X"]]}\n`).join('');
    const file = { name: 'c.jsonl', text };
    const last = notes.at(-1)!;
    const times = Array.from({ length: RUNS }, () => {
      const started = performance.now();
      const annotation = { label: 'X', fragments: [{ start: 4, end: 8 }] };
      const none = { file: () => undefined, note: () => undefined };
      const outcome = correctFile(file, 'doccano', last, none, { kind: 'add', annotation });
      if (!('edit' in outcome)) throw new Error(outcome.refusal);
      return performance.now() - started;
    });
    const size = (text.length / 1e6).toFixed(1);
    console.log(
      `${name}: last of ${notes.length} records, ${size} million characters: ${median(times).toFixed(1)} ms`,
    );
  }
}

function escaped(note: string): string {
  return JSON.stringify(note).replace(
    /[^ -~]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

main().catch((error: Error) => {
  console.error(`bench:correct: ${error.message}`);
  process.exitCode = 1;
});
