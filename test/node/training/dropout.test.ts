import assert from 'node:assert/strict';
import { GraphBuilder } from '../../../src/core/graph/graphBuilder';
import { toOnnx } from '../../../src/core/graph/onnxBytes';
import type { StageDropouts } from '../../../src/core/encoder/encoderParts';
import { seededRng } from '../../../src/core/random';
import type { DropoutRates } from '../../../src/core/train/engine';
import { drawNoise, dropoutInputs, layerNoise } from '../../../src/core/train/graphs/dropoutInputs';
import { onnxRuntime } from '../../../src/node/onnxRuntime';
import { dropping, engineFor, learnThreeSteps, noDropout, plans } from './engineProbe';
import { readTrainingOracle, relativeError } from './trainingOracle';

const sizes = { tokens: 256, longest: 64, heads: 4 };
const width = 96;
const runtime = onnxRuntime({ threads: 1 });

type Stage = number | 'begin' | 'end';
/** A mask of rows [tokens, width], or of the attention weights [heads, longest, longest] of one of a batch's texts. */
type Place = 'attention' | 'attention of another text' | number;

const texts: readonly Place[] = ['attention', 'attention of another text'];

/** The masks of stages and places, by `stage place`, as a training graph computes them. */
async function masks(
  rate: number,
  stages: readonly Stage[],
  places: readonly Place[],
  seed: number,
  own = sizes,
) {
  const graph = new GraphBuilder({ fused: false });
  const dropouts = dropoutInputs(graph, 'constant');
  const maskOf = (stage: StageDropouts, place: Place) =>
    typeof place === 'number'
      ? stage.rows(rate, width, place)
      : stage.attention(rate, sizes.heads)({ index: texts.indexOf(place), batch: 1, length: 'longest' });
  for (const stage of stages)
    for (const place of places) graph.output(`${stage} ${place}`, maskOf(dropouts(stage), place)(graph)!);
  const session = await runtime.compile(toOnnx(graph), 'cpu');
  const names = graph.inputs.map(({ name }) => name);
  const found = await session.run(drawNoise(names, own, seededRng(seed)));
  await session.dispose();
  return Object.entries(found).map(([name, { data }]) => ({ name, mask: data as Float32Array }));
}

const share = (mask: Float32Array, test: (value: number, index: number) => boolean): number =>
  mask.reduce((count, value, i) => count + Number(test(value, i)), 0) / mask.length;

function shareOfBoth(a: Float32Array, b: Float32Array): number {
  let count = 0;
  for (let i = 0; i < a.length; i++) if (a[i] === 0 && b[i] === 0) count++;
  return count / a.length;
}

/** Of a share that is expected, a distance that chance exceeds once in a billion times, and a little. */
const tolerance = (expected: number, count: number): number =>
  6 * Math.sqrt((expected * (1 - expected)) / count) + 1e-3;

/** That two masks drop the same elements as often as chance would. */
function assertUnrelated(drawn: Awaited<ReturnType<typeof masks>>, rate: number): void {
  for (const [i, { name, mask }] of drawn.entries())
    for (const other of drawn.slice(i + 1)) {
      const both = shareOfBoth(mask, other.mask);
      // Twice what chance allows: rows and columns are shared.
      const distance = Math.abs(both - rate * rate);
      assert.ok(distance < 2 * tolerance(rate * rate, mask.length), `${name}, ${other.name}: ${both}`);
    }
}

