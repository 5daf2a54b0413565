import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { CorpusDocument } from '../../../src/core/corpus/document';
import { correctFile } from '../../../src/core/correct/correctFile';
import type { RunRecord } from '../../../src/core/experiments/runFiles';
import { runRecord } from '../../../src/core/experiments/runFiles';
import { readCorpusFolder } from '../../../src/node/corpusFolder';
import { createPlan } from '../../../src/node/experiments/createPlan';
import { corpusHash, isCorrected } from '../../../src/node/experiments/planCorpus';
import { readPlan } from '../../../src/node/experiments/planFolder';
import { planProgress } from '../../../src/node/experiments/runPlan';
import { openReport } from '../../../src/node/report/openReport';
import { toyFolder } from '../training/toyRun';
import { carriedOut, results, runsIn, toyRequest } from './toyPlan';

const script = path.join(import.meta.dirname, 'killedPlan.ts');

describe('corrections of a corpus that is learnt', function () {
  this.timeout(300_000);
  let folder: string;
  beforeEach(() => (folder = toyFolder(24)));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const notes = (): string => path.join(folder, 'notes.jsonl');
  const documents = async (): Promise<readonly CorpusDocument[]> =>
    (await readCorpusFolder(notes())).documents;

  /** Removes an annotation as the editor does; its label is no longer in its note. */
  async function correct(): Promise<string> {
    const alone = ({ annotations }: CorpusDocument): boolean =>
      annotations.length > 1 &&
      annotations.filter(({ label }) => label === annotations[0]!.label).length === 1;
    const note = (await documents()).find(alone)!;
    const file = { name: notes(), text: readFileSync(notes(), 'utf8') };
    const companions = { file: () => undefined, note: () => undefined };
    const correction = { kind: 'remove', annotation: note.annotations[0]! } as const;
    const outcome = correctFile(file, 'doccano', note.text, companions, correction);
    assert.ok('edit' in outcome, JSON.stringify(outcome));
    const { start, end, text } = outcome.edit;
    writeFileSync(notes(), file.text.slice(0, start) + text + file.text.slice(end));
    return note.annotations[0]!.label;
  }

  const record = (plan: string, id: string): RunRecord =>
    runRecord.parse(JSON.parse(readFileSync(path.join(folder, plan, 'runs', id, 'record.json'), 'utf8')));

  it('reach the runs of a plan that is made after them', async () => {
    const id = 'encoder-is-io-1';
    const trained = async (plan: string): Promise<RunRecord> => {
      await createPlan(path.join(folder, plan), toyRequest(folder, { strategies: ['is'], seeds: [1] }));
      await carriedOut(path.join(folder, plan));
      return record(plan, id);
    };
    const before = await trained('before');
    const label = await correct();
    const after = await trained('after');
    assert.notEqual(after.corpus.sha256, before.corpus.sha256);
    assert.equal(after.corpus.sha256, corpusHash(await documents()));
    const notesWith = ({ labels, labelNotes }: RunRecord): number =>
      Object.values(labelNotes).reduce((sum, part) => sum + part[labels.indexOf(label)]!, 0);
    assert.equal(notesWith(after), notesWith(before) - 1);
  });

  it('in the middle of a plan whose process is then killed are kept, and change nothing of its runs', async () => {
    const [whole, disturbed] = [path.join(folder, 'whole'), path.join(folder, 'disturbed')];
    await createPlan(whole, toyRequest(folder));
    await carriedOut(whole);
    await createPlan(disturbed, toyRequest(folder));
    // Corrected in the middle of the second run, killed in the middle of the third.
    const child = spawn(process.execPath, ['--import', 'tsx', script, disturbed], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let [told, isThere] = ['', false];
    const ended = new Promise((resolve) => child.on('close', resolve));
    for await (const more of child.stdout.setEncoding('utf8')) {
      told += more as string;
      const begun = told.split(/^runStarted /m).slice(1);
      if (!isThere && /^run /m.test(begun[1] ?? '')) {
        isThere = true;
        await correct();
      }
      if (/^run /m.test(begun[2] ?? '')) child.kill('SIGKILL');
    }
    await ended;
    const corrected = readFileSync(notes(), 'utf8');
    const done = await planProgress(disturbed);
    assert.ok(isThere && done.finished >= 2 && done.left.length > 0, told);
    const kept = runsIn(disturbed).filter((id) => !done.left.includes(id));
    const records = kept.map((id) => record('disturbed', id));
    const plan = await readPlan(disturbed);
    assert.equal(await isCorrected(disturbed, plan), true);
    assert.deepEqual((await carriedOut(disturbed)).progress, { finished: 4, failed: 0, total: 4 });
    assert.deepEqual(
      kept.map((id) => record('disturbed', id)),
      records,
    );
    for (const id of runsIn(whole)) assert.deepEqual(results(disturbed, id), results(whole, id), id);
    assert.equal(readFileSync(notes(), 'utf8'), corrected, 'and the correction is there');
    const [one, other] = [await openReport(disturbed, true), await openReport(whole, true)];
    assert.deepEqual(one.header.problems, []);
    for (const block of ['own', 'details', 'errors', 'texts'] as const)
      assert.deepEqual(one.blocks[block], other.blocks[block], block);
  });
});
