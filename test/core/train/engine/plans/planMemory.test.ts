import assert from 'node:assert/strict';
import { shapes } from '../../../../../bench/trainShapes';
import type { ShapeName } from '../../../../../bench/trainShapes';
import type { EncoderConfig } from '../../../../../src/core/encoder/config';
import { parseEncoderConfig } from '../../../../../src/core/encoder/config';
import { largestBatch } from '../../../../../src/core/train/data/batches';
import { choosePlan, planBytes } from '../../../../../src/core/train/engine/plans/planMemory';
import type { TokenizedText } from '../../../../../src/core/train/data/tokenizedNote';

const GIGABYTE = 2 ** 30;

function config(shape: ShapeName): EncoderConfig {
  const id2label = Object.fromEntries(Array.from({ length: 12 }, (_, id) => [id, `L${id}`]));
  return parseEncoderConfig(JSON.stringify({ ...shapes[shape], id2label }), 'config.json');
}

/** Peaks in MiB of bench/trainProcess.ts on Linux, two steps with dropout. */
const measured = [
  ['e5-small', 'whole-graph', 1, 128, 738],
  ['e5-small', 'whole-graph', 4, 512, 3638],
  ['e5-small', 'whole-graph', 3, 300, 1326],
  ['e5-small', 'layer-by-layer', 4, 512, 1084],
  ['bert-base', 'whole-graph', 1, 128, 2006],
  ['bert-base', 'whole-graph', 4, 512, 4927],
  ['bert-base', 'layer-by-layer', 2, 512, 2008],
  ['bert-large', 'whole-graph', 1, 256, 6862],
  ['modernbert-base', 'whole-graph', 4, 512, 7674],
  ['modernbert-base', 'layer-by-layer', 2, 512, 3037],
  ['mmbert-base', 'whole-graph', 1, 256, 3600],
] as const;

/** The same of masked language modelling that guesses 15 %; with two batches a step but for the first and the fourth. */
const measuredGuessing = [
  ['e5-small', 'whole-graph', 4, 512, 4000],
  ['e5-small', 'layer-by-layer', 4, 512, 1537],
  ['e5-small', 'whole-graph', 1, 128, 1202],
  ['bert-base', 'layer-by-layer', 2, 512, 2351],
  ['mmbert-base', 'layer-by-layer', 1, 256, 6745],
] as const;

describe('the memory that a plan takes', () => {
  for (const [shape, plan, texts, length, megabytes] of measuredGuessing)
    it(`is estimated within a sixth where words are guessed: ${shape}, ${plan}, ${texts} x ${length}`, () => {
      const guesses = texts * Math.round(0.15 * length);
      const largest = { tokens: texts * length, length, guesses };
      const estimate = planBytes(plan, config(shape), largest, false) / 2 ** 20;
      assert.ok(estimate > megabytes / 1.15 && estimate < megabytes * 1.15, `${estimate}`);
    });

  for (const [shape, plan, texts, length, megabytes] of measured)
    it(`is estimated within a third: ${shape}, ${plan}, ${texts} x ${length}`, () => {
      const estimate = planBytes(plan, config(shape), { tokens: texts * length, length }, false) / 2 ** 20;
      assert.ok(estimate > megabytes * 0.85 && estimate < megabytes * 1.33, `${estimate}`);
    });

  it('decides the plan: whole where it fits, else layer by layer', () => {
    const largest = { tokens: 2048, length: 512 };
    assert.equal(choosePlan(config('bert-base'), largest, 8 * GIGABYTE, false), 'whole-graph');
    assert.equal(choosePlan(config('bert-base'), largest, 5 * GIGABYTE, false), 'layer-by-layer');
    const study = { tokens: 5120, length: 512 };
    assert.equal(choosePlan(config('bert-large'), study, 24 * GIGABYTE, false), 'layer-by-layer');
    assert.ok(planBytes('layer-by-layer', config('bert-large'), study, false) < 12 * GIGABYTE);
  });

  it('grows by a moving average', () => {
    const bytes = (averaged: boolean) =>
      planBytes('whole-graph', config('bert-base'), { tokens: 8, length: 8 }, averaged);
    assert.ok(bytes(true) > bytes(false) + 3e8);
  });
});

describe('the largest batch', () => {
  const special = { before: new Int32Array(1), after: new Int32Array(1) };
  const note = (tokens: number) => ({ ids: new Int32Array(tokens), ...special }) as unknown as TokenizedText;
  const byNotes = { by: 'notes', size: 10, accumulate: 1, buckets: 'step' } as const;
  const byTokens = { ...byNotes, by: 'tokens', size: 1024 } as const;

  it('has the longest note, as far as it is read in one piece', () => {
    assert.deepEqual(largestBatch([note(20), note(98)], byNotes, 512, null), { tokens: 1000, length: 100 });
    assert.deepEqual(largestBatch([note(20), note(900)], byNotes, 512, null), { tokens: 5120, length: 512 });
    assert.deepEqual(largestBatch([note(20), note(98)], byTokens, 512, null), { tokens: 1024, length: 100 });
    assert.deepEqual(largestBatch([note(2000)], byTokens, 2048, null), { tokens: 2002, length: 2002 });
  });

  it('is as long as it is padded to', () => {
    assert.deepEqual(largestBatch([note(20)], byNotes, 512, 512), { tokens: 5120, length: 512 });
    // As many short texts as would fit unpadded, then each as long.
    assert.deepEqual(largestBatch([note(98)], byTokens, 512, 512), { tokens: 10 * 512, length: 512 });
  });
});
