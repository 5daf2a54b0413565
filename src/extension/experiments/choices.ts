import type * as vscode from 'vscode';
import { z } from 'zod';
import { strategies } from '../../core/train/strategy';
import { presets } from '../../core/train/hyperParameters';

/** What a person chose for runs that train; remembered from one time to the next. */
export const trainingChoices = z.object({
  strategies: z.array(z.enum(strategies)).min(1),
  schemes: z.array(z.enum(['IO', 'BIO'])).min(1),
  seeds: z.array(z.int().min(0)).min(1),
  preset: z.enum(presets),
  /** Null leaves it to the preset, or to what the encoder has learnt already. */
  epochs: z.int().min(1).nullable(),
});
export type TrainingChoices = z.infer<typeof trainingChoices>;

export const TRAIN_DEFAULTS: TrainingChoices = {
  strategies: ['is'],
  schemes: ['IO'],
  seeds: [42],
  preset: 'default',
  epochs: null,
};

export const COMPARE_DEFAULTS: TrainingChoices = {
  ...TRAIN_DEFAULTS,
  strategies: [...strategies],
  seeds: [1, 2, 3],
};

/** What a flow remembers of the last time, in the workspace's memory. */
const remembered = z.object({
  corpus: z.string().optional(),
  encoders: z.array(z.string()).optional(),
  training: trainingChoices.optional(),
});
export type Remembered = z.infer<typeof remembered>;

export function recall(memory: vscode.Memento, flow: string): Remembered {
  return remembered.safeParse(memory.get(`flow.${flow}`)).data ?? {};
}

export async function remember(memory: vscode.Memento, flow: string, more: Remembered): Promise<void> {
  await memory.update(`flow.${flow}`, { ...recall(memory, flow), ...more });
}
