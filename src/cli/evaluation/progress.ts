/** How many notes are done, in one line that a terminal rewrites; nothing where standard error is a file. */
export function noteProgress(done: number, of: number): void {
  if (!process.stderr.isTTY) return;
  process.stderr.write(`\ranamnese: note ${done} of ${of}${done >= of ? '\n' : ''}`);
}