describe('dropout', () => {
  for (const rate of [0.05, 0.1, 0.5])
    it(`drops ${rate} of the elements, whole and in each row and column, and scales the rest`, async () => {
      for (const { name, mask } of await masks(rate, ['begin', 0, 11, 'end'], [0, 1, 'attention'], 3)) {
        const dropped = share(mask, (value) => value === 0);
        assert.ok(Math.abs(dropped - rate) < tolerance(rate, mask.length), `${name}: ${dropped}`);
        const kept = new Set(mask.filter((value) => value !== 0));
        assert.deepEqual([...kept], [Math.fround(1 / (1 - rate))], name);
        const columns = name.endsWith('attention') ? sizes.longest : width;
        assertSpread(mask, columns, rate, name);
      }
    });

  it('draws masks that have nothing to do with each other, between stages, places and steps', async () => {
    const stages = ['begin', 'end', ...Array.from({ length: 24 }, (_, layer) => layer)] as const;
    const rate = 0.2;
    const drawn = [...(await masks(rate, stages, [0, 1], 3)), ...(await masks(rate, stages, [0, 1], 4))];
    assert.equal(drawn.length, 2 * 26 * 2);
    assertUnrelated(drawn, rate);
  });

  it('draws masks of attention weights for each text of a row, layer and step by itself', async () => {
    const layers = Array.from({ length: 8 }, (_, layer) => layer);
    const rate = 0.2;
    const drawn = [...(await masks(rate, layers, texts, 3)), ...(await masks(rate, layers, texts, 4))];
    assertUnrelated(drawn, rate);
  });

  it('is one mask of attention weights for all texts of a block, and of everything else one a token', async () => {
    const elementsOf = async (tokens: number) => {
      const drawn = await masks(0.2, [0], ['attention', 0], 3, { ...sizes, tokens });
      return drawn.map(({ mask }) => mask.length);
    };
    const { heads, longest } = sizes;
    assert.deepEqual(await elementsOf(64), [heads * longest * longest, 64 * width]);
    assert.deepEqual(await elementsOf(320), [heads * longest * longest, 320 * width]);
  });

  it('is told apart by layer where layers share a graph', () => {
    assert.notDeepEqual(layerNoise(['noise.layer'], 0), layerNoise(['noise.layer'], 1));
    assert.deepEqual(layerNoise(['x'], 0), {});
  });

  for (const name of ['bert', 'modernbert']) {
    it(`is the same in both plans, for texts in a row too: ${name}`, async () => {
      const [whole, layers] = await Promise.all(
        plans.map(async (plan) => {
          const engine = await engineFor(name, plan, 'cpu', { ...dropping, textsApart: 2 });
          return learnThreeSteps(engine, name).finally(() => engine.dispose());
        }),
      );
      whole!.losses.forEach((loss, step) =>
        assert.ok(Math.abs(loss / layers!.losses[step]! - 1) < 1e-5, `${step}`),
      );
      for (const [key, { values }] of whole!.state) {
        if (/key\.bias/.test(key)) continue;
        const error = relativeError(layers!.state.get(key)!.values, values);
        assert.ok(error < 1e-5, `${key}: ${error}`);
      }
    });

    it(`acts in each place that has a rate, differently at each seed, and not in answers: ${name}`, async () => {
      const { examples } = readTrainingOracle(name);
      const answers = async (place: Partial<DropoutRates>) => {
        const engine = await engineFor(name, 'whole-graph', 'cpu', { dropout: { ...noDropout, ...place } });
        const logits = await engine.logits(examples.map(({ ids }) => ids));
        const losses: number[] = [];
        for (const seed of [1, 2, 1]) losses.push(await engine.accumulate(examples, seed));
        await engine.dispose();
        return { losses, logits };
      };
      const plain = await answers({});
      // BERT has the embeddings' dropout at the rate of the hidden layers.
      const places = ['embeddings', 'attention', 'hidden', 'classifier'].slice(name === 'bert' ? 1 : 0);
      for (const place of places) {
        const { losses, logits } = await answers({ [place]: 0.3 });
        assert.equal(new Set([...losses, plain.losses[0]]).size, 3, place);
        assert.equal(losses[2], losses[0], place);
        assert.deepEqual(logits, plain.logits, place);
      }
    });
  }
});

/** Dropped elements do not gather in rows or columns more than independent ones would. */
function assertSpread(mask: Float32Array, columns: number, rate: number, name: string): void {
  const rows = mask.length / columns;
  const byRow = new Float64Array(rows);
  const byColumn = new Float64Array(columns);
  mask.forEach((value, i) => {
    byRow[Math.floor(i / columns)]! += Number(value === 0);
    byColumn[i % columns]! += Number(value === 0);
  });
  const counts: [Float64Array, number][] = [
    [byRow, columns],
    [byColumn, rows],
  ];
  for (const [found, of] of counts) {
    const expected = of * rate * (1 - rate);
    const variance = found.reduce((sum, count) => sum + (count - of * rate) ** 2, 0) / found.length;
    assert.ok(variance < 2 * expected && variance > expected / 2, `${name}: ${variance / expected}`);
  }
}
