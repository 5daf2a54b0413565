import assert from 'node:assert/strict';
import type { Entity } from '../../../src/core/text/entity';
import { neighbourOf } from '../../../src/core/text/neighbour';

const entity = (start: number, end: number, label = 'Disorders'): Entity => ({ start, end, label, score: 1 });
const [whole, part, last] = [entity(0, 20), entity(0, 8, 'Anatomy'), entity(30, 35)];
const entities = [whole, part, last];
const cursor = (at: number): { start: number; end: number } => ({ start: at, end: at });

describe('neighbourOf', () => {
  it('begins with the entity at the cursor, the beginning of the note included', () => {
    assert.equal(neighbourOf(entities, cursor(0), 1), whole);
    assert.equal(neighbourOf(entities, cursor(30), 1), last);
  });

  it('goes from an entity to those inside it, and on', () => {
    assert.equal(neighbourOf(entities, whole, 1), part);
    assert.equal(neighbourOf(entities, part, 1), last);
    assert.equal(neighbourOf(entities, last, 1), whole);
  });

  it('goes back the same way', () => {
    assert.equal(neighbourOf(entities, last, -1), part);
    assert.equal(neighbourOf(entities, part, -1), whole);
    assert.equal(neighbourOf(entities, whole, -1), last);
    assert.equal(neighbourOf(entities, cursor(30), -1), part);
  });

  it('passes two labels on the same words at once', () => {
    const both = [entity(3, 9, 'Devices'), entity(3, 9, 'Procedures'), last];
    assert.equal(neighbourOf(both, both[0]!, 1), last);
    assert.deepEqual(neighbourOf(both, last, -1), both[1]);
  });

  it('knows that there may be none', () => {
    assert.equal(neighbourOf([], cursor(0), 1), undefined);
    assert.equal(neighbourOf([], cursor(0), -1), undefined);
  });
});
