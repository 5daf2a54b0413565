import assert from 'node:assert/strict';
import type { Memento } from 'vscode';
import type { EncoderKind, Remembered, TrainingChoices } from '../../src/extension/experiments/choices';
import {
  COMPARE_DEFAULTS,
  offeredTraining,
  recall,
  remember,
  rememberedTraining,
  TRAIN_DEFAULTS,
} from '../../src/extension/experiments/choices';

/** As VS Code keeps it: what JSON can say. */
function memory(): Memento {
  const kept = new Map<string, string>();
  return {
    keys: () => [...kept.keys()],
    get: <T>(key: string) => (kept.has(key) ? (JSON.parse(kept.get(key)!) as T) : undefined),
    update: (key: string, value: unknown) => Promise.resolve(void kept.set(key, JSON.stringify(value))),
  } as Memento;
}

describe('what a flow remembers of a training', () => {
  const flow = () => {
    const kept = memory();
    const offered = (kind: EncoderKind): TrainingChoices =>
      offeredTraining(TRAIN_DEFAULTS, kind, recall(kept, 'train'));
    return {
      offered,
      start: (kind: EncoderKind, change: Partial<TrainingChoices> = {}) =>
        remember(
          kept,
          'train',
          rememberedTraining({ ...offered(kind), ...change }, kind, recall(kept, 'train')),
        ),
    };
  };

  it('has no epochs that nobody asked for: those of a learnt model are not offered for a raw encoder', async () => {
    const { offered, start } = flow();
    assert.deepEqual([offered('learnt').epochs, offered('raw').epochs], [3, null]);
    await start('learnt', { strategies: ['clamped'] });
    assert.deepEqual([offered('learnt').epochs, offered('raw').epochs], [3, null]);
    assert.deepEqual(offered('raw').strategies, ['clamped']);
    await start('raw');
    assert.deepEqual([offered('learnt').epochs, offered('raw').epochs], [3, null]);
  });

  it('has the epochs that a person wanted, for encoders of that kind alone, until they want others', async () => {
    const { offered, start } = flow();
    await start('raw', { epochs: 12 });
    assert.deepEqual([offered('learnt').epochs, offered('raw').epochs], [3, 12]);
    await start('learnt', { epochs: null });
    assert.deepEqual([offered('learnt').epochs, offered('raw').epochs], [null, 12]);
    await start('raw', { epochs: null });
    assert.deepEqual([offered('learnt').epochs, offered('raw').epochs], [null, null]);
    await start('learnt', { epochs: 3 });
    assert.deepEqual([offered('learnt').epochs, offered('raw').epochs], [3, null]);
  });

  it('is kept by flow, piece by piece, and forgotten where another version kept it', async () => {
    const kept = memory();
    await remember(kept, 'models', { task: 'evaluate' });
    await remember(kept, 'models', { encoders: ['/e5'] });
    await remember(kept, 'models.scored', { encoders: ['/trained'], notes: 'own' });
    const found: Remembered = recall(kept, 'models');
    assert.deepEqual([found.task, found.encoders, found.notes], ['evaluate', ['/e5'], undefined]);
    assert.equal(recall(kept, 'models.scored').notes, 'own');
    await kept.update('flow.train', { version: 1, training: { ...COMPARE_DEFAULTS, epochs: 3 } });
    assert.deepEqual(recall(kept, 'train'), {});
  });
});
