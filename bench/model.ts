// npm run bench:model [-- --model DIR --part test --errors --shared DIR]: what the default model finds, in characters
// right and wrong. Hand-written notes that it was not trained on always; real notes where ../shared is at hand.
import path from 'node:path';
import { parseArgs } from 'node:util';
import { summarize } from '../src/core/evaluate/characters';
import type { Precision } from '../src/core/ports';
import { openModel } from '../src/node/model';
import type { PartName } from '../training/corpus';
import { partNames } from '../training/corpus';
import type { GoldNotes } from './modelNotes';
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
