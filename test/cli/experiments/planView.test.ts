import assert from 'node:assert/strict';
import { PlanView } from '../../../src/cli/experiments/planView';
import type { PlanEvent } from '../../../src/core/experiments/planEvents';
import type { RunEvent } from '../../../src/core/train/loop/runEvents';

/** What a view writes of events that come `apart` milliseconds after one another. */
function shown(
  events: readonly PlanEvent[],
  apart: number,
  stream: { isTTY?: boolean; columns?: number } = {},
): string[] {
  let now = 0;
  const written: string[] = [];
  const view = new PlanView({ ...stream, write: (text: string) => written.push(text) }, () => now);
  for (const event of events) {
    view.show(event);
    now += apart;
  }
  view.end();
  return written.join('').split('\n');
}

const progress = (finished: number, total = 4, failed = 0) => ({ finished, failed, total });
const of = (id: string, event: RunEvent): PlanEvent => ({ type: 'run', id, event });
const step = (share: number): RunEvent => ({
  type: 'step',
  epoch: 0,
  epochs: 1,
  step: Math.round(share * 10) - 1,
  steps: 10,
  loss: 1,
  gradientNorm: 1,
  learningRate: 1,
  notes: 1,
  tokens: 1,
  progress: share,
});
const tenSteps = (id: string): PlanEvent[] =>
  Array.from({ length: 10 }, (_, i) => of(id, step((i + 1) / 10)));

describe('PlanView', () => {
  it('takes every run for as long as those so far, where runs train', () => {
    const run = (id: string, before: number): PlanEvent[] => [
      { type: 'runStarted', id, progress: progress(before) },
      ...tenSteps(id),
      { type: 'runFinished', id, progress: progress(before + 1) },
    ];
    const lines = shown([{ type: 'plan', progress: progress(0) }, ...run('a', 0), ...run('b', 1)], 60_000);
    // Thirteen minutes a run, less its first steps: three are left, then two.
    const left = lines
      .filter((line) => line.includes('finished ('))
      .map((line) => /(\d+) min left of the plan/.exec(line)![1]);
    assert.ok(Number(left[0]) >= 33 && Number(left[0]) <= 42, left.join());
    assert.ok(Number(left[1]) >= 22 && Number(left[1]) <= 30, left.join());
  });

  it('and where they only score', () => {
    const scoring: PlanEvent[] = Array.from({ length: 10 }, (_, i) => ({
      type: 'scoring',
      id: 'a',
      done: i + 1,
      of: 10,
    }));
    const lines = shown(
      [
        { type: 'plan', progress: progress(0, 2) },
        { type: 'runStarted', id: 'a', progress: progress(0, 2) },
        ...scoring,
        { type: 'runFinished', id: 'a', progress: progress(1, 2) },
      ],
      60_000,
    );
    const [, left] = /a: finished \(1\/2\) +(\d+) min left of the plan/.exec(lines.join('\n'))!;
    assert.ok(Number(left) >= 9 && Number(left) <= 14, left);
    assert.ok(
      lines.some((line) => /^a \(0\/2\) +scores note 5 of 10/.test(line)),
      lines.join('\n'),
    );
  });

  it('tells a problem of the corpus once, and why a run failed', () => {
    const problem = of('a', {
      type: 'problem',
      problem: { file: 'n.ann', line: 3, severity: 'warning', message: 'odd' },
    });
    const lines = shown(
      [
        { type: 'runStarted', id: 'a', progress: progress(0) },
        problem,
        { type: 'runFailed', id: 'a', message: 'memory ran out', progress: progress(0, 4, 1) },
        { type: 'runStarted', id: 'b', progress: progress(0, 4, 1) },
        problem,
      ],
      1000,
    );
    assert.deepEqual(lines, ['anamnese: n.ann:3: warning: odd', 'anamnese: a: memory ran out', '']);
  });

  it('redraws one line on a terminal, as wide as that is', () => {
    const written = shown(
      [
        { type: 'runStarted', id: 'a-long-name-of-a-run', progress: progress(0) },
        ...tenSteps('a-long-name-of-a-run'),
      ],
      200,
      { isTTY: true, columns: 40 },
    );
    assert.equal(written.length, 1);
    const drawn = written[0]!.split('\r\x1b[K').filter((line) => line !== '');
    assert.equal(drawn.length, 10);
    assert.ok(drawn.every((line) => line.startsWith('a-long-name-of-a-run (0/4)') && line.length <= 39));
  });
});
