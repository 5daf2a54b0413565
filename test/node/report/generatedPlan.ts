import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { CorpusDocument } from '../../../src/core/corpus/document';
import { writeBrat } from '../../../src/core/corpus/bratWriter';
import { writeDoccano } from '../../../src/core/corpus/doccano';
import type { PlanFile, TrainingRun } from '../../../src/core/experiments/plan';
import type { Strategy } from '../../../src/core/train/balance/strategy';
import { seededRng } from '../../../src/core/random';
import { readCorpusFolder } from '../../../src/node/corpusFolder';
import { corpusHash } from '../../../src/node/experiments/planCorpus';
import { sha256 } from '../../../src/node/sha256';
import { generatedLabels, generatedNotes } from './generatedCorpus';
import { writeGeneratedRun } from './generatedRun';

export interface GeneratedSize {
  readonly encoders: number;
  readonly strategies: readonly Strategy[];
  readonly schemes: readonly ('IO' | 'BIO')[];
  readonly seeds: number;
  readonly labels: number;
  readonly notes: number;
  /** The corpus as a folder of BRAT files, else as one file of records. */
  readonly brat?: boolean;
  /** Scored tokens of each test note. */
  readonly tokens: number;
}

export const SMALL_PLAN: GeneratedSize = {
  encoders: 2,
  strategies: ['random', 'is', 'weighted', 'clamped', 'oversampling'],
  schemes: ['IO', 'BIO'],
  seeds: 3,
  labels: 12,
  notes: 60,
  tokens: 100,
};

/** What is known of a plan before it is run. */
export interface GeneratedPlan {
  readonly plan: PlanFile;
  readonly labels: readonly string[];
  readonly documents: readonly CorpusDocument[];
  readonly tokens: number;
}

/**
 * Writes a plan of invented notes with all of its runs done: what training would leave, by the same code that counts
 * and reports, with scores and answers drawn by lot.
 */
export async function generatePlan(folder: string, size: GeneratedSize): Promise<GeneratedPlan> {
  const labels = generatedLabels(size.labels);
  const documents = generatedNotes(size.notes, labels, seededRng(1));
  await mkdir(path.join(folder, 'runs'), { recursive: true });
  await writeCorpus(folder, documents, size);
  const { documents: asRead } = await readCorpusFolder(path.join(folder, corpusName(size)));
  const plan = planOf(size, labels, corpusHash(asRead));
  await writeFile(path.join(folder, 'plan.json'), JSON.stringify(plan, null, 2));
  const generated = { plan, labels, documents, tokens: size.tokens };
  for (const run of plan.runs) await writeGeneratedRun(folder, run as TrainingRun, generated);
  return generated;
}

const corpusName = ({ brat }: GeneratedSize): string => (brat ? 'notes' : 'notes.jsonl');

async function writeCorpus(
  folder: string,
  documents: readonly CorpusDocument[],
  size: GeneratedSize,
): Promise<void> {
  const place = path.join(folder, corpusName(size));
  if (!size.brat) return writeFile(place, writeDoccano(documents).files[0]!.text);
  await mkdir(place);
  for (const { name, text } of writeBrat(documents, ({ id }) => id).files)
    await writeFile(path.join(place, name), text);
}

function planOf(size: GeneratedSize, labels: readonly string[], corpus: string): PlanFile {
  const { encoders, strategies, schemes, seeds } = size;
  const names = Array.from(
    { length: encoders },
    (_, i) => ['e5-small', 'bertimbau'][i] ?? `encoder-${i + 1}`,
  );
  const runs = names.flatMap((encoder) =>
    schemes.flatMap((scheme) =>
      strategies.flatMap((strategy) =>
        Array.from({ length: seeds }, (_, seed): TrainingRun => {
          const id = `${encoder}-${scheme.toLowerCase()}-${strategy}-${seed + 1}`;
          return { kind: 'train', id, encoder, strategy, scheme, seed: seed + 1 };
        }),
      ),
    ),
  );
  return {
    format: 'anamnese-plan',
    version: 1,
    name: 'Invented plan',
    corpus: { path: corpusName(size), sha256: corpus },
    encoders: names.map((name) => ({ name, path: name, sha256: sha256(name) })),
    training: { preset: 'study', labels: [...labels] },
    keepModels: 'none',
    runs,
  };
}
