import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { dollars, priceOf, requestCost, SHIPPED_PRICES } from '../../../src/core/llm/prices';
import type { TokenUsage } from '../../../src/core/llm/provider';
import { addUsage, NO_USAGE } from '../../../src/core/llm/provider';
import { askAll } from '../../../src/node/llm/askAll';
import { Journal, readJournal } from '../../../src/node/llm/journal';
import { openProvider } from '../../../src/node/llm/openProvider';
import { answer, faulty } from './faults';
import { questions } from './questions';
import type { Reaction } from './llmServer';
import { LlmServer } from './llmServer';
import { MODELS, settings } from './testedModels';

describe('asking a language model', function () {
  this.timeout(300_000);
  let folder: string;
  let server: LlmServer;
  const file = (name = 'answers.jsonl'): string => path.join(folder, name);
  beforeEach(() => (folder = mkdtempSync(path.join(os.tmpdir(), 'anamnese-llm-'))));
  afterEach(async () => {
    await server.close();
    rmSync(folder, { recursive: true, force: true });
  });

  for (const api of ['openai', 'gemini'] as const) {
    it(`answers 10,000 notes over ${api} though one in seven fails: none lost, none answered twice, tokens right`, async () => {
      server = await new LlmServer(faulty, false).listen();
      const model = settings(server, api);
      const asked = questions(model, 10_000);
      const journal = await Journal.open(file());
      let told = 0;
      const began = process.cpuUsage();
      await askAll(asked, await openProvider(model, {}, 60_000), journal, {
        concurrency: 32,
        firstWait: 10,
        onAnswer: (done, of) => {
          assert.equal(of, 10_000);
          assert.equal(done, ++told);
        },
      });
      const { user, system } = process.cpuUsage(began);
      await journal.close();
      assert.equal(told, 10_000);
      // Of both sides, whatever else the machine does.
      assert.ok((user + system) / 1e6 < 45, `${(user + system) / 1e6} s`);
      assert.ok(server.most > 1 && server.most <= 32, `${server.most} at once`);
      const { entries, problems } = await readJournal(file());
      assert.deepEqual(problems, []);
      assert.equal(entries.size, 10_000);
      assert.ok([...server.answered.values()].every((times) => times.length === 1));
      const failed = 10_000 * (6 / 40);
      assert.equal(
        [...server.requests.values()].reduce((sum, times) => sum + times, 0),
        10_000 + failed,
      );
      assert.equal(
        [...entries.values()].reduce((sum, { attempts }) => sum + attempts, 0),
        10_000 + failed,
      );
      const served = [...server.answered.values()].flat().reduce<TokenUsage>(addUsage, NO_USAGE);
      const kept = [...entries.values()].map(({ usage }) => usage);
      assert.deepEqual(kept.reduce(addUsage, NO_USAGE), served);
      assert.equal(kept.filter(({ cachedInput }) => cachedInput > 0).length, 10_000);
      checkCost(api, kept, served);
    });
  }

  /** In thousandths of a dollar a million tokens, by hand, against the picodollars of each request. */
  function checkCost(api: 'openai' | 'gemini', each: readonly TokenUsage[], total: TokenUsage): void {
    const price = priceOf(MODELS[api], [SHIPPED_PRICES])!;
    const cost = each.reduce((sum, usage) => sum + requestCost(usage, price), 0n);
    const [input, cached, output] = { openai: [250, 25, 2000], gemini: [300, 30, 2500] }[api] as [
      number,
      number,
      number,
    ];
    const thousandths =
      (total.input - total.cachedInput) * input + total.cachedInput * cached + total.output * output;
    assert.equal(cost, BigInt(thousandths) * 1000n);
    assert.equal(Number(dollars(cost)), thousandths / 1e9);
  }

  it('asks nothing again after kill -9 that was kept, and drops half a line with a word', async () => {
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    server = await new LlmServer(async (asked) => {
      // The 300th note and those after it are left hanging until the process is dead.
      if (Number(/nota (\d+)/.exec(asked.user)![1]) >= 300 && asked.time === 1) await held;
      return answer(asked);
    }).listen();
    const model = settings(server, 'openai');
    const child = spawn(
      process.execPath,
      ['--import', 'tsx', path.join(import.meta.dirname, 'killedAsking.ts'), server.url(), file(), '400'],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    await new Promise<void>((resolve) => {
      let said = '';
      child.stdout.on('data', (more: Buffer) => {
        said += more.toString();
        if (said.includes('300 of 400\n')) resolve();
      });
    });
    child.kill('SIGKILL');
    await new Promise((resolve) => child.on('exit', resolve));
    release();
    const kept = new Set((await readJournal(file())).entries.keys());
    assert.equal(kept.size, 300);
    appendFileSync(file(), readFileSync(file(), 'utf8').slice(0, 100));
    const asked = questions(model, 400);
    const before = server.seen.length;
    const journal = await Journal.open(file());
    assert.deepEqual(journal.problems, [
      `${file()}:301: half an answer, left by a process that was ended: dropped`,
    ]);
    await askAll(asked, await openProvider(model, {}, 60_000), journal, { concurrency: 8 });
    await journal.close();
    const again = server.seen.slice(before).map(({ user }) => user);
    assert.equal(again.length, 100);
    const keyOf = new Map(asked.map(({ key, request }) => [request.user, key]));
    assert.ok(again.every((user) => !kept.has(keyOf.get(user)!)));
    const { entries, problems } = await readJournal(file());
    assert.equal(entries.size, 400);
    assert.deepEqual(problems, []);
  });

  it('drops a line that is damaged, and asks about its note alone', async () => {
    server = await new LlmServer(answer).listen();
    const model = settings(server, 'gemini');
    const asked = questions(model, 5);
    const ask = async (): Promise<readonly string[]> => {
      const journal = await Journal.open(file());
      await askAll(asked, await openProvider(model, {}, 60_000), journal, { concurrency: 1 });
      await journal.close();
      return journal.problems;
    };
    await ask();
    const lines = readFileSync(file(), 'utf8').split('\n');
    writeFileSync(file(), lines.with(2, lines[2]!.slice(0, 50)).join('\n'));
    assert.deepEqual(await ask(), [`${file()}:3: no answer can be read: its note is asked about again`]);
    assert.equal(server.seen.length, 6);
    assert.equal(server.seen[5]!.user, asked[2]!.request.user);
  });

  it('waits as long as it is told, and all questions with the one', async () => {
    const times: number[] = [];
    server = await new LlmServer((asked) => {
      times.push(performance.now());
      return times.length === 1 ? { status: 429, retryAfter: 1 } : answer(asked);
    }).listen();
    for (const api of ['openai', 'gemini'] as const) {
      times.length = 0;
      const model = settings(server, api);
      const journal = await Journal.open(file(api));
      await askAll(questions(model, 3), await openProvider(model, {}, 60_000), journal, { concurrency: 1 });
      await journal.close();
      assert.equal(times.length, 4);
      assert.ok(times[1]! - times[0]! >= 990, `${api}: ${times[1]! - times[0]!} ms`);
    }
  });

  it('keeps to requests and tokens a minute', async () => {
    server = await new LlmServer(answer).listen();
    const model = settings(server, 'openai');
    const spent = async (name: string, notes: number, limits: object): Promise<number> => {
      const journal = await Journal.open(file(name));
      const began = performance.now();
      await askAll(questions(model, notes), await openProvider(model, {}, 60_000), journal, {
        concurrency: 2,
        ...limits,
      });
      await journal.close();
      return performance.now() - began;
    };
    await spent('free', 12, {});
    assert.ok((await spent('requests', 6, { requestsPerMinute: 300 })) >= 990, 'five gaps of 200 ms');
    const tokens = [...(await readJournal(file('free'))).entries.values()].reduce(
      (sum, { usage }) => sum + usage.input + usage.output,
      0,
    );
    const limited = await spent('tokens', 12, { tokensPerMinute: tokens * 30 });
    assert.ok(limited > 1400, `${limited} ms where all of them may take 2 s`);
  });

  it('stops at once where another time has no chance, keeps what was answered, and quotes nobody', async () => {
    server = await new LlmServer((asked) =>
      asked.user.includes('nota 3 ') ? { status: 401, code: 'invalid_api_key' } : answer(asked),
    ).listen();
    for (const api of ['openai', 'gemini'] as const) {
      const model = settings(server, api);
      const journal = await Journal.open(file(api));
      const provider = await openProvider(model, {}, 60_000);
      await assert.rejects(
        askAll(questions(model, 50), provider, journal, { concurrency: 1 }),
        (error: Error) => {
          assert.match(
            error.message,
            /^127\.0\.0\.1:\d+: answers 401 \(invalid_api_key\): the key is missing/,
          );
          assert.match(error.message, /3 of 50 notes are answered and kept; the same command goes on$/);
          assert.doesNotMatch(error.message, /nota/);
          return true;
        },
      );
      await journal.close();
      assert.equal((await readJournal(file(api))).entries.size, 3);
    }
  });

  it('gives up after some times, and where it is told to wait for long', async () => {
    const failing: Reaction[] = [
      { status: 503 },
      { cut: 'before' },
      { status: 429, code: 'insufficient_quota' },
      { status: 429, retryAfter: 3600 },
    ];
    let reaction = failing[0]!;
    server = await new LlmServer(() => reaction).listen();
    const messages = [
      /answers 503, 3 times over;/,
      /the connection failed \(\w+\), 3 times over;/,
      /answers 429 \(insufficient_quota\): the account has no credit left; 0 of 2/,
      /answers 429, and asks to wait for 60 minutes;/,
    ];
    const model = settings(server, 'openai');
    const provider = await openProvider(model, {}, 60_000);
    for (const [i, one] of failing.entries()) {
      reaction = one;
      const journal = await Journal.open(file());
      const asking = askAll(questions(model, 2), provider, journal, {
        concurrency: 1,
        attempts: 3,
        firstWait: 5,
      });
      await assert.rejects(asking, messages[i]!);
      await journal.close();
    }
  });

  it('ends an answer that takes too long, and stops when told', async () => {
    server = await new LlmServer(async (asked) => {
      if (asked.time === 1) await new Promise((resolve) => setTimeout(resolve, 30_000).unref());
      return answer(asked);
    }).listen();
    for (const api of ['openai', 'gemini'] as const) {
      const model = settings(server, api);
      const journal = await Journal.open(file(api));
      await askAll(questions(model, 2), await openProvider(model, {}, 200), journal, {
        concurrency: 2,
        firstWait: 5,
      });
      assert.equal([...(await readJournal(file(api))).entries.values()][0]!.attempts, 2);
      const stop = new AbortController();
      setTimeout(() => stop.abort(), 100);
      const began = performance.now();
      const stopped = askAll(questions(model, 4), await openProvider(model, {}, 60_000), journal, {
        concurrency: 2,
        signal: stop.signal,
      });
      await assert.rejects(stopped, { name: 'AbortError' });
      assert.ok(performance.now() - began < 2000);
      await journal.close();
    }
  });
});
