import { readdirSync } from 'node:fs';
import path from 'node:path';
import Mocha from 'mocha';

/** What the extension host calls: runs every suite beside this file; rejects when a test fails or none ran. */
export async function run(): Promise<void> {
  const reporter = path.resolve(__dirname, '../../test/countingReporter.cjs');
  const mocha = new Mocha({ ui: 'bdd', timeout: 180_000, reporter });
  for (const file of readdirSync(__dirname).sort()) {
    if (file.endsWith('.vscode.test.js')) mocha.addFile(path.join(__dirname, file));
  }
  const failures = await new Promise<number>((resolve, reject) => {
    const runner = mocha.run((failed) =>
      runner.total === 0 ? reject(new Error('no test ran')) : resolve(failed),
    );
  });
  if (failures > 0) throw new Error(`${failures} failed`);
}
