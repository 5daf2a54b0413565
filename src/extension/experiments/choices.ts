import type * as vscode from 'vscode';
import type { EvaluationRun, TrainingRun } from '../../core/experiments/plan';
import type { FoundCorpus, FoundEncoder } from '../../core/experiments/survey';
import type { Preset } from '../../core/train/settings/hyperParameters';
import { strategies } from '../../core/train/balance/strategy';
import type { CompareTask } from './chooseTask';
import { EPOCHS_OF_LEARNT, hasLearnt } from './learnt';

/** What a person chose for runs that train; remembered from one time to the next. */
export interface TrainingChoices {
  readonly strategies: readonly TrainingRun['strategy'][];
  readonly schemes: readonly TrainingRun['scheme'][];
  readonly seeds: readonly number[];
  readonly preset: Preset;
  /** Null leaves it to the preset, or to what the encoder has learnt already. */
  readonly epochs: number | null;
}

export const TRAIN_DEFAULTS: TrainingChoices = {
  strategies: ['is'],
  schemes: ['IO'],
  seeds: [42],
  preset: 'default',
  epochs: null,
};

export const COMPARE_DEFAULTS: TrainingChoices = {
  ...TRAIN_DEFAULTS,
  strategies,
  seeds: [1, 2, 3],
};

/** Whether encoders mark the corpus's labels already (see `hasLearnt`): that decides how long they train. */
export type EncoderKind = 'learnt' | 'raw';

export function kindOf(encoders: readonly FoundEncoder[], corpus: FoundCorpus): EncoderKind {
  return hasLearnt(encoders, corpus) ? 'learnt' : 'raw';
}

const epochsOf = (kind: EncoderKind): number | null => (kind === 'learnt' ? EPOCHS_OF_LEARNT : null);

/** What a flow remembers of the last time, in the workspace's memory. */
export interface Remembered {
  readonly version?: 2;
  readonly corpus?: string;
  readonly encoders?: readonly string[];
  readonly training?: Omit<TrainingChoices, 'epochs'>;
  /** Where the person wanted others than what fits such encoders. */
  readonly epochs?: Partial<Record<EncoderKind, number | null | undefined>>;
  readonly notes?: EvaluationRun['notes'];
  readonly task?: CompareTask;
}

/** What is offered for encoders of a kind: what was chosen last, or what fits. */
export function offeredTraining(
  defaults: TrainingChoices,
  kind: EncoderKind,
  { training, epochs }: Remembered,
): TrainingChoices {
  const own = epochs?.[kind];
  return { ...defaults, ...training, epochs: own === undefined ? epochsOf(kind) : own };
}

/** What is remembered of choices: epochs only where they are others than what fits, and for such encoders alone. */
export function rememberedTraining(
  { epochs: chosen, ...training }: TrainingChoices,
  kind: EncoderKind,
  { epochs }: Remembered,
): Required<Pick<Remembered, 'training' | 'epochs'>> {
  const wish = chosen === epochsOf(kind) ? undefined : chosen;
  return { training, epochs: { ...epochs, [kind]: wish } };
}

/** Every combination is a run; encoders by their names. */
export function runsOf(
  encoders: readonly FoundEncoder[],
  { strategies: chosen, schemes, seeds }: TrainingChoices,
): Pick<TrainingRun, 'encoder' | 'strategy' | 'scheme' | 'seed'>[] {
  return encoders.flatMap(({ name: encoder }) =>
    chosen.flatMap((strategy) =>
      schemes.flatMap((scheme) => seeds.map((seed) => ({ encoder, strategy, scheme, seed }))),
    ),
  );
}

/** What another version of the extension remembered is forgotten. */
export function recall(memory: vscode.Memento, flow: string): Remembered {
  const found = memory.get<Remembered>(`flow.${flow}`);
  return found?.version === 2 ? found : {};
}

export async function remember(memory: vscode.Memento, flow: string, more: Remembered): Promise<void> {
  await memory.update(`flow.${flow}`, { ...recall(memory, flow), ...more, version: 2 });
}
