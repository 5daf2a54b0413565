import assert from 'node:assert/strict';
import { Turns } from '../../src/extension/turns';

describe('Turns', () => {
  it('do a part at once, and let everybody else have theirs before the next', async () => {
    const turns = new Turns();
    const order: string[] = [];
    setImmediate(() => order.push('another'));
    const first = turns.take(() => order.push('first'));
    assert.deepEqual(order, ['first']);
    assert.equal(await first, 1);
    assert.equal(await turns.take(async () => (order.push('second'), 'result')), 'result');
    assert.deepEqual(order, ['first', 'another', 'second']);
    assert.equal(turns.milliseconds.length, 2);
    assert.ok(turns.milliseconds.every((taken) => taken >= 0));
  });

  it('that are stopped between two parts begin no other', async () => {
    const turns = new Turns();
    const first = turns.take(() => 'first');
    turns.stop();
    assert.equal(await first, 'first');
    await assert.rejects(
      turns.take(() => assert.fail('was begun')),
      /deactivated/,
    );
  });

  it('pass on what a part throws', async () => {
    const turns = new Turns();
    const part = (): never => {
      throw new Error('broken');
    };
    await assert.rejects(turns.take(part), /broken/);
  });
});
