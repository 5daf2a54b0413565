import type * as vscode from 'vscode';
import type { TrainingRun } from '../../core/experiments/plan';
import type { Preset } from '../../core/train/settings/hyperParameters';
import { strategies } from '../../core/train/balance/strategy';

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

/** What a flow remembers of the last time, in the workspace's memory. */
export interface Remembered {
  readonly version?: 1;
  readonly corpus?: string;
  readonly encoders?: readonly string[];
  readonly training?: TrainingChoices;
}

/** What another version of the extension remembered is forgotten. */
export function recall(memory: vscode.Memento, flow: string): Remembered {
  const found = memory.get<Remembered>(`flow.${flow}`);
  return found?.version === 1 ? found : {};
}

export async function remember(memory: vscode.Memento, flow: string, more: Remembered): Promise<void> {
  await memory.update(`flow.${flow}`, { ...recall(memory, flow), ...more, version: 1 });
}
