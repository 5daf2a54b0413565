import assert from 'node:assert/strict';
import { editor, noteNamed } from './fakeVscode';
import type { Comparisons } from '../../src/extension/correct/comparisons';
import type { NoteTracker, TrackedNote } from '../../src/extension/noteTracker';
import type { PredictionService } from '../../src/extension/predictionService';
import { registerStatusBar } from '../../src/extension/statusBar';

/** An event of which the test decides when it happens. */
function happening() {
  const listeners: (() => void)[] = [];
  const event = (listener: () => void) => {
    listeners.push(listener);
    return { dispose: () => undefined };
  };
  return { event, happen: () => listeners.forEach((listener) => listener()) };
}

describe('the status bar', () => {
  it('leaves out what was rejected, and does not name what is hidden at the cursor', async () => {
    const document = noteNamed('a', 'dor');
    const entity = (label: string) => ({ start: 0, end: 3, label, score: 0.9 });
    const entities = ['A', 'B', 'C'].map(entity);
    const note: TrackedNote = { document, entities, remaining: 0, milliseconds: 1 };
    const [hidden, rejected] = [new Set<string>(), new Set<string>()];
    const [change, hide, reject, state] = [happening(), happening(), happening(), happening()];
    const kept = ({ entities }: TrackedNote) => entities.filter(({ label }) => !rejected.has(label));
    const comparisons = { kept, onChange: reject.event } as unknown as Comparisons;
    const model = { name: 'm', device: 'cpu', precision: 'int8' };
    editor.focus(document, 1);
    const bar = registerStatusBar(
      { get: () => note, onChange: change.event } as unknown as NoteTracker,
      { state: { kind: 'ready', model }, onState: state.event } as unknown as PredictionService,
      { isVisible: (label) => !hidden.has(label), onChange: hide.event },
      comparisons,
    );
    const shown = () => [editor.statusBar('anamnese.model'), editor.statusBar('anamnese.cursor')];
    assert.deepEqual(shown(), ['$(pulse) m · CPU · 3 entities', 'A 0.90 + B 0.90 + C 0.90']);
    rejected.add('A');
    reject.happen();
    assert.deepEqual(shown(), ['$(pulse) m · CPU · 2 entities', 'B 0.90 + C 0.90']);
    hidden.add('B');
    hide.happen();
    assert.deepEqual(shown(), ['$(pulse) m · CPU · 2 entities', 'C 0.90']);
    hidden.add('C');
    hide.happen();
    assert.deepEqual(shown(), ['$(pulse) m · CPU · 2 entities', undefined]);
    bar.dispose();
  });
});
