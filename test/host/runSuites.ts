import { readdirSync } from 'node:fs';
import path from 'node:path';
import Mocha from 'mocha';

/** Runs the suites of a kind beside this file; rejects when a test fails or none ran. */
export async function runSuites(kind: '.vscode' | '.untrusted'): Promise<void> {
  const reporter = path.resolve(__dirname, '../../test/countingReporter.cjs');
  const mocha = new Mocha({ ui: 'bdd', timeout: 180_000, reporter });
  mocha.addFile(path.join(__dirname, 'everySuite.js'));
  for (const file of readdirSync(__dirname).sort()) {
    if (file.endsWith(`${kind}.test.js`) && isWanted(file)) mocha.addFile(path.join(__dirname, file));
  }
  const failures = await new Promise<number>((resolve, reject) => {
    const runner = mocha.run((failed) =>
      runner.total === 0 ? reject(new Error('no test ran')) : resolve(failed),
    );
  });
  if (failures > 0) throw new Error(`${failures} failed`);
}

/** Names of files hold one of the words that `testHost.mjs` was told, where it was told any. */
function isWanted(file: string): boolean {
  const words = (process.env.ANAMNESE_HOST_ONLY ?? '').split(' ').filter((word) => word !== '');
  return words.length === 0 || words.some((word) => file.includes(word));
}
