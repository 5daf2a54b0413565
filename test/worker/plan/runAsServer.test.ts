import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import type { CancellationToken } from 'vscode-jsonrpc/node';
import { createMessageConnection, StreamMessageReader, StreamMessageWriter } from 'vscode-jsonrpc/node';
import type { EditorQuestion, WindowAnswer } from '../../../src/core/llm/editorModels';
import type { PlanEvent } from '../../../src/core/experiments/planEvents';
import type { RunnerEvent } from '../../../src/core/experiments/planState';
import type { RunnerFile, RunnerStart } from '../../../src/protocol/planRunner';
import { askEditor, planEvent, RUNNER_FILE, stopPlan, subscribe } from '../../../src/protocol/planRunner';
import type { CarryOut } from '../../../src/worker/plan/run';
import { runAsServer } from '../../../src/worker/plan/run';
import { SOON_MS } from '../../soon';

const progress = (finished: number) => ({ finished, failed: 0, total: 2 });

/** A plan whose events the test sends by hand. */
class HandPlan {
  tell: (event: PlanEvent) => void = () => assert.fail('not begun');
  end: () => void = () => assert.fail('not begun');
  fail: (error: Error) => void = () => assert.fail('not begun');
  deaf = false;
  ask: Parameters<CarryOut>[1]['askEditor'] = () => assert.fail('not begun');
  private begin: () => void = () => undefined;
  readonly begun = new Promise<void>((resolve) => (this.begin = resolve));
  readonly carryOut: CarryOut = (_, { signal, onEvent, askEditor }) =>
    new Promise((resolve, reject) => {
      this.tell = (event) => void onEvent(event);
      this.end = () => resolve(progress(2));
      this.fail = reject;
      this.ask = askEditor;
      this.begin();
      if (!this.deaf) signal.addEventListener('abort', () => resolve(progress(1)));
    });
}

/** A window on a runner's pipe. */
function attach(
  { pipe, token }: RunnerFile,
  ask?: (question: EditorQuestion, token: CancellationToken) => Promise<WindowAnswer>,
) {
  const socket = connect(pipe);
  const connection = createMessageConnection(
    new StreamMessageReader(socket),
    new StreamMessageWriter(socket),
  );
  const events: RunnerEvent[] = [];
  let wake: () => void = () => undefined;
  connection.onNotification(planEvent, ({ event }) => {
    events.push(event);
    wake();
    if (event.type === 'ended') socket.destroy();
  });
  if (ask) connection.onRequest(askEditor, ask);
  connection.onError(() => undefined);
  const closed = new Promise<void>((resolve) => socket.on('close', () => (connection.dispose(), resolve())));
  socket.on('error', () => undefined);
  connection.listen();
  return {
    events,
    closed,
    state: async () => (await connection.sendRequest(subscribe, { token, asks: ask !== undefined })).state,
    stop: () => connection.sendRequest(stopPlan, null),
    until: async (type: RunnerEvent['type']) => {
      while (!events.some((event) => event.type === type)) await new Promise<void>((r) => (wake = r));
    },
    leave: () => socket.destroy(),
  };
}

