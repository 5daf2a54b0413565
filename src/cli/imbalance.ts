import type { Command } from 'commander';
import { seededRng } from '../core/random';
import type { SplitNote } from '../core/split/notes';
import { splitNotes } from '../core/split/notes';
import { notesPerLabel, positiveWeights } from '../core/train/balance/imbalance';
import type { Oversampling } from '../core/train/balance/oversample';
import { oversample } from '../core/train/balance/oversample';
import { sha256 } from '../node/sha256';
import type { CorpusOptions } from './corpusOptions';
import { readGivenCorpus, withCorpusOptions } from './corpusOptions';
import { toCount } from './evaluate';
import { notesOfParts } from './evaluation/parts';
import { printProblems } from './problems';
import { aligned } from './table';

interface ImbalanceOptions extends CorpusOptions {
  readonly split?: string;
  readonly part: string;
  readonly seed: number;
  readonly json?: boolean;
}

/** The study's weightings, and its power with the minimum. */
const WEIGHTINGS = {
  weighted: {},
  'clamped at 1': { minimum: 1 },
  'power 0.25': { power: 0.25 },
  'power 0.25, clamped at 1': { power: 0.25, minimum: 1 },
} as const;

const OVERSAMPLINGS: readonly Oversampling[] = ['study', 'every-minority'];

/** `anamnese imbalance`: what the study's strategies against imbalance make of a training part. */
export function addImbalance(program: Command): void {
  const command = program
    .command('imbalance')
    .description(
      "show each label's weight in the loss, and its notes after oversampling, as the study has them",
    )
    .argument('<corpus>', 'a corpus file or folder, in any format that convert reads')
    .option('--split <file>', 'only one part of a split')
    .option('--part <name>', 'which part', 'train')
    .option('--seed <n>', 'seed of the oversampling', toCount, 1);
  withCorpusOptions(command)
    .option('--json', 'print JSON, with the hashes of the notes that are drawn once more')
    .addHelpText(
      'after',
      '\nWeights with a power are those of train --strategy weighted or clamped with --settings {"weights": {"power": 0.25}}.' +
        '\n\nExample:\n  anamnese imbalance notes.jsonl --split split.json',
    )
    .action(imbalance);
}

async function imbalance(corpus: string, options: ImbalanceOptions): Promise<void> {
  const { documents, problems } = await readGivenCorpus(corpus, options);
  printProblems(problems);
  const parts = await notesOfParts(documents, options);
  printProblems(parts.problems);
  const notes = splitNotes(parts.scored, sha256);
  if (notes.length === 0) throw new Error(`${corpus}: holds no notes`);
  const found = describe(notes, options.seed);
  process.stdout.write(options.json ? JSON.stringify(found, null, 2) + '\n' : toText(found));
}

type Imbalance = ReturnType<typeof describe>;

function describe(notes: readonly SplitNote[], seed: number) {
  const noteLabels = notes.map(({ labels }) => labels);
  const labels = [...new Set(noteLabels.flat())].sort();
  const weights = Object.entries(WEIGHTINGS).map(
    ([name, options]) => [name, positiveWeights(noteLabels, labels, options)] as const,
  );
  const drawn = OVERSAMPLINGS.map((kind) => {
    const indices = oversample(noteLabels, labels, kind, seededRng(seed));
    const added = notesPerLabel(
      indices.map((note) => noteLabels[note]!),
      labels,
    );
    return [kind, { added, notes: indices.map((note) => notes[note]!.key) }] as const;
  });
  const byLabel = <T>(values: readonly T[]) =>
    Object.fromEntries(labels.map((label, i) => [label, values[i]!]));
  return {
    notes: notes.length,
    notesPerLabel: byLabel(notesPerLabel(noteLabels, labels)),
    weights: Object.fromEntries(weights.map(([name, values]) => [name, byLabel(values)])),
    oversampling: Object.fromEntries(
      drawn.map(([kind, { added, notes: keys }]) => [
        kind,
        { notesAddedPerLabel: byLabel(added), drawn: keys },
      ]),
    ),
  };
}

function toText({ notes, notesPerLabel: counts, weights, oversampling }: Imbalance): string {
  const header = [
    'label',
    'notes',
    ...Object.keys(weights),
    ...OVERSAMPLINGS.map((kind) => `notes, ${kind}`),
  ];
  const rows = Object.entries(counts).map(([label, count]) => [
    label,
    String(count),
    ...Object.values(weights).map((own) => own[label]!.toFixed(4)),
    ...OVERSAMPLINGS.map((kind) => String(count + oversampling[kind]!.notesAddedPerLabel[label]!)),
  ]);
  const drawn = OVERSAMPLINGS.map((kind) => `${kind} draws ${oversampling[kind]!.drawn.length} once more`);
  return (
    [...aligned([header, ...rows]), '', `${notes} notes; oversampling ${drawn.join(', ')}`].join('\n') + '\n'
  );
}
