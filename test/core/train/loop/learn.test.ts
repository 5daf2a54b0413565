import assert from 'node:assert/strict';
import type { LearningTask } from '../../../../src/core/train/loop/learn';
import { learn } from '../../../../src/core/train/loop/learn';
import type {
  CheckpointEvent,
  LearningEvent,
  LearningState,
} from '../../../../src/core/train/loop/learningEvents';
import { linearSchedule } from '../../../../src/core/train/loop/schedule';
import { TrainingError } from '../../../../src/core/train/trainingError';

/** A task of 5 steps an epoch whose engine writes down what it is asked. */
function task(scores: readonly number[] | undefined, more: Partial<LearningTask<string>> = {}) {
  const calls: string[] = [];
  let validated = 0;
  const one: LearningTask<string> = {
    engine: {
      accumulate: async ([example], seed) => {
        calls.push(`${example} ${seed}`);
        return 1;
      },
      update: async ({ learningRate }) => {
        calls.push(`update ${learningRate.toFixed(6)}`);
        return 2;
      },
    },
    plan: (epoch) => ({
      steps: 5,
      step: (step) => ({ batches: [[`${epoch}.${step}a`], [`${epoch}.${step}b`]], notes: 2, tokens: 20 }),
    }),
    validate: scores && (async () => ({ microF1: scores[validated++]!, macroF1: 0, threshold: 0.5 })),
    epochs: 4,
    learningRate: 0.1,
    warmUp: 0,
    maxGradientNorm: 1,
    patience: null,
    padTo: null,
    checkpointSteps: 2,
    seed: 9,
    ...more,
  };
  return { one, calls, skipValidations: (count: number) => (validated = count) };
}

async function all(run: AsyncGenerator<LearningEvent>): Promise<LearningEvent[]> {
  const events: LearningEvent[] = [];
  for await (const event of run) events.push(event);
  return events;
}

const checkpoints = (events: readonly LearningEvent[]): CheckpointEvent[] =>
  events.filter((event): event is CheckpointEvent => event.type === 'checkpoint');

