// npm run bench:llm [-- NOTES]: language models asked over both wire formats on this machine, one request in seven
// failing, and asked again with all answers there.
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { settingsOf } from '../src/core/llm/languageModel';
import { dollars, priceOf, requestCost, SHIPPED_PRICES } from '../src/core/llm/prices';
import { STUDY_TEMPLATE } from '../src/core/llm/prompt';
import type { TokenUsage } from '../src/core/llm/provider';
import { addUsage, NO_USAGE } from '../src/core/llm/provider';
import { askAll } from '../src/node/llm/askAll';
import { Journal, readJournal } from '../src/node/llm/journal';
import { openProvider } from '../src/node/llm/openProvider';
import { faulty } from '../test/node/llm/faults';
import { LlmServer } from '../test/node/llm/llmServer';
import { questions } from '../test/node/llm/questions';

const notes = Number(process.argv[2] ?? 10_000);
const MODELS = { openai: 'gpt-5-mini', gemini: 'gemini-2.5-flash' } as const;

async function measure(api: 'openai' | 'gemini', folder: string) {
  const server = await new LlmServer(faulty, false).listen();
  const asked = {
    shots: 1,
    template: STUDY_TEMPLATE,
    grounding: 'in-order',
    endpoint: server.url(api),
  } as const;
  const model = settingsOf({ model: MODELS[api], effort: undefined }, asked);
  const file = path.join(folder, `${api}.jsonl`);
  const provider = await openProvider(model, {}, 60_000);
  const ask = async (): Promise<number> => {
    const began = performance.now();
    const journal = await Journal.open(file);
    await askAll(questions(model, notes), provider, journal, { concurrency: 32, firstWait: 10 });
    await journal.close();
    return (performance.now() - began) / 1000;
  };
  const cpu = process.cpuUsage();
  const seconds = await ask();
  const { user, system } = process.cpuUsage(cpu);
  const requests = (): number => [...server.requests.values()].reduce((sum, times) => sum + times, 0);
  const sent = requests();
  const again = await ask();
  const { entries } = await readJournal(file);
  const kept = [...entries.values()].map(({ usage }) => usage);
  const served = [...server.answered.values()].flat().reduce<TokenUsage>(addUsage, NO_USAGE);
  const price = priceOf(model.model, [SHIPPED_PRICES])!;
  await server.close();
  return {
    api,
    notes,
    seconds: seconds.toFixed(1),
    'CPU s, both sides': ((user + system) / 1e6).toFixed(1),
    requests: sent,
    failed: sent - notes,
    lost: notes - entries.size,
    'answered twice': [...server.answered.values()].filter((times) => times.length > 1).length,
    'sent again': requests() - sent,
    'seconds again': again.toFixed(2),
    'tokens off': Math.abs(sum(kept.reduce(addUsage, NO_USAGE)) - sum(served)),
    USD: dollars(kept.reduce((total, usage) => total + requestCost(usage, price), 0n)),
  };
}

function sum({ input, cachedInput, output, reasoning }: TokenUsage): number {
  return input + cachedInput + output + reasoning;
}

void (async () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'anamnese-llm-'));
  try {
    const rows = [await measure('openai', folder), await measure('gemini', folder)];
    console.log(JSON.stringify(rows, null, 1));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
})();
