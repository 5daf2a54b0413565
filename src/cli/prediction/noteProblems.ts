/** What goes wrong with single notes: one clear line each, and the others go on. */
export class NoteProblems {
  count = 0;
  readonly report = (error: unknown): undefined => {
    this.count++;
    warn(error instanceof Error ? error.message : String(error));
    return undefined;
  };
  readonly none = (error: unknown): [] => {
    this.report(error);
    return [];
  };
}

/** Where a terminal shows progress, the line takes its place. */
export function warn(line: string): void {
  console.error(`${process.stderr.isTTY ? '\r\x1b[K' : ''}anamnese: ${line}`);
}
