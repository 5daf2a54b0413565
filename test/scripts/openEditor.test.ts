import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import path from 'node:path';

const start = path.resolve(__dirname, '../../scripts/openEditor.mjs');

describe('npm start where no VS Code can be had', () => {
  it('says in one line what to install', () => {
    // The platform is what decides; this machine's own may well have one.
    const program = `
      Object.defineProperty(process, 'platform', { value: 'darwin' });
      const { openEditor } = await import(${JSON.stringify(start)});
      await openEditor('/').catch(({ message }) => console.error(message));
    `;
    const { stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
      encoding: 'utf8',
      env: { ...process.env, PATH: '' },
    });
    assert.match(
      stderr,
      /^code-server is fetched for Linux .* not for darwin \w+: install VS Code .*`code`.*\n$/,
    );
  });
});