describe('learn', () => {
  it('yields steps, epochs, moments to save and the end, and keeps the best epoch', async () => {
    const events = await all(learn(task([0.2, 0.6, 0.5, 0.6]).one));
    const types = events.map(({ type }) => type).join(' ');
    const epoch = 'step step checkpoint step step checkpoint step epoch checkpoint ';
    assert.equal(types, `${epoch.repeat(4)}finished`);
    assert.deepEqual(
      events.flatMap((event) => (event.type === 'epoch' ? [event.best] : [])),
      [true, true, false, false],
    );
    const last = events.at(-1);
    assert.ok(last?.type === 'finished' && last.reason === 'epochs');
    assert.deepEqual([last.state.best?.epoch, last.state.updates, last.state.history.length], [1, 20, 4]);
    assert.equal(last.state.history[0]!.loss, 2);
  });

  it('lets the rate rise over the warm-up and fall to nothing', async () => {
    const rates = (await all(learn(task(undefined, { epochs: 2, warmUp: 0.2 }).one))).flatMap((event) =>
      event.type === 'step' ? [event.learningRate] : [],
    );
    const expected = [0, 0.5, 1, 7 / 8, 6 / 8, 5 / 8, 4 / 8, 3 / 8, 2 / 8, 1 / 8];
    rates.forEach((rate, i) => assert.ok(Math.abs(rate - 0.1 * expected[i]!) < 1e-12, `${i}: ${rate}`));
    assert.deepEqual([linearSchedule(0, 0), linearSchedule(0.25, 0), linearSchedule(1, 0)], [1, 0.75, 0]);
  });

  it('stops when validation has not gained for as many epochs as it has patience', async () => {
    const events = await all(learn(task([0.5, 0.4, 0.5, 0.9], { patience: 2 }).one));
    const last = events.at(-1);
    assert.ok(last?.type === 'finished' && last.reason === 'patience');
    assert.deepEqual([last.state.history.length, last.state.best?.epoch], [3, 0]);
  });

  it('keeps the last weights where nothing is validated', async () => {
    const events = await all(learn(task(undefined, { patience: 1 }).one));
    assert.deepEqual(
      checkpoints(events).flatMap(({ best, state }) => (best ? [state.epoch] : [])),
      [4],
    );
  });

  it('asks the same of the engine when taken up at any checkpoint', async () => {
    const scores = [0.1, 0.3, 0.2, 0.4];
    const whole = task(scores);
    const events = await all(learn(whole.one));
    const states = checkpoints(events).map(({ state }) => state);
    assert.equal(states.length, 12);
    for (const state of states) {
      const again = task(scores);
      again.skipValidations(state.history.length);
      const rest = await all(learn(again.one, JSON.parse(JSON.stringify(state)) as LearningState));
      assert.deepEqual(again.calls, whole.calls.slice(3 * state.updates));
      assert.deepEqual(rest.at(-1), events.at(-1));
    }
    assert.equal(new Set(whole.calls.filter((call) => !call.startsWith('update'))).size, 40, 'seeds differ');
  });

  it('ends between two steps when told to, at a state that can be taken up', async () => {
    for (const stopAt of [1, 2, 7, 20]) {
      const abort = new AbortController();
      const events: LearningEvent[] = [];
      for await (const event of learn(task([1, 1, 1, 1]).one, undefined, abort.signal)) {
        events.push(event);
        if (events.length === stopAt) abort.abort();
      }
      const last = events.at(-1);
      assert.ok(last?.type === 'finished' && last.reason === 'stopped');
      const steps = events.filter(({ type }) => type === 'step').length;
      assert.equal(last.state.updates, steps);
      assert.ok(events.length <= stopAt + 3);
      assert.deepEqual(checkpoints(events).at(-1)!.state, last.state);
    }
  });

  it('ends between two batches when told to, and takes the step again when taken up', async () => {
    const scores = [0.1, 0.3, 0.2, 0.4];
    const whole = task(scores);
    const events = await all(learn(whole.one));
    const abort = new AbortController();
    const stopped = task(scores);
    const { accumulate } = stopped.one.engine;
    // In the first batch of the eighth step, the third of the second epoch.
    stopped.one.engine.accumulate = (...batch) => {
      if (stopped.calls.length === 3 * 7) abort.abort();
      return accumulate(...batch);
    };
    const until = await all(learn(stopped.one, undefined, abort.signal));
    assert.deepEqual(
      stopped.calls,
      whole.calls.slice(0, 3 * 7 + 1),
      'neither the second batch nor an update',
    );
    const { reason, state } = checkpoints(until).at(-1)!;
    assert.deepEqual([reason, state.epoch, state.step, state.updates], ['stopped', 1, 2, 7]);
    const again = task(scores);
    again.skipValidations(1);
    const rest = await all(learn(again.one, state));
    assert.deepEqual(again.calls, whole.calls.slice(3 * 7));
    assert.deepEqual(rest.at(-1), events.at(-1));
  });

  it('takes up a run that was stopped while it validated', async () => {
    const abort = new AbortController();
    const stuck = task(undefined, {
      validate: async (signal) => {
        abort.abort();
        signal!.throwIfAborted();
        throw new Error('not reached');
      },
    });
    const { state } = checkpoints(await all(learn(stuck.one, undefined, abort.signal))).at(-1)!;
    assert.deepEqual([state.epoch, state.step, state.updates], [0, 5, 5]);
    const rest = await all(learn(task([0.1, 0.2, 0.3, 0.4]).one, state));
    assert.deepEqual(
      rest.slice(0, 2).map(({ type }) => type),
      ['epoch', 'checkpoint'],
    );
  });

  for (const [what, engine] of [
    ['the loss', { accumulate: async () => NaN, update: async () => 1 }],
    ['the gradient', { accumulate: async () => 1, update: async () => Infinity }],
  ] as const)
    it(`ends with advice when ${what} is not a number`, async () => {
      await assert.rejects(all(learn(task(undefined, { engine }).one)), (error) => {
        assert.ok(error instanceof TrainingError && error.failure === 'diverged');
        assert.match(
          error.message,
          new RegExp(`^${what} is not a finite number in epoch 1, step 1; .*lower --lr`),
        );
        return true;
      });
    });

  it('ends with advice when scores are not numbers', async () => {
    await assert.rejects(all(learn(task([NaN]).one)), /the validation score is not a finite number/);
  });
});
