import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { AskEditor, EditorQuestion } from '../../../src/core/llm/editorModels';
import { settingsOf } from '../../../src/core/llm/languageModel';
import { STUDY_TEMPLATE } from '../../../src/core/llm/prompt';
import { NO_USAGE } from '../../../src/core/llm/provider';
import { askAll } from '../../../src/node/llm/askAll';
import { checkConsent } from '../../../src/node/llm/consent';
import { Journal } from '../../../src/node/llm/journal';
import { openProvider } from '../../../src/node/llm/openProvider';
import { checkPolicy } from '../../../src/node/llm/policy';
import { questions } from './questions';

const model = settingsOf(
  { model: 'gpt-4o', effort: undefined },
  {
    endpoint: 'vscode-lm://copilot/gpt-4o',
    shots: 1,
    template: STUDY_TEMPLATE,
    grounding: 'in-order',
  },
);
const answer = { content: '{}', ended: 'whole', usage: { ...NO_USAGE, input: 3, output: 1 } } as const;

describe('the provider of VS Code’s language models', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(path.join(os.tmpdir(), 'anamnese-editor-'))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  async function asked(ask: AskEditor, count: number, timeout = 60_000, signal?: AbortSignal) {
    const journal = await Journal.open(path.join(folder, 'answers.jsonl'));
    try {
      const provider = await openProvider(model, {}, timeout, ask);
      const options = { concurrency: 2, firstWait: 1, attempts: 4, signal };
      const all = questions(model, count);
      await askAll(all, provider, journal, options);
      return all.map(({ key }) => journal.get(key)!);
    } finally {
      await journal.close();
    }
  }

  it('has a window asked each question once, and again what it failed with for now', async () => {
    const seen: EditorQuestion[] = [];
    const entries = await asked(async (question) => {
      seen.push(question);
      if (seen.length === 1) return { type: 'failed', message: 'copilot/gpt-4o: not now', chance: 'again' };
      if (seen.length === 2) throw new Error('the window is gone');
      return { type: 'answer', answer };
    }, 5);
    assert.equal(seen.length, 7);
    assert.deepEqual([seen[0]!.endpoint, seen[0]!.model], ['vscode-lm://copilot/gpt-4o', 'gpt-4o']);
    assert.deepEqual(
      entries.map(({ content, usage }) => [content, usage]),
      entries.map(() => [answer.content, answer.usage]),
    );
    await asked(() => assert.fail('all is answered'), 5);
  });

  it('gives up on what will not pass, after some time, and at once where it is stopped', async () => {
    const no = { type: 'failed', message: 'copilot/gpt-4o: not allowed', chance: 'never' } as const;
    await assert.rejects(
      asked(async () => no, 3),
      /^Error: copilot\/gpt-4o: not allowed; 0 of 3 notes/,
    );
    const hanging: AskEditor = () => new Promise(() => undefined);
    await assert.rejects(asked(hanging, 1, 5), /copilot\/gpt-4o: no answer in time, 4 times over/);
    const abort = new AbortController();
    const stopped = asked(hanging, 1, 60_000, abort.signal);
    setTimeout(() => abort.abort(new Error('stopped')), 20);
    await assert.rejects(stopped, /^Error: stopped$/);
    await assert.rejects(
      asked(async () => Promise.reject(new Error('a note')), 1),
      /copilot\/gpt-4o: VS Code is gone, 4 times over/,
    );
  });

  it('needs VS Code, consent to vendor and family, and no policy against them', async () => {
    await assert.rejects(openProvider(model, {}, 1), /gpt-4o: is a language model of VS Code, which alone/);
    for (const agreed of [[], ['copilot'], ['copilot/gpt-5']])
      assert.throws(() => checkConsent(model, agreed), /to copilot\/gpt-4o: nothing is sent unless/);
    checkConsent(model, ['copilot/gpt-4o']);
    const policy = path.join(folder, 'policy.json');
    const says = (remote: unknown): void =>
      writeFileSync(policy, JSON.stringify({ format: 'anamnese-policy', version: 1, remote }));
    says(['api.openai.com']);
    await assert.rejects(checkPolicy(model.endpoint, policy), /to copilot\/gpt-4o$/);
    says(['copilot/gpt-4o']);
    await checkPolicy(model.endpoint, policy);
  });
});
