import path from 'node:path';
import type { CorpusDocument } from '../../core/corpus/document';
import type { PlanFile, PlannedRun } from '../../core/experiments/plan';
import type { RunRecord } from '../../core/experiments/runFiles';
import { notesPerLabel } from '../../core/train/balance/imbalance';
import type { ScoredModel } from '../evaluation/modelViews';
import type { FinishedRun } from '../training/runFolder';
import { environment } from './environment';
import type { RunNotes } from './runNotes';

export interface RunEnd {
  readonly plan: PlanFile;
  readonly run: PlannedRun;
  readonly model: {
    readonly task: Pick<ScoredModel['task'], 'labels' | 'outputs' | 'scheme'>;
    readonly device: string;
  };
  readonly notes: RunNotes;
  /** The notes that were learnt, those that oversampling repeats again. */
  readonly learnt: readonly CorpusDocument[];
  /** Undefined of an encoder that was only scored. */
  readonly trained: FinishedRun | undefined;
  readonly cost: RunRecord['cost'];
  readonly languageModel?: RunRecord['languageModel'];
}

/** `record.json` of a run that ends now. */
export function recordOf(end: RunEnd): RunRecord {
  const { plan, run, model, notes, learnt, trained, cost, languageModel } = end;
  const { name, sha256 } = [...plan.encoders, ...(plan.languageModels ?? [])].find(
    (one) => one.name === run.encoder,
  )!;
  const { labels, scheme, outputs } = model.task;
  const result = (trained?.result ?? {}) as Partial<Pick<RunRecord, 'history' | 'bestEpoch'>>;
  return {
    format: 'anamnese-record',
    version: 1,
    id: run.id,
    encoder: { name, sha256 },
    strategy: run.kind === 'train' ? run.strategy : 'none',
    scheme,
    seed: run.seed,
    corpus: { name: path.basename(plan.corpus.path), sha256: plan.corpus.sha256 },
    split: { method: notes.method, sha256: notes.sha256, notes: partSizes(notes) },
    labels: [...labels],
    outputs: [...outputs],
    labelNotes: {
      train: labelNotes(learnt, labels),
      validation: labelNotes(notes.validation, labels),
      test: labelNotes(notes.test, labels),
    },
    parameters: (trained?.settings.parameters ?? {}) as Record<string, unknown>,
    history: result.history ?? [],
    bestEpoch: result.bestEpoch ?? null,
    environment: environment(model.device, trained?.plan),
    cost,
    ...(languageModel && { languageModel }),
    finishedAt: new Date().toISOString(),
  };
}

/** Documents of each part: every annotator's version of a text is one. */
function partSizes({ train, validation, test }: RunNotes): RunRecord['split']['notes'] {
  return { train: train.length, validation: validation.length, test: test.length };
}

function labelNotes(documents: readonly CorpusDocument[], labels: readonly string[]): number[] {
  const own = documents.map(({ annotations }) => [...new Set(annotations.map(({ label }) => label))]);
  return notesPerLabel(own, labels);
}
