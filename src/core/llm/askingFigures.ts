import type { GroundingCounts } from './ground';
import type { TokenUsage } from './provider';

/** What a run of a language model took, see `record.json`. */
export interface AskingTotals {
  readonly answers: number;
  readonly answerSeconds: number;
  readonly tokens: TokenUsage;
  /** US dollars; null where no price is known. */
  readonly dollars: string | null;
  readonly quotations: GroundingCounts;
}

/** The study's table of cost: means over the notes of all runs. */
export interface AskingFigures {
  readonly answers: number;
  /** Until the answer to a note is there. */
  readonly seconds: number;
  /** Of prompt and answer together. */
  readonly tokens: number;
  /** Undefined where a run's price is not known. */
  readonly dollarsPer1000: number | undefined;
  /** Share of the quotations that have no place in their notes. */
  readonly notGrounded: number;
}

export function askingFigures(runs: readonly AskingTotals[]): AskingFigures {
  const sum = (of: (run: AskingTotals) => number): number => runs.reduce((total, run) => total + of(run), 0);
  const answers = sum((run) => run.answers);
  const each = (total: number): number => (answers === 0 ? 0 : total / answers);
  const lost = sum(({ quotations: { invented, surplus } }) => invented + surplus);
  const quoted = lost + sum(({ quotations: { exact, folded } }) => exact + folded);
  return {
    answers,
    seconds: each(sum((run) => run.answerSeconds)),
    tokens: each(sum(({ tokens: { input, output } }) => input + output)),
    dollarsPer1000: runs.some(({ dollars }) => dollars === null)
      ? undefined
      : each(sum(({ dollars }) => Number(dollars))) * 1000,
    notGrounded: quoted === 0 ? 0 : lost / quoted,
  };
}
