import assert from 'node:assert/strict';
import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { predictedNote, runRecord, tokenScores } from '../../src/core/experiments/runFiles';
import type { Ended, Gold } from './askedToy';
import { goldIn, headerOf, metricsIn, runAnamnese } from './askedToy';
import { toyFolder } from '../node/training/toyRun';
import type { Asked, Reaction } from '../node/llm/llmServer';
import { hashOf, LlmServer } from '../node/llm/llmServer';

describe('anamnese compare with language models', function () {
  this.timeout(180_000);
  let folder: string;
  let server: LlmServer;
  /** What is right for each note. */
  let gold: Gold;
  let react: (asked: Asked) => Reaction;

  before(async () => {
    folder = toyFolder(24);
    gold = await goldIn(at('notes.jsonl'));
    server = await new LlmServer((asked) => react(asked)).listen();
  });
  beforeEach(() => {
    react = right;
    server.seen.length = 0;
    server.answered.clear();
    server.requests.clear();
  });
  after(async () => {
    await server.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const at = (...names: string[]): string => path.join(folder, ...names);
  const noteOf = ({ user }: Asked): string => user.replace('# Clinical note:\n', '');
  const goldOf = (asked: Asked) => gold.get(noteOf(asked))!;
  const right = (asked: Asked): Reaction => ({ content: JSON.stringify({ entities: goldOf(asked) }) });
  const record = (plan: string, id: string) =>
    runRecord.parse(JSON.parse(readFileSync(at(plan, 'runs', id, 'record.json'), 'utf8')));
  const metrics = (plan: string, id: string) => metricsIn(at(plan, 'runs', id, 'metrics.json'));
  const anamnese = (args: readonly string[]): Promise<Ended> => runAnamnese(folder, args);
  const asking = (out: string, llm: string, ...more: string[]): string[] => [
    ...['compare', 'notes.jsonl', '--llm', llm, '--out', out, '--seeds', '1'],
    ...(more.includes('--endpoint') || more.includes('--status') ? [] : ['--endpoint', server.url()]),
    ...more,
  ];

  it('asks both wire formats, and leaves runs as any other, with the study’s table of cost right to the token', async () => {
    const openai = await anamnese(asking('both', 'gpt-5@low'));
    assert.equal(openai.code, 0, openai.error);
    const gemini = await anamnese(asking('both', 'gemini-2.5-pro', '--endpoint', server.url('gemini')));
    assert.equal(gemini.code, 0, gemini.error);
    for (const [id, api] of [
      ['gpt-5-low-asked-1', 'openai'],
      ['gemini-2.5-pro-asked-1', 'gemini'],
    ] as const) {
      const { languageModel: told, split, strategy, cost } = record('both', id);
      const served = server.seen.filter((asked) => asked.api === api);
      assert.equal(split.notes.test, 5);
      assert.equal(served.length, 5);
      assert.equal(strategy, 'none');
      assert.ok(cost.scoreSeconds > 0 && cost.trainSeconds === 0);
      const used = served.flatMap((asked) => server.answered.get(hashOf(asked))!);
      const sum = (of: (usage: (typeof used)[number]) => number) => used.reduce((n, one) => n + of(one), 0);
      const tokens = {
        input: sum(({ input }) => input),
        cachedInput: sum(({ cachedInput }) => cachedInput),
        output: sum(({ output }) => output),
        reasoning: sum(({ reasoning }) => reasoning),
      };
      assert.deepEqual(told!.tokens, tokens);
      // Both cost 1.25, cached 0.125 and 10 dollars a million tokens.
      const thousandths =
        (tokens.input - tokens.cachedInput) * 1250 + tokens.cachedInput * 125 + tokens.output * 10_000;
      assert.equal(Number(told!.dollars), thousandths / 1e9);
      assert.equal(metrics('both', id).views.text['entities strict']!.micro.f1, 1);
      const each = ((thousandths / 1e9 / 5) * 1000).toFixed(2);
      const line = new RegExp(
        `^${id.replace('-asked-1', '')} +5 +\\d+\\.\\d +${((tokens.input + tokens.output) / 5).toFixed(0)} +${each} +0\\.0 %$`,
        'm',
      );
      assert.match(gemini.out, line);
      const markdown = readFileSync(at('both', 'table.md'), 'utf8');
      assert.match(markdown, /Language models · prices of 2026-06-01/);
      assert.ok(markdown.includes(`| ${each} |`), each);
    }
    const lines = readFileSync(at('both', 'runs', 'gpt-5-low-asked-1', 'predictions.jsonl'), 'utf8');
    for (const line of lines.trim().split('\n')) predictedNote.parse(JSON.parse(line));
  });

  it('takes examples from the training part alone, the same for the same seed, and says which', () => {
    const { parts } = JSON.parse(
      readFileSync(at('both', 'runs', 'gpt-5-low-asked-1', 'split.json'), 'utf8'),
    ) as { parts: Record<string, string[]> };
    assert.deepEqual(Object.keys(parts).sort(), ['test', 'train', 'validation']);
    const [example] = record('both', 'gpt-5-low-asked-1').languageModel!.examples;
    assert.deepEqual(record('both', 'gemini-2.5-pro-asked-1').languageModel!.examples, [example]);
    const predicted = readFileSync(at('both', 'runs', 'gpt-5-low-asked-1', 'predictions.jsonl'), 'utf8');
    assert.ok(!predicted.includes(JSON.stringify(example)));
    const place = Number(/(\d+)$/.exec(example!)![1]);
    const { text } = JSON.parse(readFileSync(at('notes.jsonl'), 'utf8').split('\n')[place - 1]!) as {
      text: string;
    };
    // (asked anew: the other tests forget what was seen)
    return anamnese(asking('again', 'gpt-5')).then(({ code }) => {
      assert.equal(code, 0);
      const [{ system }] = server.seen as [Asked];
      assert.ok(
        system.includes(`# Clinical note example:\n${text}\n# Ideal response example:\n{"entities":[{`),
      );
      assert.match(
        system,
        /The entities to extract are: Procedures, Disorders, Anatomy, Chemicals & Drugs\.\n/,
      );
    });
  });

  it('gives up on no fault that passes, and tells what an answer lacks, without a word of a note', async () => {
    const wrong = [
      { label: 'Disorders', text: 'palavra inventada' },
      { label: 'Nonsense', text: 'febre' },
      { label: 'Anatomy' },
    ];
    const faults: readonly ((asked: Asked) => Reaction)[] = [
      (asked) => (asked.time === 1 ? { status: 429, retryAfter: 0.05 } : right(asked)),
      (asked) => (asked.time === 1 ? { cut: 'within' } : right(asked)),
      (asked) => (asked.time < 3 ? { status: 500 } : right(asked)),
      (asked) => ({ content: JSON.stringify({ entities: [...goldOf(asked), ...wrong] }) }),
      // Every mention once more than it is there.
      (asked) => ({
        content: '```json\n' + JSON.stringify([...goldOf(asked), ...goldOf(asked).slice(0, 1)]) + '\n```',
      }),
    ];
    const order: string[] = [];
    react = (asked) => {
      if (!order.includes(asked.user)) order.push(asked.user);
      return faults[order.indexOf(asked.user)]!(asked);
    };
    const { code, error } = await anamnese(asking('faults', 'gpt-5-mini'));
    assert.equal(code, 0, error);
    const { languageModel: told } = record('faults', 'gpt-5-mini-asked-1');
    const mentions = order.reduce(
      (sum, user) => sum + gold.get(user.replace('# Clinical note:\n', ''))!.length,
      0,
    );
    assert.deepEqual(told!.quotations, { exact: mentions, folded: 0, invented: 1, surplus: 1 });
    assert.deepEqual(told!.problems, { unreadable: 0, repaired: 1, notAnEntity: 1, unknownLabel: 1 });
    assert.equal(told!.attempts, 5 + 1 + 1 + 2);
    const { remarks, views } = metrics('faults', 'gpt-5-mini-asked-1');
    assert.equal(views.text['entities strict']!.micro.f1, 1);
    assert.equal(remarks.length, 5);
    const words = ['palavra', 'inventada', 'febre'];
    const files = ['record.json', 'metrics.json', 'predictions.jsonl', 'counts.json', 'tokens.json'];
    for (const name of files) {
      const text = readFileSync(at('faults', 'runs', 'gpt-5-mini-asked-1', name), 'utf8');
      assert.ok(!words.some((word) => text.includes(word)), name);
    }
    assert.ok(!words.some((word) => error.includes(word)));
    assert.match(error, /127\.0\.0\.1:\d+ was asked 9 times, with \d+ characters in all/);
    assert.ok(!readFileSync(at('faults', 'report.html'), 'utf8').includes('inventada'));
    if (process.platform !== 'win32')
      assert.equal(statSync(at('faults', 'runs', 'gpt-5-mini-asked-1', 'answers.jsonl')).mode & 0o077, 0);
  });

  it('sends nothing twice: not after a stop, not for another grounding, not to a host nobody agreed to', async () => {
    react = (asked) => (server.requests.size > 3 ? { status: 401, code: 'no_key' } : right(asked));
    const stopped = await anamnese(asking('resumed', 'gpt-5-nano', '--concurrency', '1'));
    assert.equal(stopped.code, 1);
    assert.match(
      stopped.error,
      /answers 401 \(no_key\): .*; 3 of 5 notes are answered and kept; the same command goes on/,
    );
    react = right;
    const resumed = await anamnese(['compare', 'resumed']);
    assert.equal(resumed.code, 0, resumed.error);
    assert.equal(server.seen.length, 6);
    assert.ok([...server.answered.values()].every((times) => times.length === 1));
    const other = await anamnese(asking('resumed', 'gpt-5-nano', '--grounding', 'first-match'));
    assert.equal(other.code, 0, other.error);
    assert.equal(server.seen.length, 6);
    const [inOrder, first] = ['gpt-5-nano-asked-1', 'gpt-5-nano-first-match-asked-1'].map(
      (id) => metrics('resumed', id).views.text['entities strict']!.micro,
    );
    assert.equal(inOrder!.recall, 1);
    assert.ok(first!.recall < 1, 'repeated mentions fall together');
    const refused = await anamnese(asking('refused', 'gpt-4.1', '--endpoint', 'https://llm.example.org/v1'));
    assert.equal(refused.code, 1);
    assert.match(
      refused.error,
      /^anamnese: gpt-4\.1: would send the words of notes to llm\.example\.org: nothing is sent unless you agree, with --send-notes-to llm\.example\.org$/m,
    );
    assert.ok(!existsSync(at('refused', 'runs')));
    const agreed = await anamnese(
      asking(
        'keyless',
        'gpt-4.1',
        '--endpoint',
        'https://api.openai.com/v1',
        '--send-notes-to',
        'api.openai.com',
      ),
    );
    assert.match(
      agreed.error,
      /gpt-4\.1: api\.openai\.com asks for a key: put it into the environment as OPENAI_API_KEY/,
    );
  });

  it('stands beside encoders in one report: their tokens, every threshold, compared on the same notes', async () => {
    const learning = [
      '--epochs',
      '2',
      '--lr',
      '0.01',
      '--batch-tokens',
      '120',
      '--max-length',
      '32',
      '--threads',
      '1',
    ];
    const { code, error, out } = await anamnese(
      asking(
        'mixed',
        'gpt-5-mini@minimal',
        '--encoder',
        'encoder',
        '--strategies',
        'is',
        '--seeds',
        '2',
        ...learning,
      ),
    );
    assert.equal(code, 0, error);
    assert.match(out, /^gpt-5-mini-minimal asked +2 +1\.0000 ± 0\.0000 +[+−]\d/m);
    const tokens = tokenScores.parse(
      JSON.parse(readFileSync(at('mixed', 'runs', 'gpt-5-mini-minimal-asked-1', 'tokens.json'), 'utf8')),
    );
    const all = [...tokens.honest.negatives, ...tokens.honest.positives].flat();
    const ends = [...tokens.honest.negatives, ...tokens.honest.positives].flatMap((bins) => [
      bins[0]!,
      bins.at(-1)!,
    ]);
    const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
    assert.ok(sum(all) > 0 && sum(all) === sum(ends), 'decisions are 0 or 1');
    const header = headerOf(readFileSync(at('mixed', 'report.html'), 'utf8'));
    const [encoder, model] = header.systems;
    assert.equal(encoder!.strategy, 'is');
    assert.deepEqual(model, {
      encoder: 'gpt-5-mini-minimal',
      strategy: 'none',
      scheme: 'IO',
      asked: { examples: 1, grounding: 'in-order' },
    });
    const compared = header.comparisons.filter(({ view }) => view === 'characters');
    assert.deepEqual(
      compared.map(({ baseline, system, metric, test }) => [baseline, system, metric, test]),
      ['micro F1', 'macro F1'].map((metric) => [0, 1, metric, 'corrected resampled t-test, 2 common splits']),
    );
    assert.ok(
      header.runs.every(({ layouts }) => layouts.honest !== undefined && layouts.paper !== undefined),
    );
  });

  it('takes another prompt and other prices, and says what is wrong with either', async () => {
    const ask = (name: string, ...more: string[]): Promise<Ended> =>
      anamnese(asking(name, 'own-model', ...more));
    writeFileSync(
      at('prompt.txt'),
      '=== system\nAche: {entities}\n{examples}\n=== example\n{example_text} => {example_response}\n=== user\nNota: {input_text}\n',
    );
    react = (asked) => ({
      content: JSON.stringify({ entities: gold.get(asked.user.replace('Nota: ', '')) }),
    });
    const price = { model: 'own-model', input: '0.000001', cachedInput: '0', output: '1', source: 'a bill' };
    const table = {
      format: 'anamnese-prices',
      version: 1,
      date: '2026-01-31',
      currency: 'USD',
      models: [price],
    };
    writeFileSync(at('prices.json'), JSON.stringify(table));
    const own = await ask('own', '--template', 'prompt.txt', '--prices', 'prices.json', '--shots', '2');
    assert.equal(own.code, 0, own.error);
    assert.equal(server.seen[0]!.system.split(' => ').length, 3);
    const { dollars, tokens, prices } = record('own', 'own-model-2-shot-asked-1').languageModel!;
    assert.equal(Number(dollars), ((tokens.input - tokens.cachedInput) * 1 + tokens.output * 1e6) / 1e12);
    assert.deepEqual(prices, { date: '2026-01-31', source: 'a bill' });
    react = right;
    const unknown = await ask('unknown');
    assert.equal(record('unknown', 'own-model-asked-1').languageModel!.dollars, null);
    assert.match(unknown.out, /^own-model +5 +\S+ +\d+ +- +0\.0 %$/m);
    writeFileSync(
      at('half.txt'),
      '=== system\nFind {entities}\n{examples}\n=== example\n{example_text}\n=== user\n{input_text}\n',
    );
    assert.match(
      (await ask('x', '--template', 'half.txt')).error,
      /half\.txt: the part "=== example" lacks \{example_response\}/,
    );
    writeFileSync(at('prices.json'), JSON.stringify({ ...table, models: [{ ...price, output: 1 }] }));
    assert.match((await ask('y', '--prices', 'prices.json')).error, /prices\.json: \/models\/0\/output: /);
    assert.match(
      (await anamnese(asking('z', 'gpt-5@huge'))).error,
      /"gpt-5@huge": the effort is one of minimal, low/,
    );
    assert.match((await ask('z', '--shots', '0')).error, /--shots 0: the study’s prompt speaks of examples/);
  });
});
