import type { Problem } from '../core/corpus/document';

/** A problem as one line: `file:line: error: message`. */
export function problemLine({ file, line, severity, message }: Problem): string {
  return `${file}${line === undefined ? '' : `:${line}`}: ${severity}: ${message}`;
}

/** Problems of a kind that are shown one by one, where not all are asked for. */
const SHOWN = 5;

/**
 * Writes problems to standard error, `all` of them or a few of each kind and how many more there are; an error, by
 * which something was left out, makes the exit code 1.
 */
export function printProblems(problems: readonly Problem[], all = false): void {
  const seen = new Map<string, number>();
  for (const problem of problems) {
    const kind = kindOf(problem);
    const count = (seen.get(kind) ?? 0) + 1;
    seen.set(kind, count);
    if (all || count <= SHOWN) console.error(`anamnese: ${problemLine(problem)}`);
  }
  for (const [kind, count] of seen) {
    if (!all && count > SHOWN) console.error(`anamnese: … and ${count - SHOWN} more like these: ${kind}`);
  }
  if (problems.some(({ severity }) => severity === 'error')) process.exitCode = 1;
}

/** A problem's message without what differs from place to place. */
function kindOf({ severity, message }: Problem): string {
  return `${severity}: ${message.replace(/"[^"]*"|\d[\d;-]*|is named .*/g, '…')}`;
}
