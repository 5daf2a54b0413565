import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { temporaryFolder } from '../temporaryFolder';

describe('the VS Code that does not hear of trusting every workspace', () => {
  it('is told all else, and ends as it ends', async function () {
    if (process.platform === 'win32') this.skip();
    const { untrustingCode } = await import('../../scripts/untrustingCode.mjs');
    const code = path.join(temporaryFolder('code'), 'a code');
    writeFileSync(code, '#!/bin/sh\nprintf "%s\\n" "$@"\nexit 3\n', { mode: 0o755 });
    const given = ['--a folder', '--disable-workspace-trust', '--extensionTestsPath=x'];
    const { status, stdout } = spawnSync(untrustingCode(code), given, { encoding: 'utf8' });
    assert.deepEqual([status, stdout], [3, '--a folder\n--extensionTestsPath=x\n']);
  });
});
