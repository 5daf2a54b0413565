import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { RunnerEvent } from '../../../src/core/experiments/planState';
import { millisecondsLeft, planState, UNKNOWN_PLAN } from '../../../src/core/experiments/planState';
import type { RunEvent } from '../../../src/core/train/loop/runEvents';

type Timed = readonly [RunnerEvent, number];

const STARTED: RunEvent = {
  type: 'started',
  encoder: 'e',
  notes: { training: 1, validation: 1, test: 1 },
  outputs: [],
  epochs: 1,
  device: 'cpu',
  plan: undefined,
  resumedAt: undefined,
};

const step = (i: number, steps: number): RunEvent => ({
  type: 'step',
  epoch: 0,
  epochs: 1,
  step: i,
  steps,
  loss: 1 / (i + 1),
  gradientNorm: 1,
  learningRate: 1,
  notes: 2,
  tokens: 10,
  progress: (i + 1) / steps,
});

/** A run of one epoch whose steps take a second each, and whose scoring takes no time. */
function run(id: string, steps: number, from: number, finished: number, total: number): Timed[] {
  const progress = { finished, failed: 0, total };
  return [
    [{ type: 'runStarted', id, progress }, from],
    [{ type: 'run', id, event: STARTED }, from],
    ...Array.from({ length: steps }, (_, i): Timed => [
      { type: 'run', id, event: step(i, steps) },
      from + 1000 * (i + 1),
    ]),
    [{ type: 'runFinished', id, progress: { ...progress, finished: finished + 1 } }, from + 1000 * steps],
  ];
}

const after = (events: readonly Timed[]) =>
  events.reduce((state, [event, at]) => planState(state, event, at), UNKNOWN_PLAN);

describe('the state of a plan', () => {
  it('says of the run under way what a person wants to see', () => {
    const validation = { microF1: 0.7, macroF1: 0.6, threshold: 0.4 };
    const epoch: RunEvent = { type: 'epoch', epochs: 1, best: true, epoch: 0, loss: 0.5, validation };
    const begun = run('is-1', 10, 5000, 2, 4).slice(0, 6);
    const { run: shown } = after([...begun, [{ type: 'run', id: 'is-1', event: epoch }, 9000]]);
    assert.equal(shown?.phase, 'training');
    assert.deepEqual([shown?.step, shown?.steps], [3, 10]);
    assert.equal(after(begun.slice(0, 2)).run?.steps, 0, 'of no step yet');
    assert.equal(shown?.loss, 0.25);
    assert.equal(shown?.notesPerSecond, 2);
    assert.deepEqual(shown?.validationF1, [0.7]);
  });

  it('promises nothing before the first step', () => {
    assert.equal(millisecondsLeft(after(run('is-1', 10, 0, 0, 4).slice(0, 2)), 100), null);
  });

  it('tells the time left exactly where all runs take the same', () => {
    const whole = fc.integer({ min: 1, max: 6 });
    fc.assert(
      fc.property(whole, fc.integer({ min: 2, max: 20 }), fc.nat(), (total, steps, anywhere) => {
        const all = Array.from({ length: total }, (_, i) => run(`r${i}`, steps, i * steps * 1000, i, total));
        const events = all.flat();
        // Anywhere between the first step of all and the end.
        const cut = 3 + (anywhere % (events.length - 2));
        const now = events[cut - 1]![1];
        const left = millisecondsLeft(after(events.slice(0, cut)), now)!;
        assert.ok(Math.abs(left - (total * steps * 1000 - now)) < 1, `${left} at ${now}`);
      }),
    );
  });

  it('a run that was taken up does not count as a whole one', () => {
    const events = run('r0', 10, 0, 0, 2);
    const resumed = [...events.slice(0, 2), ...events.slice(8)];
    assert.deepEqual(after(resumed).measured, { runs: 0, milliseconds: 0 });
  });

  it('a run whose results are another’s does not count at all', () => {
    const progress = { finished: 0, failed: 0, total: 2 };
    const state = after([
      [{ type: 'runStarted', id: 'a', progress }, 0],
      [{ type: 'runFinished', id: 'a', progress: { ...progress, finished: 1 } }, 3],
    ]);
    assert.deepEqual(state.measured, { runs: 0, milliseconds: 0 });
    assert.equal(millisecondsLeft(state, 3), null);
  });

  it('keeps what failed, and how it ended', () => {
    const progress = { finished: 1, failed: 1, total: 2 };
    const state = after([
      [{ type: 'runStarted', id: 'a', progress: { ...progress, failed: 0 } }, 0],
      [{ type: 'runFailed', id: 'a', message: 'no memory', progress }, 1],
      [{ type: 'ended', reason: 'finished' }, 2],
    ]);
    assert.deepEqual(state.failures, [{ id: 'a', message: 'no memory' }]);
    assert.deepEqual(state.end, { reason: 'finished' });
    assert.equal(millisecondsLeft(state, 2), 0);
  });
});
