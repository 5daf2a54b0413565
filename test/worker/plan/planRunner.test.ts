import assert from 'node:assert/strict';
import { existsSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import type { PlanState, RunnerEvent } from '../../../src/core/experiments/planState';
import { planState, UNKNOWN_PLAN } from '../../../src/core/experiments/planState';
import type { AttachedRunner } from '../../../src/extension/experiments/runnerClient';
import { attachRunner, startRunner } from '../../../src/extension/experiments/runnerClient';
import { createPlan } from '../../../src/node/experiments/createPlan';
import { PlanReader } from '../../../src/node/survey/plans';
import type { RunnerFile } from '../../../src/protocol/planRunner';
import { RUNNER_FILE, RUNNER_LOG } from '../../../src/protocol/planRunner';
import { toyFolder } from '../../node/training/toyRun';
import { SOON_MS } from '../../soon';

const root = path.resolve(import.meta.dirname, '../../..');
const bundle = path.join(root, 'out', 'test', 'planRunner.js');

/** A window, and the state as it knows it from what it heard. */
class Window {
  readonly events: RunnerEvent[] = [];
  state!: PlanState;
  closed = false;
  private runner: AttachedRunner | undefined;

  static async attach(runner: RunnerFile): Promise<Window> {
    const window = new Window();
    const waiting: RunnerEvent[] = [];
    window.runner = await attachRunner(runner, {
      event: (event) => void (window.state ? window.hear(event) : waiting.push(event)),
      closed: () => void (window.closed = true),
    });
    window.state = window.runner?.first.state ?? UNKNOWN_PLAN;
    for (const event of waiting) window.hear(event);
    return window;
  }

  get isThere(): boolean {
    return this.runner !== undefined;
  }

  leave(): void {
    this.runner!.dispose();
  }

  stop(): Promise<void> {
    return this.runner!.stop();
  }

  async until(what: string, condition: (window: Window) => boolean): Promise<void> {
    const deadline = performance.now() + 60_000;
    while (!condition(this)) {
      const heard = this.events.slice(-5).map((event) => JSON.stringify(event));
      assert.ok(performance.now() < deadline, `waited in vain: ${what}; heard ${heard.join('\n')}`);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  ended(): Promise<void> {
    return this.until('its end', ({ state }) => state.end !== null);
  }

  /** In the middle of the training of a run after so many that are finished. */
  training(finished: number): Promise<void> {
    const isTraining = ({ state: { run, progress } }: Window): boolean =>
      progress.finished >= finished && run?.phase === 'training' && run.progress > 0;
    return this.until(`training after ${finished}`, isTraining);
  }

  private hear(event: RunnerEvent): void {
    this.events.push(event);
    this.state = planState(this.state, event, 0);
    if (event.type === 'ended') this.runner?.dispose();
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function gone(pid: number): Promise<void> {
  for (let i = 0; isAlive(pid); i++) {
    assert.ok(i < 100, 'the process does not end');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

describe('the process of a plan, with real runs', function () {
  this.timeout(180_000);
  let toy: string;
  let folder: string;
  let count = 0;
  const started: number[] = [];

  before(async () => {
    await build({
      entryPoints: ['planRunner', 'trainer'].map((name) => path.join(root, 'src', 'worker', `${name}.ts`)),
      outdir: path.dirname(bundle),
      bundle: true,
      platform: 'node',
      format: 'cjs',
      target: 'node20',
      external: ['onnxruntime-node'],
      loader: { '.tsv': 'text' },
      logLevel: 'warning',
    });
    toy = toyFolder();
  });
  after(() => rmSync(toy, { recursive: true, force: true }));
  beforeEach(async () => {
    folder = path.join(toy, 'experiments', `plan-${(count += 1)}`);
    await createPlan(folder, {
      corpus: path.join(toy, 'notes.jsonl'),
      encoders: [path.join(toy, 'encoder')],
      strategies: ['is', 'clamped'],
      schemes: ['IO'],
      seeds: [1, 2],
      training: { epochs: 3, learningRate: 0.03, batchTokens: 120, maxLength: 32 },
      keepModels: 'all',
    });
  });
  afterEach(async () => {
    for (const pid of started.splice(0)) if (isAlive(pid)) process.kill(pid, 'SIGKILL');
  });

  async function start(): Promise<RunnerFile> {
    const answer = await startRunner({ bundle }, folder);
    assert.ok(answer.type === 'ready', JSON.stringify(answer));
    started.push(answer.runner.pid);
    return answer.runner;
  }
  const summary = async (reader = new PlanReader()) =>
    (await reader.read([path.dirname(folder)])).find((one) => one.folder === folder)!;
  const finished = async (): Promise<string[]> =>
    (await summary()).runs.filter(({ state }) => state === 'finished').map(({ run }) => run.id);

  it('carries out all runs while windows come and go, and ends by itself', async () => {
    const runner = await start();
    const first = await Window.attach(runner);
    await first.training(0);
    first.leave();
    const second = await Window.attach(runner);
    assert.equal(second.state.progress.total, 4);
    await second.until('a finished run', ({ state }) => state.progress.finished > 0);
    const third = await Window.attach(runner);
    await third.ended();
    const { state } = third;
    assert.deepEqual(state.progress, { finished: 4, failed: 0, total: 4 });
    assert.equal(state.end?.reason, 'finished');
    await gone(runner.pid);
    assert.ok(!existsSync(path.join(folder, RUNNER_FILE)));
    const reader = new PlanReader();
    const { runs } = await summary(reader);
    for (const run of runs) {
      assert.ok(run.microF1! > 0 && run.microF1! <= 1, JSON.stringify(run));
      assert.ok(existsSync(path.join(run.model!, 'config.json')));
      assert.equal(run.epochs, 3);
      assert.ok(run.cost!.trainSeconds > 0);
    }
    const log = readFileSync(path.join(folder, RUNNER_LOG), 'utf8');
    assert.doesNotMatch(log, /dispneia|tomografia/, 'no word of a note in a log');
    const removed = runs[0]!.model!;
    rmSync(removed, { recursive: true });
    const left = (await summary(reader)).runs.map(({ model }) => model);
    // Runs that found nothing to do differently share their weights.
    assert.deepEqual(
      left,
      runs.map(({ model }) => (model === removed ? undefined : model)),
    );
  });

  it('is stopped by a window within a second, and goes on afterwards without computing anything twice', async () => {
    const runner = await start();
    const window = await Window.attach(runner);
    await window.training(1);
    const asked = performance.now();
    await window.stop();
    await window.ended();
    assert.ok(performance.now() - asked < SOON_MS, `${performance.now() - asked} ms`);
    assert.deepEqual(window.events.at(-1), { type: 'ended', reason: 'stopped' });
    await gone(runner.pid);
    const before = await finished();
    assert.ok(before.length >= 1 && before.length < 4);
    const stamp = new Date(1_000_000_000_000);
    for (const id of before) utimesSync(path.join(folder, 'runs', id, 'record.json'), stamp, stamp);
    const again = await Window.attach(await start());
    await again.ended();
    assert.equal((await finished()).length, 4);
    for (const id of before)
      assert.equal(statSync(path.join(folder, 'runs', id, 'record.json')).mtimeMs, stamp.getTime());
  });

  it('killed in the middle of a run, after a correction, loses no finished one, and is noticed; another goes on', async () => {
    const runner = await start();
    const window = await Window.attach(runner);
    await window.training(1);
    // A note is corrected meanwhile: the plan is of the notes as they were.
    const notes = path.join(toy, 'notes.jsonl');
    const corrected = readFileSync(notes, 'utf8').replace('"Disorders"', '"Anatomy"');
    assert.notEqual(corrected, readFileSync(notes, 'utf8'));
    writeFileSync(notes, corrected);
    process.kill(runner.pid, 'SIGKILL');
    await window.until('nobody there', ({ closed }) => closed);
    const before = await finished();
    assert.ok(before.length >= 1 && before.length < 4);
    assert.ok(existsSync(path.join(folder, RUNNER_FILE)), 'what was left tells of it');
    assert.ok(!(await Window.attach(runner)).isThere, 'the dead do not answer');
    const again = await start();
    assert.notEqual(again.pid, runner.pid);
    const other = await Window.attach(again);
    await other.ended();
    assert.deepEqual((await finished()).slice(0, before.length), before);
    assert.equal((await finished()).length, 4);
    assert.equal(readFileSync(notes, 'utf8'), corrected);
  });

  it('is one a plan', async () => {
    const runner = await start();
    assert.deepEqual(await startRunner({ bundle }, folder), { type: 'taken', pid: runner.pid });
    const window = await Window.attach(runner);
    await window.stop();
    await gone(runner.pid);
  });

  it('says what is wrong where there is nothing to carry out', async () => {
    rmSync(path.join(folder, 'plan.json'));
    const window = await Window.attach(await start());
    await window.ended();
    const end = window.events.at(-1);
    assert.ok(end?.type === 'ended' && /holds no plan/.test(end.message ?? ''), JSON.stringify(end));
  });
});
