import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { checkPolicy, firstForbidden, policyPath } from '../../../src/node/llm/policy';

describe('the policy of a machine', () => {
  let folder: string;
  before(() => (folder = mkdtempSync(path.join(os.tmpdir(), 'anamnese-policy-'))));
  after(() => rmSync(folder, { recursive: true, force: true }));
  const file = (): string => path.join(folder, 'policy.json');
  const says = (remote: unknown): void =>
    writeFileSync(file(), JSON.stringify({ format: 'anamnese-policy', version: 1, remote }));
  const openai = 'https://api.openai.com/v1';

  it('is nobody’s where there is none', async () => {
    await checkPolicy(openai, path.join(folder, 'none.json'));
  });

  it('turns everything off but this machine, or allows some hosts', async () => {
    says(false);
    await assert.rejects(checkPolicy(openai, file()), /does not allow notes to be sent to api\.openai\.com$/);
    await checkPolicy('http://localhost:11434/v1', file());
    says(['llm.hospital.example:8443']);
    await assert.rejects(checkPolicy(openai, file()));
    await assert.rejects(checkPolicy('https://llm.hospital.example/v1', file()));
    await checkPolicy('https://llm.hospital.example:8443/v1', file());
    const asked = ['http://localhost/v1', 'https://llm.hospital.example:8443/v1'];
    assert.equal(await firstForbidden(asked, file()), null);
    const no = { host: 'api.openai.com', policy: file() };
    assert.deepEqual(await firstForbidden([...asked, openai], file()), no);
    says(true);
    await checkPolicy(openai, file());
  });

  it('forbids where it cannot be understood', async () => {
    for (const text of [
      '',
      '{',
      '{"remote": true}',
      '{"format":"anamnese-policy","version":1,"remote":"no"}',
    ]) {
      writeFileSync(file(), text);
      await assert.rejects(checkPolicy(openai, file()), /no note is sent until it is mended$/, text);
    }
    await assert.rejects(checkPolicy(openai, folder), /cannot be read \(EISDIR\): no note is sent$/);
  });

  it('lies where only administrators write', () => {
    assert.equal(policyPath('linux'), '/etc/anamnese/policy.json');
    assert.equal(policyPath('darwin'), '/Library/Application Support/Anamnese/policy.json');
    assert.equal(policyPath('win32'), 'C:\\ProgramData\\Anamnese\\policy.json');
  });
});
