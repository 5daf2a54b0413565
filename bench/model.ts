// npm run bench:model [-- --model DIR --part test --errors --shared DIR --write docs/errors.md]: what the default model
// finds, in characters right and wrong. Hand-written notes that it was not trained on always; real notes where ../shared is
// at hand. --write makes a page of its commonest errors in invented notes, of validation and test, and nothing else.
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { summarize } from '../src/core/evaluate/characters';
import type { Precision } from '../src/core/ports';
import { openModel } from '../src/node/model';
import type { PartName } from '../training/corpus';
import { partNames } from '../training/corpus';
import type { GoldNotes } from './modelNotes';
import { errorPage } from './modelErrors';
import { handWrittenNotes, humanNotes, silverNotes } from './modelNotes';
import type { NoteScores } from './modelScores';
import { errorsOf, scoreNotes } from './modelScores';

const root = path.join(__dirname, '..');
const { values } = parseArgs({
  options: {
    model: { type: 'string', default: path.join(root, 'models', 'anamnese-default') },
    part: { type: 'string', default: 'test' },
    shared: { type: 'string', default: path.join(root, '..', 'shared') },
    errors: { type: 'boolean', default: false },
    write: { type: 'string' },
  },
});

function print(title: string, { counts }: NoteScores): void {
  const { micro, macro, perLabel } = summarize(counts);
  console.log(`\n${title}\n  micro F1 ${micro.toFixed(4)}   macro F1 ${macro.toFixed(4)}`);
  for (const [label, { precision, recall, f1, support }] of perLabel) {
    const rates = [precision, recall, f1].map((rate) => rate.toFixed(3)).join('  ');
    console.log(`  ${label.padEnd(24)} P R F1  ${rates}  of ${support} characters`);
  }
}

function printErrors(scores: NoteScores): void {
  for (const [kind, words] of [...errorsOf(scores)].sort()) {
    const common = [...words].sort((a, b) => b[1] - a[1]).slice(0, 12);
    console.log(`${kind}: ${common.map(([word, count]) => `${word} ×${count}`).join('; ')}`);
  }
}

async function main(): Promise<void> {
  if (values.write !== undefined) return writeErrors(values.write);
  const part = partNames.find((name) => name === values.part);
  if (!part) throw new Error(`--part ${values.part}: one of ${partNames.join(', ')} is needed`);
  const sets = await goldNotes(part);
  for (const precision of ['int8', 'fp32'] satisfies Precision[]) {
    const model = await openModel(values.model, { device: 'cpu', precision, onNotice: console.error });
    for (const set of sets) {
      const scores = await scoreNotes(set, model.predictor);
      print(`${precision}: ${set.title}`, scores);
      if (values.errors) printErrors(scores);
    }
    await model.dispose();
  }
}

/** Of invented notes alone: a page of the project holds no word of a real one. */
async function writeErrors(file: string): Promise<void> {
  const model = await openModel(values.model, { device: 'cpu', precision: 'int8', onNotice: console.error });
  const parts = ['validation', 'test'] as const;
  const sets = await Promise.all(parts.map((part) => handWrittenNotes(part)));
  const documents = sets.flatMap((set) => set.documents);
  const scores = await scoreNotes({ ...sets[0]!, documents }, model.predictor);
  await model.dispose();
  await writeFile(file, errorPage(scores));
}

async function goldNotes(part: PartName): Promise<GoldNotes[]> {
  const all = [
    await handWrittenNotes(part),
    await silverNotes(values.shared),
    await humanNotes(values.shared),
  ];
  return all.filter((set) => set !== undefined);
}

main().catch((error: Error) => {
  console.error(`bench:model: ${error.message}`);
  process.exitCode = 1;
});
