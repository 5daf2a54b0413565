import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { PlanOptions } from '../../src/cli/experiments/planOptions';
import { ofPlans } from '../../src/cli/experiments/planOptions';
import { planWork } from '../../src/cli/slurm/planWork';
import type { PlanEvent } from '../../src/core/experiments/planEvents';
import { toyFolder } from '../node/training/toyRun';
import { SOON_MS } from '../soon';

const cli = path.resolve(import.meta.dirname, '../../dist/cli.js');

describe('anamnese compare with a plan', function () {
  this.timeout(180_000);
  let folder: string;
  before(() => (folder = toyFolder(24)));
  after(() => rmSync(folder, { recursive: true, force: true }));

  const anamnese = (...args: string[]): { code: number | null; out: string; error: string } => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [cli, ...args], {
      encoding: 'utf8',
      cwd: folder,
    });
    return { code: status, out: stdout, error: stderr };
  };
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
  const asked = (out: string): string[] =>
    ['compare', 'notes.jsonl', '--encoder', 'encoder', '--strategies', 'random,is', '--seeds', '2'].concat(
      learning,
      '--out',
      out,
    );
  const json = (...names: string[]): Record<string, unknown> =>
    JSON.parse(readFileSync(path.join(folder, ...names), 'utf8')) as Record<string, unknown>;

  it('runs a plan, and ends with the strategies’ means and differences', () => {
    const { code, out, error } = anamnese(...asked('plan'));
    assert.equal(code, 0, error);
    assert.match(out, /^encoder random IO +2 +0\.\d{4} ± 0\.\d{4} +baseline/m);
    assert.match(
      out,
      /^encoder is IO +2 +0\.\d{4} ± 0\.\d{4} +[+−]0\.\d{4} \[[+−]\d\.\d{4}, [+−]\d\.\d{4}\] +[01]\.\d{4}/m,
    );
    assert.match(
      out,
      /^p of encoder is IO by Welch’s t-test with Nadeau and Bengio’s correction, 2 and 2 different splits$/m,
    );
    assert.match(out, /^plan: 4 of 4 runs finished\n$/m);
    assert.match(error, /^0 of 4 runs are finished\n/);
    assert.match(error, /^encoder-is-io-2 \(3\/4\) +epoch 2\/2 .* left of the plan$/m);
    assert.match(error, /^encoder-random-io-1: finished \(1\/4\) +\d+ s left of the plan$/m);
    const { cost } = json('plan', 'runs', 'encoder-is-io-1', 'record.json') as {
      cost: { peakMemoryBytes: number };
    };
    assert.ok(cost.peakMemoryBytes > 5e7 && cost.peakMemoryBytes < 2e9, String(cost.peakMemoryBytes));
  });

  it('writes the figures that evaluate finds for the model it keeps', () => {
    const runs = path.join(folder, 'plan', 'runs');
    const kept = readdirSync(runs).find((id) => existsSync(path.join(runs, id, 'model')))!;
    const [model, split] = [path.join(runs, kept, 'model'), path.join(runs, kept, 'split.json')];
    const how = ['--padding', 'zero', '--precision', 'fp32', '--split', split, '--out', 'again'];
    const { code, error } = anamnese('evaluate', 'notes.jsonl', '--model', model, ...how);
    assert.equal(code, 0, error);
    const plain = ({ predictionsBy, ...rest }: Record<string, unknown>) => ({
      rest,
      by: typeof predictionsBy,
    });
    assert.deepEqual(plain(json('again', 'metrics.json')), plain(json('plan', 'runs', kept, 'metrics.json')));
    for (const name of ['curves.json', 'counts.json'])
      assert.deepEqual(json('again', name), json('plan', 'runs', kept, name), name);
  });

  it('computes nothing again, and adds what is asked for besides', () => {
    const finished = (): unknown => json('plan', 'runs', 'encoder-is-io-1', 'record.json').finishedAt;
    const before = finished();
    const more = [
      'compare',
      'notes.jsonl',
      '--encoder',
      'encoder',
      '--strategies',
      'clamped',
      '--seeds',
      '1',
    ];
    const { code, error, out } = anamnese(...more, '--out', 'plan', '--threads', '1');
    assert.equal(code, 0, error);
    assert.match(error, /^4 of 5 runs are finished\n/);
    assert.match(out, /^plan: 5 of 5 runs finished$/m);
    assert.equal(finished(), before);
  });

  it('shares a plan out, says what is left, and takes copied folders for its own', () => {
    assert.match(anamnese(...asked('first'), '--plan-only').out, /^first.plan\.json: 4 runs, 4 left$/m);
    cpSync(path.join(folder, 'first'), path.join(folder, 'second'), { recursive: true });
    const part = anamnese('compare', 'first', '--part', '1/2', '--threads', '1');
    assert.match(part.out, /^first: 2 of 4 runs finished, 2 left for others or another time$/m);
    const only = ['encoder-is-io-1', 'encoder-is-io-2'];
    assert.equal(anamnese('compare', '--out', 'second', '--only', ...only, '--threads', '1').code, 0);
    const status = (): string => anamnese('compare', 'first', '--status').out;
    assert.match(status(), /^encoder-random-io-1 +finished +\d{4}-.*\nencoder-is-io-1 +left\n/);
    assert.match(status(), /^2 of 4 runs finished$/m);
    cpSync(path.join(folder, 'second', 'runs'), path.join(folder, 'first', 'runs'), { recursive: true });
    assert.match(status(), /^4 of 4 runs finished$/m);
    const { out } = anamnese('compare', 'first', '--status', '--json');
    const { runs } = JSON.parse(out) as { runs: { id: string; state: string }[] };
    assert.ok(runs.length === 4 && runs.every(({ state }) => state === 'finished'));
  });

  it('chooses how runs are computed by the memory that it is told', () => {
    const { code, error, out } = anamnese(
      ...asked('least'),
      '--only',
      'encoder-is-io-1',
      '--memory',
      '0.001',
      '--json',
    );
    assert.equal(code, 0, error);
    assert.match(out, /"type":"started",.*"plan":"layer-by-layer"/);
  });

  it('forgets nothing without a word: a plan that is gone on with hears of no other runs or values', () => {
    for (const [flags, ...said] of [
      ['--epochs', '--epochs', '3'],
      ['--strategies, --seeds', '--seeds', '5', '--strategies', 'is'],
      ['--encoder', '--encoder', 'encoder'],
    ]) {
      const { code, error } = anamnese('compare', 'first', ...said);
      assert.equal(code, 1);
      assert.match(
        error,
        new RegExp(`^anamnese: first: ${flags}: .* to extend it, name its corpus, and first with --out\\n$`),
      );
    }
    const { error } = anamnese('compare', '--encoder', 'encoder', '--out', 'nowhere');
    assert.match(
      error,
      /^anamnese: nowhere: is no folder of a plan; for a new one with --encoder, a corpus is needed\n$/,
    );
  });

  it('has every option that it says belongs to a plan', () => {
    const { out } = anamnese('compare', '--help');
    for (const flag of ofPlans) assert.match(out, new RegExp(`^ +${flag} `, 'm'));
  });

  it('tells a cluster’s tasks what they are told', async () => {
    const told = { memory: 3 * 2 ** 30, threads: 2, device: 'cpu' } as PlanOptions;
    const { task } = await planWork(path.join(folder, 'first'), told);
    assert.match(task.join(' '), / --device cpu --threads 2 --memory 3 --only$/);
  });

  /** Runs until `when` is seen on standard error, then sends a signal; how long it took to end, and how. */
  function interrupted(out: string, when: RegExp, signal: NodeJS.Signals) {
    const child = spawn(process.execPath, [cli, ...asked(out)], {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let [text, sent] = ['', 0];
    child.stderr.setEncoding('utf8').on('data', (more: string) => {
      text += more;
      if (sent > 0 || !when.test(text)) return;
      sent = performance.now();
      child.kill(signal);
    });
    return new Promise<{ code: number | null; took: number; text: string }>((resolve) => {
      child.on('close', (code) => resolve({ code, took: performance.now() - sent, text }));
    });
  }

  it('answers a Ctrl-C within a second, and the same command goes on', async () => {
    const { code, took, text } = await interrupted('stopped', /random-io-1 .*epoch 1\/2 +loss/, 'SIGINT');
    assert.equal(code, 130, text);
    assert.ok(took < SOON_MS, `${took} ms`);
    assert.match(text, /anamnese: stopped with \d of 4 runs finished; the same command goes on\n$/);
    const again = anamnese(...asked('stopped'));
    assert.equal(again.code, 0, again.error);
    for (const id of readdirSync(path.join(folder, 'plan', 'runs')).filter((one) => !one.includes('clamped')))
      for (const name of ['metrics.json', 'counts.json', 'predictions.jsonl'])
        assert.equal(
          readFileSync(path.join(folder, 'stopped', 'runs', id, name), 'utf8'),
          readFileSync(path.join(folder, 'plan', 'runs', id, name), 'utf8'),
        );
  });

  it('goes on after kill -9, whatever the process that trained was at', async () => {
    await interrupted('killed', /random-io-1 .*epoch 1\/2 +loss/, 'SIGKILL');
    await interrupted('killed', /is-io-1 .*epoch 1\/2 +step/, 'SIGKILL');
    const { code, error, out } = anamnese(...asked('killed'));
    assert.equal(code, 0, error);
    assert.match(out, /^killed: 4 of 4 runs finished$/m);
  });

  it('tells every event as JSON', () => {
    const { code, out, error } = anamnese(...asked('told'), '--only', 'encoder-is-io-1', '--json');
    assert.equal(code, 0, error);
    const lines = out.trim().split('\n');
    const events = lines.map((line) => JSON.parse(line) as PlanEvent);
    const types = [...new Set(events.map(({ type }) => type))];
    assert.deepEqual(types.slice(0, 6), ['plan', 'runStarted', 'run', 'scoring', 'runFinished', 'finished']);
    const finished = events.filter(({ type }) => type === 'finished');
    assert.deepEqual(finished, [{ type: 'finished', progress: { finished: 1, failed: 0, total: 4 } }]);
  });

  it('makes failures the exit code, and goes on with the others', () => {
    mkdirSync(path.join(folder, 'failing', 'runs', 'encoder-is-io-1', 'model'), { recursive: true });
    writeFileSync(path.join(folder, 'failing', 'runs', 'encoder-is-io-1', 'model', 'thesis.docx'), '');
    const { code, out, error } = anamnese(...asked('failing'));
    assert.equal(code, 1);
    assert.match(
      error,
      /^anamnese: encoder-is-io-1: .*holds no run: delete .*model, and the run begins anew$/m,
    );
    assert.match(out, /^failing: 3 of 4 runs finished, 1 failed$/m);
  });

  const needed = ['--encoder', 'encoder', '--out', 'refused'];
  it('says when notes were corrected since a plan was made, for as long as runs of it are left', () => {
    cpSync(path.join(folder, 'notes.jsonl'), path.join(folder, 'corrected.jsonl'));
    const planned = (corpus: string, ...more: string[]) =>
      anamnese('compare', corpus, '--encoder', 'encoder', '--seeds', '1', ...more, '--plan-only');
    assert.doesNotMatch(planned('corrected.jsonl', '--out', 'learns').error, /corrected since/);
    const notes = readFileSync(path.join(folder, 'corrected.jsonl'), 'utf8').split('\n');
    writeFileSync(path.join(folder, 'corrected.jsonl'), notes.slice(1).join('\n'));
    const { code, out, error } = planned('corrected.jsonl', '--strategies', 'is', '--out', 'learns');
    assert.equal(code, 0, error);
    assert.match(
      error,
      /corrected\.jsonl: corrected since learns.plan\.json was made: its runs learn the notes as they were/,
    );
    assert.match(out, /5 runs, 5 left/);
    assert.match(anamnese('compare', 'learns', '--plan-only').error, /corrected since/);
    assert.equal(anamnese('compare', 'learns', '--status').error, '');
  });

  for (const [args, message] of [
    [['compare'], /a corpus with --out, the folder of a plan, or --baseline is needed/],
    [
      ['compare', 'notes.jsonl', '--encoder', 'encoder'],
      /notes\.jsonl: is no folder of a plan; for a corpus, --out is/,
    ],
    [['compare', 'notes.jsonl', '--out', 'refused'], /--encoder, --evaluated or --llm is needed/],
    [
      ['compare', 'notes.jsonl', ...needed, '--strategies', 'is,luck'],
      /luck is none of random, is, weighted/,
    ],
    [['compare', 'notes.jsonl', ...needed, '--schemes', 'BILOU'], /BILOU is none of IO, BIO/],
    [['compare', 'notes.jsonl', ...needed, '--seeds', '0'], /a whole number from 1 up/],
    [['compare', 'notes.jsonl', ...needed, '--part', '3/2'], /a share such as 2\/4 is needed/],
    [['compare', 'missing.jsonl', ...needed], /^anamnese: missing\.jsonl: no such file or folder\n$/],
    [['compare', 'notes.jsonl', '--encoder', 'none', '--out', 'refused'], /none\/config\.json: is missing/],
    [['compare', '--out', 'refused', '--status'], /^anamnese: refused: holds no plan \(plan\.json\)\n$/],
    [
      ['compare', 'notes.jsonl', '--baseline', 'x', '--system', 'y'],
      /--baseline compares what evaluate wrote/,
    ],
    [['compare', '--baseline', 'x', '--out', 'y'], /cannot be used with/],
  ] as const)
    it(`refuses ${args.join(' ')}`, () => {
      rmSync(path.join(folder, 'refused'), { recursive: true, force: true });
      const { code, error } = anamnese(...args);
      assert.equal(code, 1);
      assert.match(error, message);
      assert.doesNotMatch(error, /\n {4}at /, 'no stack trace');
    });
});
