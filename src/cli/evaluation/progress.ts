/** How many notes are done, in one line that a terminal rewrites; nothing where standard error is a file. */
export class Progress {
  private done = 0;

  constructor(private readonly total: number) {}

  step(): void {
    this.done++;
    if (!process.stderr.isTTY) return;
    const last = this.done >= this.total;
    process.stderr.write(`\ranamnese: note ${this.done} of ${this.total}${last ? '\n' : ''}`);
  }
}
