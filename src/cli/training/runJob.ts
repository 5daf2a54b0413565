import type { TrainingJob } from '../../core/train/settings/jobs';
import type { PartScores, RunEvent, RunResult } from '../../core/train/loop/runEvents';
import { Progress } from './progress';
import { trainInProcess } from './trainerProcess';

/** The exit code of a program that a signal stopped. */
const INTERRUPTED = 130;

/** Runs a job, showing what it does on standard error, or every event as a JSON line on standard output. */
export async function runJob(job: TrainingJob, json: boolean): Promise<void> {
  const progress = new Progress(process.stderr, () => performance.now());
  let saved: { epoch: number; step: number } | undefined;
  const onEvent = (event: RunEvent): void => {
    if (event.type === 'saved') saved = event;
    if (event.type === 'started') saved = event.resumedAt;
    if (event.type === 'problem' && event.problem.severity === 'error') process.exitCode = 1;
    if (json) printJson(event);
    else progress.show(event);
  };
  try {
    const ending = await trainInProcess(job, onEvent);
    progress.end();
    if (ending.type === 'result' && ending.result.reason !== 'stopped') return report(ending.result, json);
    process.exitCode = INTERRUPTED;
    if (json) printJson({ type: 'stopped', saved: saved ?? null });
    console.error(`anamnese: stopped; ${whatIsLeft(saved)}`);
  } catch (error) {
    progress.end();
    if (json) printJson({ type: 'failed', message: (error as Error).message });
    throw error;
  }
}

function whatIsLeft(saved: { epoch: number; step: number } | undefined): string {
  if (!saved) return 'nothing was saved yet, the same command begins again';
  return `the same command goes on at epoch ${saved.epoch + 1}, step ${saved.step + 1}`;
}

function report(result: RunResult, json: boolean): void {
  if (json) return printJson(result);
  for (const part of ['validation', 'test'] as const) {
    const scores = result.scores[part];
    if (scores) process.stdout.write(`${scoreLine(part, scores)}\n`);
  }
  process.stdout.write(`written to ${result.out}\n`);
}

function scoreLine(part: string, { notes, tokens, characters, words, entities }: PartScores): string {
  const both = (name: string, { microF1, macroF1 }: { microF1: number; macroF1: number }): string =>
    `${name} ${microF1.toFixed(4)}/${macroF1.toFixed(4)}`;
  const each = [
    both('tokens', tokens),
    both('characters', characters),
    both('words', words),
    both('entities', entities),
  ];
  return `${part} (${notes} notes), micro/macro F1: ${each.join(', ')}`;
}

function printJson(event: unknown): void {
  process.stdout.write(`${JSON.stringify(event)}\n`);
}
