import assert from 'node:assert/strict';
import { SEMANTIC_GROUPS } from '../../src/core/labels/groups';
import { groupLine, styleGroup } from '../../src/extension/labelLines';

const GROUPS = Object.keys(SEMANTIC_GROUPS);

describe('lines under labels', () => {
  it('differ in shape for each of the twelve groups, of high and of low confidence', () => {
    const shapes = [false, true].flatMap((low) =>
      GROUPS.map((group) => JSON.stringify(groupLine(group, 'red', low))),
    );
    assert.equal(new Set(shapes).size, 24);
    assert.ok(shapes.every((shape) => shape.includes('red')));
  });

  it('are shared in turn by the labels of another model', () => {
    const labels = Array.from({ length: 14 }, (_, i) => `label ${i}`);
    assert.deepEqual(
      labels.map((label) => styleGroup(label, labels)),
      [...GROUPS, ...GROUPS.slice(0, 2)],
    );
    assert.equal(styleGroup('Devices', labels), 'Devices');
  });
});