describe('a plan’s process and its windows', () => {
  let folder: string;
  let plan: HandPlan;
  let done: Promise<void>;
  beforeEach(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'anamnese-plan-'));
    plan = new HandPlan();
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const file = (): string => path.join(folder, RUNNER_FILE);
  const start = (): Promise<RunnerStart> =>
    new Promise((resolve) => (done = runAsServer(folder, plan.carryOut, resolve, 0)));
  async function ready(): Promise<RunnerFile> {
    const started = await start();
    assert.ok(started.type === 'ready');
    await plan.begun;
    return started.runner;
  }

  it('tells a window that comes late what there was, and everything from then on', async () => {
    const runner = await ready();
    plan.tell({ type: 'plan', progress: progress(0) });
    plan.tell({ type: 'runStarted', id: 'is-1', progress: progress(0) });
    const first = attach(runner);
    assert.equal((await first.state()).run?.id, 'is-1');
    plan.tell({ type: 'runFinished', id: 'is-1', progress: progress(1) });
    await first.until('runFinished');
    first.leave();
    const second = attach(JSON.parse(readFileSync(file(), 'utf8')) as RunnerFile);
    assert.deepEqual((await second.state()).progress, progress(1));
    plan.tell({ type: 'runFailed', id: 'is-2', message: 'no memory', progress: progress(1) });
    plan.end();
    await second.until('ended');
    assert.deepEqual(
      second.events.map(({ type }) => type),
      ['runFailed', 'ended'],
    );
    await done;
    await second.closed;
    assert.ok(!existsSync(file()), 'nothing says that it still runs');
    assert.ok(!existsSync(runner.pipe));
  });

  it('stops when a window asks, and says so to all', async () => {
    const runner = await ready();
    const [one, two] = [attach(runner), attach(runner)];
    await Promise.all([one.state(), two.state()]);
    await one.stop();
    await two.until('ended');
    assert.deepEqual(two.events.at(-1), { type: 'ended', reason: 'stopped' });
    await done;
  });

  it('stops within a second also where the work does not listen', async () => {
    plan.deaf = true;
    const window = attach(await ready());
    await window.state();
    const asked = performance.now();
    await window.stop();
    await window.until('ended');
    await done;
    assert.ok(performance.now() - asked < SOON_MS);
    assert.ok(!existsSync(file()));
  });

  it('tells why a plan cannot be carried out', async () => {
    const window = attach(await ready());
    await window.state();
    plan.fail(new Error('plan.json: version 9 is not known'));
    await window.until('ended');
    const message = 'plan.json: version 9 is not known';
    assert.deepEqual(window.events.at(-1), { type: 'ended', reason: 'failed', message });
    await done;
  });

  it('has the window that came last ask a language model, or another where that declines or goes', async () => {
    const runner = await ready();
    const question = { endpoint: 'vscode-lm://a/b', model: 'm', system: 's', user: 'u', schema: {} };
    const { signal } = new AbortController();
    const ask = () => plan.ask(question, signal);
    const silent = attach(runner);
    await silent.state();
    const none = await ask();
    assert.ok(none.type === 'failed' && none.chance === 'again' && /no window of VS Code/.test(none.message));
    const usage = { input: 1, cachedInput: 0, output: 1, reasoning: 0 };
    const answer = (content: string) =>
      ({ type: 'answer', answer: { content, ended: 'whole', usage } }) as const;
    const asked: string[] = [];
    const window = async (name: string, react: () => Promise<WindowAnswer>) => {
      const one = attach(runner, (heard) => (asked.push(`${name} ${heard.user}`), react()));
      await one.state();
      return one;
    };
    await window('first', async () => answer('of the first'));
    assert.deepEqual(await ask(), answer('of the first'));
    await window('second', async () => ({ type: 'declined', message: 'a/b: nobody agreed' }));
    const third = await window('third', () => {
      third.leave();
      return new Promise(() => undefined);
    });
    assert.deepEqual(await ask(), answer('of the first'));
    assert.deepEqual(asked, ['first u', 'third u', 'second u', 'first u']);
    plan.end();
    await done;
  });

  it('lets a window give up a question that is no longer wanted', async () => {
    const runner = await ready();
    const abort = new AbortController();
    let cancelled = (): void => undefined;
    const gaveUp = new Promise<void>((resolve) => (cancelled = resolve));
    const hangs = attach(runner, (_, token) => {
      token.onCancellationRequested(cancelled);
      abort.abort();
      return new Promise(() => undefined);
    });
    await hangs.state();
    const question = { endpoint: 'vscode-lm://a/b', model: 'm', system: '', user: '', schema: {} };
    void plan.ask(question, abort.signal);
    await gaveUp;
    plan.end();
    await done;
  });

  it('is one a plan: another says that it is taken, and by whom', async () => {
    await ready();
    const first = done;
    const others = await Promise.all([start(), start(), start()]);
    for (const other of others) assert.deepEqual(other, { type: 'taken', pid: process.pid });
    plan.end();
    await first;
  });

  for (const [left, content] of [
    ['by a process that died', JSON.stringify({ ...claimOfTheDead() })],
    ['half written', '{"format":"anam'],
    ['with a number that another process has now', JSON.stringify({ ...claimOfTheDead(), pid: process.pid })],
  ] as const) {
    it(`takes over a plan whose runner.json was left ${left}`, async () => {
      writeFileSync(file(), content);
      const runner = await ready();
      assert.deepEqual(JSON.parse(readFileSync(file(), 'utf8')), runner);
      plan.end();
      await done;
    });
  }

  it('of many that find a dead one, one carries on', async () => {
    writeFileSync(file(), JSON.stringify(claimOfTheDead()));
    const ended: Promise<void>[] = [];
    const starts = await Promise.all(
      Array.from({ length: 8 }, () => {
        const one = start();
        ended.push(done);
        return one;
      }),
    );
    assert.equal(starts.filter(({ type }) => type === 'ready').length, 1);
    await plan.begun;
    plan.end();
    await Promise.all(ended);
  });

  it('says nothing to whoever does not know the token', async () => {
    const runner = await ready();
    const stranger = attach({ ...runner, token: 'guess' });
    await assert.rejects(stranger.state());
    await stranger.closed;
    const other = attach(runner);
    await other.stop();
    await other.state();
    plan.tell({ type: 'plan', progress: progress(0) });
    await other.until('plan');
    assert.ok(!other.events.some(({ type }) => type === 'ended'), 'a stranger’s stop is not heard');
    plan.end();
    await done;
  });
});

function claimOfTheDead(): RunnerFile {
  const pipe = path.join(os.tmpdir(), 'anamnese-nobody', 'plan');
  return { format: 'anamnese-runner', version: 1, pid: 2 ** 22 + 7, pipe, token: 'x' };
}
