import assert from 'node:assert/strict';
import { duration, Progress } from '../../../src/cli/training/progress';
import type { RunEvent } from '../../../src/core/train/loop/runEvents';

const started: RunEvent = {
  type: 'started',
  encoder: 'bertimbau',
  notes: { training: 60, validation: 20, test: 20 },
  outputs: ['Disorders', 'Anatomy'],
  epochs: 2,
  device: 'cpu',
  plan: 'whole-graph',
  resumedAt: { epoch: 0, step: 5 },
};

const step = (at: number): RunEvent => ({
  type: 'step',
  epoch: 0,
  epochs: 2,
  step: at,
  steps: 10,
  loss: 0.1234,
  gradientNorm: 1,
  learningRate: 1e-4,
  notes: 6,
  tokens: 1000,
  progress: (at + 1) / 20,
});

const epoch: RunEvent = {
  type: 'epoch',
  epoch: 0,
  epochs: 2,
  loss: 0.1,
  validation: { microF1: 0.81234, macroF1: 0.7, threshold: 0.4 },
  best: true,
};

/** Shows events a second apart. */
function shown(events: readonly RunEvent[], secondsApart: number, terminal?: { columns: number }): string {
  let [text, now] = ['', 0];
  const stream = {
    write: (more: string) => (text += more),
    isTTY: terminal !== undefined,
    columns: 80,
    ...terminal,
  };
  const progress = new Progress(stream, () => now);
  for (const event of events) {
    progress.show(event);
    now += secondsApart * 1000;
  }
  progress.end();
  return text;
}

describe('progress', () => {
  it('is lines where there is no terminal, of steps at most every half minute', () => {
    const steps = [5, 6, 7, 8, 9].map(step);
    assert.deepEqual(shown([started, ...steps, epoch], 20).split('\n'), [
      'bertimbau: 60 training, 20 validation, 20 test notes, 2 outputs, 2 epochs (cpu, whole-graph); goes on at epoch 1, step 6',
      'epoch 1/2  step 6/10  loss 0.123  0.300 notes/s  5 min left',
      'epoch 1/2  step 8/10  loss 0.123  0.300 notes/s  4 min left',
      'epoch 1/2  step 10/10  loss 0.123  0.300 notes/s  3 min left',
      'epoch 1/2  loss 0.100  validation F1 0.8123 micro, 0.7000 macro  best  0.250 notes/s',
      '',
    ]);
  });

  it('says by what memory a plan was chosen that nobody knows to be there', () => {
    const onGpu: RunEvent = {
      ...started,
      device: 'webgpu',
      assumedMemory: 8 * 2 ** 30,
      resumedAt: undefined,
    };
    assert.match(shown([onGpu], 1), / \(webgpu, whole-graph, 8\.0 GB of memory assumed\)\n$/);
  });

  it('is one line on a terminal, no wider than it, that gives way to lines that stay', () => {
    const text = shown([started, step(5), epoch, step(6)], 1, { columns: 30 });
    const drawn = text.split('\r\x1b[K').slice(1);
    assert.deepEqual([drawn[0]!.length, drawn[0]], [29, 'epoch 1/2  step 6/10  loss 0.']);
    assert.match(drawn[1]!, /^epoch 1\/2 {2}loss 0\.100 .*\n$/);
    assert.equal(drawn.at(-1), '', 'ends on an empty line');
  });

  it('tells durations', () => {
    assert.deepEqual([4_400, 89_000, 90_000, 5_340_000, 12_000_000].map(duration), [
      ...['4 s', '89 s', '2 min', '89 min', '3 h 20 min'],
    ]);
  });
});
