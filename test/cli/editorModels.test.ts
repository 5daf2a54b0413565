import assert from 'node:assert/strict';
import { existsSync, rmSync } from 'node:fs';
import path from 'node:path';
import { toyFolder } from '../node/training/toyRun';
import { runAnamnese } from './askedToy';

describe('anamnese compare with a language model of VS Code', function () {
  this.timeout(60_000);
  let folder: string;
  before(() => (folder = toyFolder(24)));
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('says that only the editor can ask it, whatever is agreed to', async () => {
    const model = ['--llm', 'gpt-4o', '--endpoint', 'vscode-lm://copilot/gpt-4o'];
    const asked = ['compare', 'notes.jsonl', ...model, '--seeds', '1', '--out', 'plan'];
    for (const more of [[], ['--send-notes-to', 'copilot/gpt-4o']]) {
      const { code, error } = await runAnamnese(folder, [...asked, ...more]);
      assert.equal(code, 1);
      assert.match(
        error,
        /^anamnese: gpt-4o: is a language model of VS Code, which alone can ask it: resume/m,
      );
      assert.ok(!existsSync(path.join(folder, 'plan', 'runs')));
    }
  });
});
