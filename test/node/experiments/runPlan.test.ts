import assert from 'node:assert/strict';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { predictedNote, runRecord, tokenScores } from '../../../src/core/experiments/runFiles';
import { compareStrategies } from '../../../src/core/experiments/strategyComparison';
import { seededRng } from '../../../src/core/random';
import { carryOutRun } from '../../../src/node/experiments/carryOutRun';
import { SNAPSHOT } from '../../../src/node/experiments/corpusSnapshot';
import { createPlan } from '../../../src/node/experiments/createPlan';
import { planProgress, runPlan } from '../../../src/node/experiments/runPlan';
import { readScoredRuns } from '../../../src/node/experiments/scoredRuns';
import { toyFolder } from '../training/toyRun';
import { carriedOut, results, runsIn, started, toyRequest } from './toyPlan';

describe('runPlan', function () {
  this.timeout(180_000);
  let folder: string;
  const at = (...names: string[]): string => path.join(folder, ...names);
  const json = (...names: string[]): unknown => JSON.parse(readFileSync(at(...names), 'utf8'));
  before(async () => {
    folder = toyFolder(24);
    await createPlan(at('whole'), toyRequest(folder));
    await carriedOut(at('whole'));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('leaves of each run what the report reads', async () => {
    assert.equal(runsIn(at('whole')).length, 4);
    for (const id of runsIn(at('whole'))) {
      const record = runRecord.parse(json('whole', 'runs', id, 'record.json'));
      assert.equal(record.id, id);
      assert.deepEqual(record.split.notes, { train: 14, validation: 5, test: 5 });
      assert.equal(record.history.length, 2);
      assert.ok(
        record.cost.trainedTokens > 500 && record.cost.trainSeconds > 0 && record.cost.scoreSeconds > 0,
      );
      assert.equal(record.parameters.epochs, 2);
      assert.equal(record.parameters.checkpointSteps, 19);
      assert.equal(record.environment.device, 'cpu');
      const tokens = tokenScores.parse(json('whole', 'runs', id, 'tokens.json'));
      const metrics = json('whole', 'runs', id, 'metrics.json') as Metrics;
      const scored = [tokens.honest.negatives[0]!, tokens.honest.positives[0]!].flat();
      assert.equal(sum(scored), metrics.views['honest token'].rows);
      assert.equal(tokens.operating.honest, metrics.views['honest token'].thresholds.shared);
      const lines = readFileSync(at('whole', 'runs', id, 'predictions.jsonl'), 'utf8')
        .trim()
        .split('\n');
      for (const line of lines) predictedNote.parse(JSON.parse(line));
      assert.equal(lines.length, 5);
      const characters = lines.map((line) => textOf(predictedNote.parse(JSON.parse(line)).note).length);
      const least = sum(tokens.confusion.flat());
      assert.ok(least >= sum(characters), 'every character of the test notes is somewhere in the confusion');
    }
  });

  interface Metrics {
    readonly views: Record<'honest token', { rows: number; thresholds: { shared: number } }>;
  }
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
  const textOf = (id: string): string => {
    const lines = readFileSync(at('notes.jsonl'), 'utf8').trim().split('\n');
    const place = Number(/(\d+)$/.exec(id)![1]);
    return (JSON.parse(lines[place - 1]!) as { text: string }).text;
  };

  it('keeps the weights of the best on validation alone, which open as any model does', () => {
    const kept = runsIn(at('whole')).filter((id) => existsSync(at('whole', 'runs', id, 'model')));
    const validation = runsIn(at('whole')).map((id) => {
      const { history, bestEpoch } = runRecord.parse(json('whole', 'runs', id, 'record.json'));
      return { id, score: history[bestEpoch!]!.validation!.microF1 };
    });
    const best = Math.max(...validation.map(({ score }) => score));
    assert.equal(kept.length, 1);
    assert.equal(validation.find(({ id }) => id === kept[0])!.score, best);
    assert.ok(existsSync(at('whole', 'runs', kept[0]!, 'model', 'model.safetensors')));
    assert.ok(!existsSync(at('whole', 'runs', kept[0]!, 'model', 'model.onnx')));
  });

  it('computes nothing again', async () => {
    const before = runsIn(at('whole')).map((id) =>
      readFileSync(at('whole', 'runs', id, 'record.json'), 'utf8'),
    );
    const { events, progress } = await carriedOut(at('whole'), {
      carryOut: () => assert.fail('computed again'),
    });
    assert.deepEqual(progress, { finished: 4, failed: 0, total: 4 });
    assert.deepEqual(
      events.map(({ type }) => type),
      ['plan', 'finished'],
    );
    const after = runsIn(at('whole')).map((id) =>
      readFileSync(at('whole', 'runs', id, 'record.json'), 'utf8'),
    );
    assert.deepEqual(after, before);
  });

  it('takes up runs that are added later, and only those', async () => {
    cpSync(at('whole'), at('grown'), { recursive: true });
    await createPlan(at('grown'), toyRequest(folder, { strategies: ['clamped'], seeds: [2] }));
    const { events, progress } = await carriedOut(at('grown'));
    assert.deepEqual(started(events), ['encoder-clamped-io-2']);
    assert.deepEqual(progress, { finished: 5, failed: 0, total: 5 });
  });

  it('gives the same results by shares on several machines, whose folders are copied together', async () => {
    await createPlan(at('a'), toyRequest(folder));
    cpSync(at('a'), at('b'), { recursive: true });
    const { runs } = await createPlan(at('a'), toyRequest(folder)).then(({ plan }) => plan);
    const share = (odd: number): string[] => runs.filter((_, i) => i % 2 === odd).map(({ id }) => id);
    const first = await carriedOut(at('a'), { only: share(0) });
    assert.deepEqual(started(first.events), share(0));
    assert.deepEqual(first.progress, { finished: 2, failed: 0, total: 4 });
    await carriedOut(at('b'), { only: share(1) });
    cpSync(at('b', 'runs'), at('a', 'runs'), { recursive: true });
    assert.deepEqual((await planProgress(at('a'))).left, []);
    for (const id of runsIn(at('whole')))
      assert.deepEqual(results(at('a'), id), results(at('whole'), id), id);
    const { systems } = compareStrategies(
      await readScoredRuns(at('a')),
      { encoder: 'encoder', strategy: 'random', scheme: 'IO' },
      { table: 'text, words', rounds: 100, rng: seededRng(1) },
    );
    assert.deepEqual(
      systems.map(({ strategy, runs: own }) => [strategy, own.length]),
      [
        ['random', 2],
        ['oversampling', 2],
      ],
    );
  });

  it('stops when told, and goes on where it was', async () => {
    await createPlan(at('stopped'), toyRequest(folder));
    const abort = new AbortController();
    const stopped = await carriedOut(at('stopped'), {
      signal: abort.signal,
      onEvent: (event) => {
        if (event.type === 'run' && event.event.type === 'epoch') abort.abort();
      },
    });
    assert.deepEqual(stopped.progress, { finished: 0, failed: 0, total: 4 });
    const { events } = await carriedOut(at('stopped'), { only: ['encoder-random-io-1'] });
    const resumed = events.find((event) => event.type === 'run' && event.event.type === 'started');
    assert.ok(resumed?.type === 'run' && resumed.event.type === 'started' && resumed.event.resumedAt);
    const id = 'encoder-random-io-1';
    assert.deepEqual(results(at('stopped'), id), results(at('whole'), id));
    const scoring = new AbortController();
    await carriedOut(at('stopped'), {
      signal: scoring.signal,
      onEvent: (event) => void (event.type === 'scoring' && scoring.abort()),
    });
    const other = 'encoder-oversampling-io-1';
    assert.ok(!existsSync(at('stopped', 'runs', other, 'record.json')));
    const last = await carriedOut(at('stopped'), { only: [other] });
    assert.ok(!last.events.some((event) => event.type === 'run'), 'what was trained is only scored');
    assert.deepEqual(results(at('stopped'), other), results(at('whole'), other));
  });

  it('goes on with the others when a run fails, says why, and tries it again next time', async () => {
    await createPlan(at('failing'), toyRequest(folder, { seeds: [1] }));
    const model = at('failing', 'runs', 'encoder-random-io-1', 'model');
    mkdirSync(model, { recursive: true });
    writeFileSync(path.join(model, 'thesis.docx'), '');
    const { events, progress } = await carriedOut(at('failing'));
    assert.deepEqual(progress, { finished: 1, failed: 1, total: 2 });
    const failure = events.find((event) => event.type === 'runFailed');
    assert.ok(failure?.type === 'runFailed');
    assert.match(failure.message, /is not empty and holds no run: delete .*model, and the run begins anew$/);
    rmSync(model, { recursive: true });
    assert.deepEqual((await carriedOut(at('failing'))).progress, { finished: 2, failed: 0, total: 2 });
  });

  it('scores encoders that were trained before: on the seeds’ tests, their own, or all notes', async () => {
    const kept = runsIn(at('whole')).find((id) => existsSync(at('whole', 'runs', id, 'model')))!;
    const encoder = at('whole', 'runs', kept, 'model');
    const evaluations = (['test', 'own', 'all'] as const).map((notes) => ({ encoder, notes, seeds: [1] }));
    await createPlan(at('scored'), toyRequest(folder, { encoders: [], evaluations }));
    assert.deepEqual((await carriedOut(at('scored'))).progress, { finished: 3, failed: 0, total: 3 });
    const own = results(at('scored'), `${kept}-evaluated-own-1`);
    // The same notes, thresholds and weights as when it was trained.
    const strip = (text: string): unknown => ({ ...(JSON.parse(text) as object), predictionsBy: '' });
    assert.deepEqual(strip(own['metrics.json']!), strip(results(at('whole'), kept)['metrics.json']!));
    for (const name of ['curves.json', 'counts.json', 'tokens.json', 'predictions.jsonl', 'split.json'])
      assert.equal(own[name], results(at('whole'), kept)[name], name);
    const all = runRecord.parse(json('scored', 'runs', `${kept}-evaluated-all-1`, 'record.json'));
    assert.deepEqual(all.split.notes, { train: 0, validation: 0, test: 24 });
    assert.equal(all.strategy, 'none');
    const { remarks } = json('scored', 'runs', `${kept}-evaluated-all-1`, 'metrics.json') as {
      remarks: string[];
    };
    assert.match(remarks[0]!, /^the encoder was trained or tuned on 19 of the notes that it is scored on$/);
    assert.ok(existsSync(path.join(encoder, 'model.safetensors')), 'an encoder that was given is left alone');
  });

  const record = (plan: string): string => at(plan, 'runs', 'encoder-random-io-1', 'record.json');
  const changed = (more: object) => (): void =>
    writeFileSync(
      record('bad'),
      JSON.stringify({ ...(json('whole', 'runs', 'encoder-random-io-1', 'record.json') as object), ...more }),
    );
  for (const [what, spoil, message] of [
    ['a folder without a plan', () => rmSync(at('bad', 'plan.json')), /bad: holds no plan \(plan\.json\)/],
    [
      'a plan that is damaged',
      () => writeFileSync(at('bad', 'plan.json'), '{'),
      /plan\.json: damaged: not JSON/,
    ],
    [
      'a record that is damaged',
      () => writeFileSync(record('bad'), '{"format":"anamnese-re'),
      /record\.json: damaged: not JSON; delete this run's folder, and it is run again/,
    ],
    [
      'a record that lacks something',
      changed({ seed: 'one' }),
      /record\.json: \/seed: .*; delete this run's folder/,
    ],
    [
      'a record of another corpus',
      changed({ corpus: { name: 'notes.jsonl', sha256: '00' } }),
      /record\.json: is of another state of the corpus, not of this plan's encoder-random-io-1/,
    ],
    ['a record of another run', changed({ id: 'other' }), /record\.json: is of the run other, not of/],
    [
      'a corpus that has changed since a plan that kept none of it',
      () => {
        rmSync(at('bad', SNAPSHOT));
        writeFileSync(at('bad.jsonl'), '{"text":"edema","label":[[0,5,"Disorders"]]}\n');
      },
      /bad\.jsonl: the corpus has changed since .*plan\.json was made, and no corpus\.jsonl\.gz/,
    ],
    [
      'a corpus that is gone with what was kept of it',
      () => (rmSync(at('bad', SNAPSHOT)), rmSync(at('bad.jsonl'))),
      /bad\.jsonl: no such file or folder/,
    ],
    [
      'what was kept of its corpus where that is damaged',
      () => writeFileSync(at('bad', SNAPSHOT), 'x'),
      /bad.corpus\.jsonl\.gz: damaged/,
    ],
  ] as [string, () => void, RegExp][])
    it(`refuses ${what}`, async () => {
      rmSync(at('bad'), { recursive: true, force: true });
      cpSync(at('notes.jsonl'), at('bad.jsonl'));
      await createPlan(at('bad'), toyRequest(folder, { corpus: at('bad.jsonl') }));
      mkdirSync(path.dirname(record('bad')), { recursive: true });
      spoil();
      await assert.rejects(runPlan(at('bad'), { onEvent: () => undefined, carryOut: carryOutRun }), message);
    });

  it('says which encoder is gone or has changed, and goes on with the others', async () => {
    for (const name of ['gone', 'changed']) {
      cpSync(at('encoder'), at(name), { recursive: true });
      writeFileSync(at(name, 'vocab.txt'), `${readFileSync(at('encoder', 'vocab.txt'), 'utf8')}${name}\n`);
    }
    const encoders = [at('gone'), at('changed'), at('encoder')];
    await createPlan(at('encoders'), toyRequest(folder, { encoders, strategies: ['is'], seeds: [1] }));
    rmSync(at('gone'), { recursive: true });
    writeFileSync(at('changed', 'vocab.txt'), 'x\n', { flag: 'a' });
    const { events, progress } = await carriedOut(at('encoders'));
    assert.deepEqual(progress, { finished: 1, failed: 2, total: 3 });
    const messages = events.flatMap((event) => (event.type === 'runFailed' ? [event.message] : []));
    assert.match(messages[0]!, /gone.*config\.json: is missing/);
    assert.match(messages[1]!, /changed: this encoder has changed since the plan was made/);
  });

  /** A plan on notes of its own, which a person corrects once the first run has learnt for an epoch. */
  const editedWhile = async (keeps: boolean) => {
    for (const name of ['edited', 'edited.jsonl']) rmSync(at(name), { recursive: true, force: true });
    cpSync(at('notes.jsonl'), at('edited.jsonl'));
    await createPlan(at('edited'), toyRequest(folder, { corpus: at('edited.jsonl') }));
    if (!keeps) rmSync(at('edited', SNAPSHOT));
    const notes = readFileSync(at('edited.jsonl'), 'utf8').split('\n');
    const edit = (): void => writeFileSync(at('edited.jsonl'), notes.slice(3).join('\n'));
    return runPlan(at('edited'), {
      carryOut: carryOutRun,
      threads: 1,
      onEvent: (event) => void (event.type === 'run' && event.event.type === 'epoch' && edit()),
    });
  };
  const sameAsUndisturbed = (id: string): void => {
    const renamed = (text: Record<string, string>): string =>
      JSON.stringify(text).replaceAll('edited.jsonl', 'notes.jsonl');
    assert.equal(renamed(results(at('edited'), id)), renamed(results(at('whole'), id)), id);
  };

  it('goes on with the notes that it was made of when the corpus changes, also with runs that are added', async () => {
    assert.deepEqual(await editedWhile(true), { finished: 4, failed: 0, total: 4 });
    for (const id of runsIn(at('whole'))) sameAsUndisturbed(id);
    const more = toyRequest(folder, { corpus: at('edited.jsonl'), strategies: ['clamped'], seeds: [2] });
    assert.equal((await createPlan(at('edited'), more)).isCorrected, true);
    rmSync(at('edited.jsonl'));
    assert.deepEqual((await carriedOut(at('edited'))).progress, { finished: 5, failed: 0, total: 5 });
    const { corpus } = runRecord.parse(json('edited', 'runs', 'encoder-clamped-io-2', 'record.json'));
    const { corpus: first } = runRecord.parse(json('whole', 'runs', 'encoder-random-io-1', 'record.json'));
    assert.equal(corpus.sha256, first.sha256);
  });

  it('that kept none of its notes finishes the run that it is at when the corpus changes, and stops', async () => {
    await assert.rejects(editedWhile(false), /edited\.jsonl: the corpus has changed since/);
    cpSync(at('notes.jsonl'), at('edited.jsonl'));
    assert.equal((await planProgress(at('edited'))).finished, 1);
    sameAsUndisturbed('encoder-random-io-1');
  });

  it('refuses runs that the plan does not have', () =>
    assert.rejects(
      runPlan(at('whole'), { onEvent: () => undefined, carryOut: carryOutRun, only: ['encoder-is-io-9'] }),
      /whole: the plan has no run encoder-is-io-9$/,
    ));
});
