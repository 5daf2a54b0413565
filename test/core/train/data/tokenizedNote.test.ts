import assert from 'node:assert/strict';
import { tokenTargets } from '../../../../src/core/labels/tokenTargets';
import { loadTokenizer } from '../../../../src/core/tokenize/loadTokenizer';
import { seededRng } from '../../../../src/core/random';
import { placeWindows, planSteps } from '../../../../src/core/train/data/batches';
import { stepExamples } from '../../../../src/core/train/data/examples';
import { tokenizeNote } from '../../../../src/core/train/data/tokenizedNote';
import { CUT_RANK } from '../../../../src/core/train/data/windowCuts';

const pieces = [
  '[PAD]',
  '[UNK]',
  '[CLS]',
  '[SEP]',
  '[MASK]',
  'dor',
  'abdo',
  '##minal',
  'forte',
  '.',
  'no',
  'peito',
];
const tokenizer = loadTokenizer({ vocabTxt: pieces.join('\n') });
const text = 'Dor abdominal forte. Dor no peito';
const annotations = [
  { label: 'DIS', fragments: [{ start: 0, end: 19 }] },
  { label: 'ANA', fragments: [{ start: 4, end: 13 }] },
  { label: 'DIS', fragments: [{ start: 21, end: 33 }] },
];
const options = { labels: ['DIS', 'ANA'], scheme: 'BIO', begin: 'first' } as const;

describe('tokenizeNote', () => {
  const note = tokenizeNote({ text, annotations }, tokenizer, options);

  it('parts special tokens from the text’s own and says where it may be cut', () => {
    const names = [...note.ids].map((id) => pieces[id]);
    assert.deepEqual(names, ['dor', 'abdo', '##minal', 'forte', '.', 'dor', 'no', 'peito']);
    assert.deepEqual([[...note.before], [...note.after]], [[2], [3]]);
    const { word, token } = CUT_RANK;
    assert.deepEqual([...note.cutRanks], [token, word, token, word, token, word, word, word]);
    assert.deepEqual([...note.continues], [0, 0, 1, 0, 0, 0, 0, 0]);
    assert.deepEqual([...note.visible], [1, 1, 1, 1, 1, 1, 1, 1]);
  });

  it('begins an annotation once, though a window’s edge cuts it', () => {
    const windows = placeWindows([note], 5, undefined);
    assert.deepEqual(
      windows.map(({ range }) => range),
      [
        [0, 3],
        [3, 6],
        [6, 8],
      ],
    );
    const [step] = planSteps(windows, { by: 'notes', size: 9, accumulate: 1, buckets: 'none' }, seededRng(1));
    const examples = stepExamples(step!, [note], { tokens: 'visible', mean: 'step' }).flat();
    // B-DIS, I-DIS, B-ANA, I-ANA of each token.
    const rows = (at: number): string[] => {
      const { targets, ids } = examples.find(({ ids: [, first] }) => first === note.ids[at])!;
      return Array.from(ids, (_, i) => [...targets.subarray(4 * i, 4 * i + 4)].join(''));
    };
    assert.deepEqual(rows(3), ['0000', '0100', '0000', '1000', '0000']);
    assert.deepEqual(rows(6), ['0000', '0100', '0100', '0000']);
    const whole = tokenizer.encode(text);
    assert.deepEqual([...note.targets], [...tokenTargets(whole, annotations, options).slice(4, -4)]);
  });
});
