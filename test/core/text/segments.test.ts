import assert from 'node:assert/strict';
import { markText } from '../../../src/core/export/markedText';
import { segmentEntities } from '../../../src/core/text/segments';

const entity = (start: number, end: number, label: string) => ({ start, end, label, score: 1 });
const marking = { open: () => '[', close: (label: string) => `]${label}` };

describe('segmentEntities', () => {
  it('cuts nested and crossing entities where they change', () => {
    const segments = segmentEntities([entity(0, 10, 'A'), entity(2, 4, 'B'), entity(8, 12, 'C')]);
    const drawn = segments.map(({ start, end, entities }) => [
      start,
      end,
      entities.map(({ label }) => label).join(''),
    ]);
    assert.deepEqual(drawn, [
      [0, 2, 'A'],
      [2, 4, 'AB'],
      [4, 8, 'A'],
      [8, 10, 'AC'],
      [10, 12, 'C'],
    ]);
  });

  it('leaves gaps empty', () => {
    const segments = segmentEntities([entity(0, 2, 'A'), entity(5, 6, 'A')]);
    assert.deepEqual(
      segments.map(({ start, end }) => [start, end]),
      [
        [0, 2],
        [5, 6],
      ],
    );
  });
});

describe('markText', () => {
  it('nests marks', () => {
    const text = 'com edema em MMII hoje';
    assert.equal(
      markText(text, [entity(4, 17, 'DIS'), entity(13, 17, 'ANA')], marking),
      'com [edema em [MMII]ANA]DIS hoje',
    );
  });

  it('closes and opens again what crosses', () => {
    assert.equal(markText('abcdef', [entity(0, 4, 'A'), entity(2, 6, 'B')], marking), '[ab[cd]B]A[ef]B');
  });

  it('goes on after a crossing at the next word', () => {
    const marked = markText('lesao em regiao sacra.', [entity(0, 15, 'DIS'), entity(9, 21, 'ANA')], marking);
    assert.equal(marked, '[lesao em [regiao]ANA]DIS [sacra]ANA.');
  });

  it('marks one stretch with two labels', () => {
    assert.equal(markText('AVP ok', [entity(0, 3, 'PRO'), entity(0, 3, 'DEV')], marking), '[[AVP]DEV]PRO ok');
  });
});
