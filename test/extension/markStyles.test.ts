import assert from 'node:assert/strict';
import type * as vscode from 'vscode';
import './fakeVscode';
import { MarkStyles } from '../../src/extension/markStyles';

/** The CSS that draws labels which all lie on one stretch, and the type it is drawn by. */
function drawn(styles: MarkStyles, labels: readonly string[], score = 0.9) {
  const entities = labels.map((label) => ({ start: 0, end: 3, label, score }));
  const type = styles.forSegment({ start: 0, end: 3, entities }, 0.6);
  const options = type as unknown as vscode.DecorationRenderOptions;
  const declarations = options.textDecoration!.split('; ').map((one) => one.split(': ') as [string, string]);
  return { type, options, css: Object.fromEntries(declarations) as Record<string, string> };
}

const lines = (css: Record<string, string>): number =>
  new Set(css['background-position']!.split(/, (?=0 )/)).size;

describe('MarkStyles', () => {
  const labels = ['A', 'B', 'C', 'D', 'E'];

  it('draw a line a label, up to three', () => {
    const styles = new MarkStyles(labels);
    for (const count of [1, 2, 3]) {
      const { css } = drawn(styles, labels.slice(0, count));
      assert.equal(lines(css), count);
      assert.doesNotMatch(css['background-image']!, /descriptionForeground/);
    }
  });

  it('draw one thin grey line for all that lies deeper', () => {
    const styles = new MarkStyles(labels);
    const [three, four, five] = [3, 4, 5].map((count) => drawn(styles, labels.slice(0, count)));
    assert.notEqual(three!.type, four!.type);
    assert.equal(four!.type, five!.type);
    assert.equal(lines(four!.css), 4);
    assert.match(four!.css['background-image']!, /descriptionForeground\) 2px, transparent 2px\)$/);
    assert.match(four!.css['background-size']!, /, 4px 1px$/);
  });

  it('take no lane of the overview ruler, which would know only what is near sight', () => {
    const { options } = drawn(new MarkStyles(labels), ['A']);
    assert.deepEqual([options.overviewRulerLane, options.overviewRulerColor], [undefined, undefined]);
  });
});
