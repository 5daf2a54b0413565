import type { CountsFile } from '../../../src/core/evaluate/countsFile';
import type { ScoredRun } from '../../../src/core/experiments/strategyComparison';
import type { Rng } from '../../../src/core/ports';

const LABELS = ['DIS', 'ANA'];

export interface MadeRun {
  readonly encoder?: string;
  readonly strategy: ScoredRun['record']['strategy'];
  readonly scheme?: 'IO' | 'BIO';
  readonly seed: number;
  /** Chance that an entity is found. */
  readonly recall: number;
  /** Name of the split, by default that of the strategy's kind and the seed. */
  readonly split?: string;
  readonly corpus?: string;
  readonly labels?: readonly string[];
  readonly table?: string;
}

/** A finished run on the 20 test notes of its split: ten entities a label, as many false alarms as misses on average. */
export function madeRun(run: MadeRun, rng: Rng): ScoredRun {
  const {
    encoder = 'e5',
    strategy,
    scheme = 'IO',
    seed,
    corpus = 'c0',
    labels = LABELS,
    table = 'text, words',
  } = run;
  const split = run.split ?? `${strategy === 'random' ? 'random' : 'is'}-${seed}`;
  const notes = Array.from({ length: 20 }, (_, i) => `${split}/${i}`);
  const count = (): number[] =>
    labels.flatMap(() => {
      const draws = Array.from({ length: 20 }, rng);
      const found = draws.slice(0, 10).filter((draw) => draw < run.recall).length;
      return [found, draws.slice(10).filter((draw) => draw >= run.recall).length, 10 - found];
    });
  const counts: CountsFile = {
    format: 'anamnese counts 1',
    columns: ['true positives', 'false positives', 'false negatives'],
    notes,
    keys: notes,
    groups: notes,
    tables: { [table]: { labels: [...labels], counts: notes.map(count) } },
  };
  return { record: recordOf({ encoder, strategy, scheme, seed, corpus, split }), counts };
}

function recordOf(run: {
  readonly encoder: string;
  readonly strategy: ScoredRun['record']['strategy'];
  readonly scheme: 'IO' | 'BIO';
  readonly seed: number;
  readonly corpus: string;
  readonly split: string;
}): ScoredRun['record'] {
  const { encoder, strategy, scheme, seed, corpus, split } = run;
  return {
    format: 'anamnese-record',
    version: 1,
    id: `${encoder}-${strategy}-${scheme.toLowerCase()}-${seed}`,
    encoder: { name: encoder, sha256: encoder },
    strategy,
    scheme,
    seed,
    corpus: { name: 'notes', sha256: corpus },
    split: { method: 'is', sha256: split, notes: { train: 60, validation: 20, test: 20 } },
    labels: LABELS,
    outputs: LABELS,
    labelNotes: {},
    parameters: {},
    history: [],
    bestEpoch: null,
    environment: { version: '', node: '', runtime: '', system: '', processor: '', cores: 1, device: 'cpu' },
    cost: { trainSeconds: 0, scoreSeconds: 0, peakMemoryBytes: null, trainedTokens: 0 },
    finishedAt: '2026-01-01T00:00:00.000Z',
  };
}
