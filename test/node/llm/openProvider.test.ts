import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { settingsOf } from '../../../src/core/llm/languageModel';
import { STUDY_TEMPLATE } from '../../../src/core/llm/prompt';
import { askAll } from '../../../src/node/llm/askAll';
import { checkConsent } from '../../../src/node/llm/consent';
import { Journal, readJournal } from '../../../src/node/llm/journal';
import { openProvider } from '../../../src/node/llm/openProvider';
import { answer } from './faults';
import type { Asked } from './llmServer';
import { LlmServer } from './llmServer';
import { questions } from './questions';
import { settings } from './testedModels';

describe('the provider of a language model', function () {
  this.timeout(60_000);
  let folder: string;
  let server: LlmServer;
  const file = (name: string): string => path.join(folder, name);
  beforeEach(() => (folder = mkdtempSync(path.join(os.tmpdir(), 'anamnese-llm-'))));
  afterEach(async () => {
    await server.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('keeps refusals and answers without an end as what they are', async () => {
    server = await new LlmServer((asked) =>
      asked.api === 'openai' && asked.user.includes('nota 1 ')
        ? { status: 400, code: 'content_filter' }
        : { content: '', refusal: true },
    ).listen();
    for (const api of ['openai', 'gemini'] as const) {
      const model = settings(server, api);
      const journal = await Journal.open(file(api));
      await askAll(questions(model, 2), await openProvider(model, {}, 60_000), journal, { concurrency: 1 });
      await journal.close();
      const ended = [...(await readJournal(file(api))).entries.values()].map((entry) => entry.ended);
      assert.deepEqual(ended, ['refused', 'refused']);
    }
  });

  it('sends the prompt, the schema and the effort, and a provider’s key to nobody else', async () => {
    server = await new LlmServer(answer).listen();
    const environment = { OPENAI_API_KEY: 'secret', GEMINI_API_KEY: 'secret', ANAMNESE_LLM_KEY: 'own' };
    for (const api of ['openai', 'gemini'] as const) {
      const model = settings(server, api);
      const journal = await Journal.open(file(api));
      await askAll(questions(model, 1), await openProvider(model, environment, 60_000), journal, {
        concurrency: 1,
      });
      await journal.close();
    }
    const [openai, gemini] = server.seen as [Asked, Asked];
    assert.deepEqual([openai.authorization, gemini.authorization], ['Bearer own', 'own']);
    assert.equal(openai.system, 'the system prompt');
    assert.equal(openai.body.reasoning_effort, 'low');
    assert.deepEqual(openai.body.response_format, {
      type: 'json_schema',
      json_schema: { name: 'entities', strict: true, schema: { type: 'object' } },
    });
    const { generationConfig } = gemini.body as { generationConfig: Record<string, unknown> };
    assert.deepEqual(generationConfig, {
      responseMimeType: 'application/json',
      responseJsonSchema: { type: 'object' },
    });
  });

  it('needs a key for a provider’s own server, and consent for every host but this machine', async () => {
    server = await new LlmServer(answer).listen();
    const remote = settingsOf(
      { model: 'gpt-5', effort: undefined },
      { shots: 1, template: STUDY_TEMPLATE, grounding: 'in-order' },
    );
    await assert.rejects(openProvider(remote, {}, 1), /put it into the environment as OPENAI_API_KEY$/);
    assert.throws(() => checkConsent(remote, []), /nothing is sent .* --send-notes-to api\.openai\.com$/);
    assert.throws(() => checkConsent(remote, ['openai.com', 'generativelanguage.googleapis.com']));
    checkConsent(remote, ['api.openai.com']);
    checkConsent(settings(server, 'openai'), []);
    const posing = { ...remote, endpoint: 'http://127.0.0.1.example.org/v1' };
    assert.throws(() => checkConsent(posing, []), /127\.0\.0\.1\.example\.org, without encryption/);
  });
});
