import assert from 'node:assert/strict';
import { NoteProgress } from '../../src/cli/noteProgress';

/** What is shown of notes that end at these seconds, on a terminal or elsewhere. */
function shown(isTTY: boolean, ...seconds: number[]): string {
  let [text, now] = ['', 0];
  const stream = { isTTY, columns: 80, write: (more: string) => (text += more) };
  const progress = new NoteProgress('predicts', stream, () => now);
  seconds.forEach((second, i) => {
    now = second * 1000;
    progress.show(i + 0.5, seconds.length);
  });
  progress.end();
  return text;
}

describe('progress over notes', () => {
  it('is a bar on a terminal, which is gone in the end', () => {
    const drawn = shown(true, 1, 2, 3, 4).split('\r\x1b[K');
    assert.deepEqual(drawn.slice(1, 3), [
      '▰▱▱▱▱▱▱▱▱▱  predicts note 1 of 4  0.500 notes/s  7 s left',
      '▰▰▰▰▱▱▱▱▱▱  predicts note 2 of 4  0.750 notes/s  3 s left',
    ]);
    assert.equal(drawn.at(-1), '');
  });

  it('is a line every half minute elsewhere, and nothing of what takes less', () => {
    assert.equal(shown(false, 10, 20), '');
    assert.deepEqual(shown(false, 10, 40, 60, 75).split('\n'), [
      'predicts note 2 of 4  0.0375 notes/s  67 s left',
      'predicts note 4 of 4  0.0467 notes/s  11 s left',
      '',
    ]);
  });
});
