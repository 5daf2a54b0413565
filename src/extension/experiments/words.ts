import * as vscode from 'vscode';
import type { PlannedRun } from '../../core/experiments/plan';
import type { SystemSummary } from '../../core/experiments/planSummary';
import type { PlanState, RunState } from '../../core/experiments/planState';
import { millisecondsLeft } from '../../core/experiments/planState';

/** A number as the person writes numbers. */
export function decimals(value: number, digits: number): string {
  const options = { minimumFractionDigits: digits, maximumFractionDigits: digits };
  return value.toLocaleString(vscode.env.language, options);
}

/** `0.744 ±0.011`, or one figure where there is one run. */
export function meanAndDeviation({ mean, deviation }: Pick<SystemSummary, 'mean' | 'deviation'>): string {
  if (mean === undefined) return '';
  return deviation === undefined ? decimals(mean, 3) : `${decimals(mean, 3)} ±${decimals(deviation, 3)}`;
}

/** `45 s`, `12 min`, `3 h 20 min`. */
export function shownDuration(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000);
  if (seconds < 90) return `${Math.max(1, seconds)} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 90 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

export function timeLeft(milliseconds: number | null): string {
  return milliseconds === null ? '' : vscode.l10n.t('about {0} left', shownDuration(milliseconds));
}

/** A strategy as the report names it. */
export function strategyName(strategy: SystemSummary['strategy']): string {
  switch (strategy) {
    case 'random':
      return vscode.l10n.t('random split');
    case 'is':
      return 'IS';
    case 'none':
      return vscode.l10n.t('as it is');
    default:
      return `IS + ${STRATEGY_WORDS()[strategy]}`;
  }
}

const STRATEGY_WORDS = (): Record<'weighted' | 'clamped' | 'oversampling', string> => ({
  weighted: vscode.l10n.t('weighted'),
  clamped: vscode.l10n.t('clamped'),
  oversampling: vscode.l10n.t('oversampled'),
});

/** The notes that a finished model is scored on. */
export function notesName(notes: 'test' | 'own' | 'all'): string {
  if (notes === 'all') return vscode.l10n.t('all notes');
  return notes === 'own'
    ? vscode.l10n.t('test part of its own split')
    : vscode.l10n.t('test part of a new split');
}

/** A plan that a command made, by what it is and when it was made; another by its name alone. */
export function planName(name: string): { readonly label: string; readonly date: string } {
  const [, date, kind, again = ''] =
    /^(\d{4}-\d\d-\d\d)-(train|evaluate|strategies|models|language-models)(-\d+)?$/.exec(name) ?? [];
  if (date === undefined) return { label: name, date: '' };
  const kinds: Record<string, string> = {
    train: vscode.l10n.t('Training'),
    evaluate: vscode.l10n.t('Evaluation'),
    strategies: vscode.l10n.t('Strategies'),
    models: vscode.l10n.t('Models'),
    'language-models': vscode.l10n.t('Language models'),
  };
  return { label: kinds[kind!]!, date: date + again };
}

/** How a run's model comes to its answers. */
export function howRun(run: PlannedRun): string[] {
  if (run.kind === 'train') return [strategyName(run.strategy), run.scheme];
  return [run.kind === 'prompt' ? vscode.l10n.t('language model') : notesName(run.notes)];
}

/** A run without what the whole plan has in common. */
export function runName(run: PlannedRun): string {
  return `${howRun(run).join(' · ')} · ${run.encoder} · ${vscode.l10n.t('seed {0}', run.seed)}`;
}

/** What a running plan does, in one line: `run 3 of 15 · epoch 3/40 · step 2/12 · loss 0.081 · validation F1 0.702 ▲ · …`. */
export function progressLine(state: PlanState, now: number): string {
  const { run, progress } = state;
  const number = Math.min(progress.total, progress.finished + progress.failed + 1);
  const plan = progress.total > 1 ? [vscode.l10n.t('run {0} of {1}', number, progress.total)] : [];
  const left = timeLeft(millisecondsLeft(state, now));
  return [...plan, ...(run ? runParts(run) : [vscode.l10n.t('preparing')]), ...(left ? [left] : [])].join(
    ' · ',
  );
}

function runParts(run: RunState): string[] {
  if (run.phase === 'preparing') return [vscode.l10n.t('preparing')];
  if (run.phase === 'scoring') return [vscode.l10n.t('scoring')];
  const { epoch, epochs, step, steps, loss, validationF1, notesPerSecond } = run;
  const [last, before] = validationF1;
  return [
    vscode.l10n.t('epoch {0}/{1}', epoch + 1, epochs),
    ...(steps === 0 ? [] : [vscode.l10n.t('step {0}/{1}', step + 1, steps)]),
    ...(loss === null ? [] : [vscode.l10n.t('loss {0}', decimals(loss, 3))]),
    ...(last === undefined
      ? []
      : [vscode.l10n.t('validation F1 {0}', decimals(last, 3)) + trend(last, before)]),
    ...(notesPerSecond === null ? [] : [vscode.l10n.t('{0} notes/s', decimals(notesPerSecond, 1))]),
  ];
}

function trend(last: number, before: number | undefined): string {
  if (before === undefined || last === before) return '';
  return last > before ? ' ▲' : ' ▼';
}
