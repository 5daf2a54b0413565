import type { Problem } from '../core/corpus/document';

/** A problem as one line: `file:line: error: message`. */
export function problemLine({ file, line, severity, message }: Problem): string {
  return `${file}${line === undefined ? '' : `:${line}`}: ${severity}: ${message}`;
}

/** Writes every problem to standard error; an error, by which something was left out, makes the exit code 1. */
export function printProblems(problems: readonly Problem[]): void {
  for (const problem of problems) console.error(`anamnese: ${problemLine(problem)}`);
  if (problems.some(({ severity }) => severity === 'error')) process.exitCode = 1;
}
