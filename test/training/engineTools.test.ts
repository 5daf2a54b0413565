import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { CorpusDocument } from '../../src/core/corpus/document';
import { randomBelow, seededRng } from '../../src/core/random';
import { writeBertFolder } from '../../training/base/bertFolder';
import { engineTools } from '../../training/engineTools';
import { defaultRecipe } from '../../training/recipe';
import type { FineTuning } from '../../training/runTools';
import { openToy, ToyEngine } from '../node/training/toyEngine';
import { tinyE5s1 } from './e5s1File';
import { temporaryFolder } from '../temporaryFolder';

const words = ['dor', 'febre', 'dipirona', 'torax', 'nega', 'com', 'paciente'];
const labelOf = new Map([
  ['dor', 'Disorders'],
  ['febre', 'Disorders'],
  ['dipirona', 'Chemicals & Drugs'],
  ['torax', 'Anatomy'],
]);
const labels = ['Disorders', 'Chemicals & Drugs', 'Anatomy'];

/** Invented notes of words that always have the same label. */
function notes(count: number, seed: number): CorpusDocument[] {
  const rng = seededRng(seed);
  return Array.from({ length: count }, (_, id) => {
    const drawn = Array.from(
      { length: 4 + randomBelow(20, rng) },
      () => words[randomBelow(words.length, rng)]!,
    );
    const text = drawn.join(' ');
    let at = 0;
    const annotations = drawn.flatMap((word) => {
      const [start, label] = [at, labelOf.get(word)];
      at += word.length + 1;
      return label ? [{ label, fragments: [{ start, end: start + word.length }] }] : [];
    });
    return { id: `${seed}#${id}`, text, annotations };
  });
}

const toys = (onCall: () => void = () => undefined) =>
  engineTools({
    createEngine: async (folder, options) =>
      Object.assign(ToyEngine.open(folder, options, options.dropout!.classifier), { onCall }),
    openClassifier: openToy,
  });

describe('the recipe on the project’s loop', () => {
  let folder: string;
  const runIn = (name: string, more: Partial<FineTuning> = {}): FineTuning => ({
    encoder: path.join(folder, 'encoder'),
    folder: path.join(folder, name, 'fine-tuning'),
    labels,
    documents: (epoch) => notes(30, epoch),
    validation: notes(10, 99),
    recipe: { ...defaultRecipe, epochs: 4, learningRate: 0.05, batchTokens: 128, maxLength: 32 },
    keep: new Map([1, 3].map((epoch) => [epoch, path.join(folder, name, `${epoch}.safetensors`)])),
    device: 'cpu',
    say: () => undefined,
    ...more,
  });
  const weights = (name: string, epoch: number): Buffer =>
    readFileSync(path.join(folder, name, `${epoch}.safetensors`));

  before(async () => {
    folder = temporaryFolder('recipe');
    await writeBertFolder(path.join(folder, 'encoder'), tinyE5s1(words));
    await mkdir(path.join(folder, 'whole'));
    await mkdir(path.join(folder, 'parts'));
  });

  it('learns, keeps the weights it is asked for, and tells of it', async () => {
    const lines: string[] = [];
    assert.equal(await toys().fineTune(runIn('whole', { say: (line) => lines.push(line) })), 'finished');
    assert.ok(!weights('whole', 1).equals(weights('whole', 3)));
    const f1 = lines.map((line) => /^epoch 4\/4 .*validation F1 (\d\.\d+)/.exec(line)?.[1]).find(Boolean);
    assert.ok(Number(f1) > 0.95, lines.join('\n'));
    assert.equal(await toys().fineTune(runIn('whole')), 'finished');
  });

  it('stopped time and again, ends with the same weights', async () => {
    for (let stops = 0, ending = 'stopped'; ending === 'stopped'; stops++) {
      assert.ok(stops < 200);
      const controller = new AbortController();
      let left = 15;
      const tools = toys(() => {
        if (--left === 0) controller.abort();
      });
      ending = await tools.fineTune(runIn('parts', { signal: controller.signal }));
    }
    for (const epoch of [1, 3]) assert.ok(weights('parts', epoch).equals(weights('whole', epoch)));
  });

  it('takes up no run of other notes', async () => {
    const other = runIn('parts', { documents: (epoch) => notes(30, epoch + 1) });
    await assert.rejects(toys().fineTune(other), /notes/);
  });
});
