import assert from 'node:assert/strict';
import fc from 'fast-check';
import { arrange, layoutOf, startsOf } from '../../../../src/core/train/engine/arrange';
import { io } from '../../../../src/core/train/graphs/trainingGraph';

const PAD = 99;
const texts = (...lengths: readonly number[]) => lengths.map((length, i) => new Int32Array(length).fill(i));
const none = { padTo: 0, apart: 0, padId: PAD };

describe('the texts of a batch', () => {
  it('are left as they are where all are equally long', () => {
    for (const apart of [0, 1, 3]) {
      const batch = arrange(texts(3, 3), { ...none, apart });
      assert.deepEqual(batch, { texts: texts(3, 3), lengths: [3, 3], arrangement: 'even' });
      assert.deepEqual(layoutOf(batch), {});
    }
    assert.equal(arrange(texts(3), { ...none, apart: 1 }).arrangement, 'even');
  });

  it('stand in a row where they are as many as may, of one length or not', () => {
    for (const last of [1, 3]) {
      const batch = arrange(texts(3, last), { ...none, apart: 2 });
      assert.deepEqual(batch, { texts: texts(3, last), lengths: [3, last], arrangement: 2 });
      const data = BigInt64Array.of(3n, BigInt(last));
      assert.deepEqual(layoutOf(batch), { [io.lengths]: { type: 'int64', dims: [2], data } });
      assert.deepEqual(startsOf(batch), [0, 3, 3 + last]);
    }
  });

  it('are padded where they are more or fewer, or padding is asked for', () => {
    for (const apart of [0, 1, 3])
      assert.equal(arrange(texts(3, 1), { ...none, apart }).arrangement, 'padded');
    for (const options of [none, { ...none, apart: 2, padTo: 2 }]) {
      const batch = arrange(texts(3, 1), options);
      assert.deepEqual(batch.texts, [Int32Array.of(0, 0, 0), Int32Array.of(1, PAD, PAD)]);
      assert.deepEqual([batch.lengths, batch.arrangement], [[3, 1], 'padded']);
      const data = Int32Array.of(1, 1, 1, 1, 0, 0);
      assert.deepEqual(layoutOf(batch), { [io.mask]: { type: 'int32', dims: [2, 3], data } });
    }
    const whole = arrange(texts(3, 3), { ...none, padTo: 4 });
    assert.deepEqual([whole.texts[0]!.length, whole.arrangement], [4, 'padded']);
  });

  it('keep every token, in order, before any padding', () => {
    const lengths = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(lengths, fc.nat(6), fc.nat(12), (own, apart, padTo) => {
        const batch = arrange(texts(...own), { padTo, apart, padId: PAD });
        batch.texts.forEach((text, i) => {
          assert.ok(text.subarray(0, own[i]).every((id) => id === i));
          assert.ok(text.subarray(own[i]).every((id) => id === PAD));
        });
        assert.deepEqual(batch.lengths, own);
      }),
    );
  });
});
