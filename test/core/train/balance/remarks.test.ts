import assert from 'node:assert/strict';
import type { CorpusDocument } from '../../../../src/core/corpus/document';
import { seededRng } from '../../../../src/core/random';
import { balanceRemarks } from '../../../../src/core/train/balance/remarks';
import { asTheStrategySays } from '../../../../src/core/train/settings/hyperParameters';
import type { Strategy } from '../../../../src/core/train/balance/strategy';
import { balance } from '../../../../src/core/train/balance/strategy';

/** Notes with these labels each, a word a label. */
function notes(count: number, labelsOf: (note: number) => readonly string[]): CorpusDocument[] {
  return Array.from({ length: count }, (_, i) => ({
    id: `n${i}`,
    text: 'febre hoje',
    annotations: labelsOf(i).map((label) => ({ label, fragments: [{ start: 0, end: 5 }] })),
  }));
}

const LABELS = ['A', 'B'];

function remarks(
  training: readonly CorpusDocument[],
  strategy: Strategy,
  weights = asTheStrategySays,
): string[] {
  const options = { labels: LABELS, scheme: 'IO', oversampling: 'every-minority', weights } as const;
  const balanced = balance(training, strategy, options, seededRng(1));
  return balanceRemarks(training, LABELS, strategy, balanced, weights);
}

describe('remarks on a training part', () => {
  const everywhere = notes(20, () => LABELS);
  const rare = notes(20, (i) => (i < 4 ? LABELS : ['A']));

  it('name the strategies that find nothing to do', () => {
    for (const strategy of ['clamped', 'oversampling'] as const) {
      assert.match(remarks(everywhere, strategy).join(), new RegExp(`^${strategy} finds nothing to do`));
      assert.deepEqual(remarks(rare, strategy), []);
    }
    assert.deepEqual(remarks(everywhere, 'is'), []);
  });

  it('name the labels that the study’s weights leave unlearnt', () => {
    assert.match(remarks(everywhere, 'weighted').join(), /most notes have A \(0\.00\), B \(0\.00\)/);
    assert.match(remarks(rare, 'weighted').join(), /most notes have A \(0\.00\): /);
  });

  it('speak of the weights as they are set', () => {
    const most = notes(20, (i) => (i < 18 ? LABELS : []));
    assert.match(remarks(most, 'weighted').join(), /A \(0\.11\), B \(0\.11\)/);
    assert.deepEqual(remarks(most, 'weighted', { ...asTheStrategySays, power: 0.25 }), []);
    assert.match(remarks(most, 'clamped', { ...asTheStrategySays, minimum: 0.1 }).join(), /A \(0\.11\)/);
    const useless = remarks(most, 'is', { ...asTheStrategySays, power: 0.25 });
    assert.deepEqual(useless, ['is weighs no label: the settings of weights change nothing']);
  });

  it('say that a handful of notes is none to learn from', () => {
    assert.match(remarks(everywhere.slice(0, 3), 'random').join(), /^3 training notes are too few/);
  });
});
