import assert from 'node:assert/strict';
import { hostOf, isLoopback, isNamedHost } from '../../../src/core/hosts';
import { editorEndpoint, parseEditorEndpoint } from '../../../src/core/llm/editorModels';
import { settingsOf } from '../../../src/core/llm/languageModel';
import { STUDY_TEMPLATE } from '../../../src/core/llm/prompt';

describe('a language model of VS Code', () => {
  const copilot = 'vscode-lm://copilot/gpt-4o';

  it('has vendor and family in the place of a server', () => {
    assert.equal(editorEndpoint({ vendor: 'copilot', family: 'gpt-4o' }), copilot);
    for (const model of [
      { vendor: 'copilot', family: 'gpt-4o' },
      { vendor: 'a/b', family: 'Llama 3.1, 8B @ home/ção' },
    ])
      assert.deepEqual(parseEditorEndpoint(editorEndpoint(model)), model);
    for (const server of ['https://copilot/gpt-4o', 'vscode-lm://copilot', 'vscode-lm:copilot/gpt-4o'])
      assert.equal(parseEditorEndpoint(server), undefined, server);
  });

  it('is agreed to by both, is no host, and never this machine, whatever it calls itself', () => {
    assert.equal(hostOf(copilot), 'copilot/gpt-4o');
    assert.ok(isNamedHost(copilot, ' Copilot/gpt-4o '));
    for (const named of ['copilot', 'gpt-4o', 'copilot/gpt-5', '']) assert.ok(!isNamedHost(copilot, named));
    assert.ok(!isNamedHost('https://copilot/gpt-4o', 'copilot/gpt-4o'));
    for (const vendor of ['localhost', '127.0.0.1', '[::1]']) {
      const endpoint = editorEndpoint({ vendor, family: 'x' });
      assert.ok(!isLoopback(endpoint), endpoint);
      assert.ok(!isNamedHost(endpoint, vendor));
    }
    assert.ok(!hostOf(editorEndpoint({ vendor: 'a,b', family: 'c,d' })).includes(','), 'lists have commas');
  });

  it('is asked by VS Code, under the name that it has there', () => {
    const asked = { endpoint: copilot, shots: 1, template: STUDY_TEMPLATE, grounding: 'in-order' } as const;
    const { api, model, endpoint, effort } = settingsOf({ model: 'gpt-4o@2024', effort: undefined }, asked);
    assert.deepEqual([api, model, endpoint, effort], ['vscode', 'gpt-4o@2024', copilot, undefined]);
    assert.throws(
      () => settingsOf({ model: 'x', effort: undefined }, { ...asked, endpoint: 'vscode-lm://copilot' }),
      /an endpoint is a URL such as/,
    );
  });
});
