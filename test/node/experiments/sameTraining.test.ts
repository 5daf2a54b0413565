import assert from 'node:assert/strict';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { runRecord } from '../../../src/core/experiments/runFiles';
import { createPlan } from '../../../src/node/experiments/createPlan';
import { inventedNotes } from '../training/toyNotes';
import { toyFolder } from '../training/toyRun';
import { carriedOut, results, runsIn, toyRequest } from './toyPlan';

/** Every note gets every label, so that none is rarer than another. */
function balancedNotes(count: number): string {
  const line = inventedNotes(count, 7).split('\n').map(withEveryLabel);
  return line.join('\n');
}

function withEveryLabel(line: string): string {
  const { text, label } = JSON.parse(line) as { text: string; label: [number, number, string][] };
  let whole = text;
  const more = [
    ['febre', 'Disorders'],
    ['raio-x', 'Procedures'],
    ['dipirona', 'Chemicals & Drugs'],
    ['torax', 'Anatomy'],
  ].map(([word, own]): [number, number, string] => {
    whole += ` ${word}`;
    return [whole.length - word!.length, whole.length, own!];
  });
  return JSON.stringify({ text: whole, label: [...label, ...more] });
}

describe('runs whose training would be another’s to the last bit', function () {
  this.timeout(120_000);
  let folder: string;
  const plan = (name: string): string => path.join(folder, name);
  const record = (name: string, id: string) =>
    runRecord.parse(JSON.parse(readFileSync(path.join(plan(name), 'runs', id, 'record.json'), 'utf8')));
  const request = (strategies: readonly ('is' | 'weighted' | 'clamped' | 'oversampling')[]) =>
    toyRequest(folder, { strategies: [...strategies], seeds: [1] });
  before(async () => {
    folder = toyFolder(20);
    writeFileSync(path.join(folder, 'notes.jsonl'), balancedNotes(20));
    await createPlan(plan('all'), request(['is', 'weighted', 'clamped', 'oversampling']));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('are not trained again where a strategy finds nothing to do, and say of which they are', async () => {
    const { events, progress } = await carriedOut(plan('all'));
    assert.deepEqual(progress, { finished: 4, failed: 0, total: 4 });
    const trained = events.flatMap((event) =>
      event.type === 'run' && event.event.type === 'started' ? [event.id] : [],
    );
    assert.deepEqual(trained, ['encoder-is-io-1', 'encoder-weighted-io-1']);
    for (const strategy of ['clamped', 'oversampling'] as const) {
      const copy = record('all', `encoder-${strategy}-io-1`);
      assert.equal(copy.strategy, strategy);
      assert.equal(copy.sameAs, 'encoder-is-io-1');
      assert.deepEqual(copy.cost, record('all', 'encoder-is-io-1').cost);
    }
    assert.equal(record('all', 'encoder-weighted-io-1').sameAs, undefined);
    const kept = runsIn(plan('all')).filter((id) => existsSync(path.join(plan('all'), 'runs', id, 'model')));
    assert.equal(kept.length, 1, 'the best keeps its weights, a copy has none');
  });

  it('come to the same when they are trained', async () => {
    for (const strategy of ['clamped', 'oversampling'] as const) {
      await createPlan(plan(strategy), request([strategy]));
      await carriedOut(plan(strategy));
      const id = `encoder-${strategy}-io-1`;
      assert.equal(record(strategy, id).sameAs, undefined);
      assert.deepEqual(record(strategy, id).history, record('all', id).history);
      assert.deepEqual(results(plan('all'), id), results(plan(strategy), id));
    }
  });
});
