import assert from 'node:assert/strict';
import { cp, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { readErrors } from '../../../src/core/report/errorBlock';
import type { PackedReport } from '../../../src/core/report/container';
import { FIGURES, figureOf, runFigures } from '../../../src/core/report/figures';
import type { ReportView } from '../../../src/core/report/reportHeader';
import { REPORT_VIEWS, TOKEN_VIEWS } from '../../../src/core/report/reportHeader';
import { readOwn, readScores, talliesAt } from '../../../src/core/report/tallies';
import { gatherCorpus } from '../../../src/node/corpusFolder';
import { writeSnapshot } from '../../../src/node/experiments/corpusSnapshot';
import type { PlacedNotes } from '../../../src/core/report/placedNotes';
import { notesOfPart } from '../../../src/core/report/placedNotes';
import { openReport } from '../../../src/node/report/openReport';
import { writeReportFiles, writeReports } from '../../../src/node/report/writeReports';
import type { GeneratedPlan } from './generatedPlan';
import { generatePlan, SMALL_PLAN } from './generatedPlan';

const SIZE = {
  ...SMALL_PLAN,
  strategies: ['random', 'is'] as const,
  seeds: 2,
  labels: 4,
  notes: 20,
  tokens: 40,
};
const RUNS = 16;

/** The place of a view's figures in metrics.json. */
const IN_METRICS: Readonly<Record<ReportView, readonly [string, string]>> = {
  honest: ['honest token', 'shared threshold'],
  paper: ['paper protocol', 'shared threshold'],
  entities: ['text', 'entities strict'],
  characters: ['text', 'characters'],
};

describe('the report of a plan', () => {
  let template: string;
  let folder: string;
  let generated: GeneratedPlan;
  before(async () => {
    template = await mkdtemp(path.join(os.tmpdir(), 'anamnese-plan-'));
    generated = await generatePlan(template, SIZE);
  });
  beforeEach(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'anamnese-report-'));
    await cp(template, folder, { recursive: true, preserveTimestamps: true });
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));
  after(() => rm(template, { recursive: true, force: true }));

  const inRun = (run: string, file: string): string => path.join(folder, 'runs', run, file);
  const json = async (file: string) => JSON.parse(await readFile(file, 'utf8'));

  it('has the figures of every run’s own metrics, in every view', async () => {
    const { header, blocks } = await openReport(folder, false);
    assert.equal(header.runs.length, RUNS);
    assert.equal(header.systems.length, 8);
    assert.deepEqual(header.problems, []);
    const own = readOwn(header, gunzipSync(blocks.own!), REPORT_VIEWS);
    for (const [run, { id }] of header.runs.entries()) {
      const { views } = await json(inRun(id, 'metrics.json'));
      for (const view of REPORT_VIEWS) {
        const [name, table] = IN_METRICS[view];
        const { micro, macro } = views[name][table];
        const figures = runFigures(own[view]);
        const close = (a: number, b: number): void => assert.ok(Math.abs(a - b) < 1e-12, `${id} ${view}`);
        close(figureOf(figures, run, 'micro F1'), micro.f1);
        close(figureOf(figures, run, 'micro recall'), micro.recall);
        close(figureOf(figures, run, 'macro precision'), macro.precision);
      }
    }
  });

  it('gives the only run of a system intervals by bootstrap, those of F1 as its metrics have them', async () => {
    await rm(path.join(folder, 'runs', 'e5-small-io-is-2'), { recursive: true });
    const { header, blocks } = await openReport(folder, false);
    const own = readOwn(header, gunzipSync(blocks.own!), REPORT_VIEWS);
    const lone = header.runs.findIndex(({ id }) => id === 'e5-small-io-is-1');
    const { views } = await json(inRun('e5-small-io-is-1', 'metrics.json'));
    for (const view of REPORT_VIEWS) {
      const [name, table] = IN_METRICS[view];
      const intervals = header.runs[lone]!.intervals[view]!;
      const { low, high } = views[name][table].f1Intervals['macro F1'];
      assert.deepEqual(intervals['macro F1'], [low, high]);
      for (const figure of FIGURES) {
        const [from, to] = intervals[figure]!;
        const value = figureOf(runFigures(own[view]), lone, figure);
        assert.ok(from < value && value < to, `${view} ${figure}: ${from} ${value} ${to}`);
      }
    }
    const others = header.runs.filter((_, run) => run !== lone);
    assert.ok(others.every(({ intervals }) => Object.keys(intervals).length === 0));
  });

  it('has the same figures in its histograms at the thresholds that the runs were scored with', async () => {
    const { header, blocks } = await openReport(folder, false);
    const own = readOwn(header, gunzipSync(blocks.own!), REPORT_VIEWS);
    for (const view of TOKEN_VIEWS) {
      const scores = readScores(header, gunzipSync(blocks[view]!), view);
      header.runs.forEach(({ operating, id }, run) => {
        const at = header.thresholds.findIndex((one) => Math.abs(one - operating[view]!) < 1e-9);
        const name = 'macro F1';
        const there = figureOf(runFigures(talliesAt(scores, at)), run, name);
        assert.equal(there, figureOf(runFigures(own[view]), run, name), `${id} ${view}`);
      });
    }
  });

  it('compares strategies within encoder and scheme, and encoders where units are the same', async () => {
    const { header } = await openReport(folder, false);
    const named = (system: number): string => Object.values(header.systems[system]!).join(' ');
    const pairs = (view: ReportView): string[] =>
      header.comparisons
        .filter((one) => one.view === view && one.metric === 'micro F1')
        .map(({ baseline, system }) => `${named(system)} from ${named(baseline)}`);
    assert.deepEqual(pairs('honest'), [
      'e5-small random IO from e5-small is IO',
      'e5-small random BIO from e5-small is BIO',
      'bertimbau random IO from bertimbau is IO',
      'bertimbau random BIO from bertimbau is BIO',
    ]);
    assert.ok(pairs('characters').includes('bertimbau is IO from e5-small is IO'));
  });

  it('knows which notes of each part of a split have a label, as many as the run counted', async () => {
    const { header, blocks } = await openReport(folder, false);
    const placed = JSON.parse(gunzipSync(blocks.notes!).toString()) as PlacedNotes;
    const run = header.runs.find(({ id }) => id === 'e5-small-io-is-1')!;
    const { labelNotes, labels } = await json(inRun(run.id, 'record.json'));
    assert.ok(labelNotes.train.some((count: number) => count > 0));
    for (const part of run.parts)
      for (const [i, label] of labels.entries())
        assert.equal(notesOfPart(placed, run.split, part, label)!.length, labelNotes[part][i], part);
    const [first] = notesOfPart(placed, run.split, undefined, labels[0])!;
    const { annotations } = generated.documents.find(({ id }) => id === first!.id)!;
    assert.ok(
      annotations.some(
        ({ label, fragments: [at] }) => label === labels[0] && at!.start === first!.place.start,
      ),
    );
    assert.equal(notesOfPart(placed, 'another', undefined, labels[0]), undefined);
  });

  it('lists mistakes where gold and predictions differ, and none where they agree', async () => {
    const id = 'e5-small-io-is-1';
    const file = inRun(id, 'predictions.jsonl');
    const [first, ...others] = (await readFile(file, 'utf8')).trim().split('\n');
    const note = JSON.parse(first!);
    const document = generated.documents.find((one) => one.id === note.note)!;
    const right = document.annotations.map(({ label, fragments: [at] }) => ({ label, ...at!, score: 0.9 }));
    const [missed, relabelled, ...found] = right;
    const other = generated.labels.find((label) => label !== relabelled!.label)!;
    note.entities = [{ ...relabelled!, label: other }, ...found];
    await writeFile(file, [JSON.stringify(note), ...others].join('\n') + '\n');
    const { header, blocks } = await openReport(folder, false);
    const run = header.runs.findIndex((one) => one.id === id);
    const errors = readErrors(header, gunzipSync(blocks.errors!), run);
    const ofNote = errors.filter((one) => header.notes[one.note] === note.note);
    assert.deepEqual(
      ofNote.map(({ kind }) => kind),
      ['missed', 'wrong label'],
    );
    assert.equal(ofNote[0]!.gold!.start, missed!.start);
    assert.equal(ofNote[1]!.predicted!.label, other);
  });

  it('leaves a damaged run out and names the file and what is wrong', async () => {
    await writeFile(inRun('e5-small-io-is-1', 'tokens.json'), '{"format": "anamnese tok');
    await rm(inRun('e5-small-io-is-2', 'counts.json'));
    await writeFile(inRun('bertimbau-io-is-1', 'predictions.jsonl'), '{"note": 7}\n');
    const tokens = await json(inRun('bertimbau-io-is-2', 'tokens.json'));
    tokens.honest.positives[0].pop();
    await writeFile(inRun('bertimbau-io-is-2', 'tokens.json'), JSON.stringify(tokens));
    const { header } = await openReport(folder, false);
    assert.equal(header.runs.length, RUNS - 4);
    const said = header.problems.join('\n');
    assert.match(said, /e5-small-io-is-1.tokens\.json: not JSON/);
    assert.match(said, /e5-small-io-is-2.counts\.json: is missing/);
    assert.match(said, /bertimbau-io-is-1.predictions\.jsonl:1: \/note: /);
    assert.match(said, /bertimbau-io-is-2.tokens\.json: not 100 bins in every histogram/);
    assert.doesNotMatch(said, /anamnese tok/, 'content of a file is not quoted');
  });

  it('says that mistakes cannot be listed where the corpus is gone', async () => {
    await rm(path.join(folder, 'notes.jsonl'));
    const { header } = await openReport(folder, true);
    assert.equal(header.runs.length, RUNS);
    assert.ok(header.runs.every(({ errors }) => errors === null));
    assert.match(header.problems.join('\n'), /notes\.jsonl: no such file/);
  });

  it('is there for a plan without a finished run', async () => {
    await rm(path.join(folder, 'runs'), { recursive: true });
    const { header } = await openReport(folder, false);
    assert.deepEqual([header.runs.length, header.planned], [0, RUNS]);
    assert.equal((await writeReports(folder)).length, 4);
  });

  it('refuses a folder without a plan, and a plan that is none, by name', async () => {
    await writeFile(path.join(folder, 'plan.json'), '{}');
    await assert.rejects(openReport(folder, false), /plan\.json: \/format: /);
    await rm(path.join(folder, 'plan.json'));
    await assert.rejects(openReport(folder, false), /plan\.json: is missing/);
  });

  /** Takes the first note's annotations away, as a person would. */
  const correct = async (): Promise<void> => {
    const notes = path.join(folder, 'notes.jsonl');
    const [line, ...rest] = (await readFile(notes, 'utf8')).split('\n');
    await writeFile(notes, [JSON.stringify({ ...JSON.parse(line!), label: [] }), ...rest].join('\n'));
    await utimes(notes, new Date(), new Date());
  };

  it('is kept, and made anew when a run comes or a note is corrected', async () => {
    const first = await openReport(folder, false);
    await writeFile(inRun('e5-small-io-is-1', 'tokens.json'), 'not looked at again');
    assert.deepEqual((await openReport(folder, false)).header, first.header);
    await correct();
    const again = await openReport(folder, false);
    assert.equal(again.header.runs.length, RUNS - 1, 'the run that was damaged meanwhile is left out');
    assert.notDeepEqual(
      again.header.runs.map(({ errors }) => errors?.[1]),
      first.header.runs.map(({ errors }) => errors?.[1]),
    );
    const said = again.header.problems.filter((problem) =>
      /notes\.jsonl: corrected since the runs/.test(problem),
    );
    assert.equal(said.length, 1, 'mistakes are of another gold than the figures, and that is said');
  });

  it('is of the gold that the runs had, where the plan kept it, whatever is corrected since', async () => {
    await writeSnapshot(folder, await gatherCorpus(path.join(folder, 'notes.jsonl')));
    const first = await openReport(folder, true);
    await correct();
    await rm(path.join(folder, '.report.cache'));
    assert.deepEqual(await openReport(folder, true), first);
    await rm(path.join(folder, 'notes.jsonl'));
    assert.deepEqual(await openReport(folder, true), first);
    await rm(path.join(folder, 'corpus.jsonl.gz'));
    const { header } = await openReport(folder, false);
    assert.ok(
      header.runs.every(({ errors }) => errors === null),
      'and is not kept longer than its notes',
    );
  });

  const texts = (): string[] => generated.documents.map(({ text }) => text);
  const inflated = ({ blocks }: PackedReport): string =>
    Object.values(blocks)
      .map((block) => gunzipSync(block).toString('latin1'))
      .join();

  it('writes four whole files, none with a word of a note', async () => {
    const files = await writeReports(folder);
    const names = files.map((file) => path.basename(file));
    assert.deepEqual(names, ['report.html', 'table.md', 'table.csv', 'table.tex']);
    assert.deepEqual(
      (await readdir(folder)).filter((name) => /partial/.test(name)),
      [],
    );
    const kept = await openReport(folder, false);
    for (const text of texts()) assert.ok(!inflated(kept).includes(text.slice(10, 40)));
    for (const file of [...files, path.join(folder, '.report.cache')]) {
      const content = await readFile(file, 'latin1');
      for (const text of texts()) assert.ok(!content.includes(text.slice(10, 40)), file);
    }
    assert.equal((await readFile(files[2]!, 'utf8')).trim().split('\r\n').length, 1 + 8 * 4 * 6);
  });

  it('has the words of the notes where that is asked for', async () => {
    const report = await openReport(folder, true);
    const held: unknown = JSON.parse(gunzipSync(report.blocks.texts!).toString());
    assert.deepEqual(
      held,
      report.header.notes.map((note) => generated.documents.find(({ id }) => id === note)!.text),
    );
    const { files } = await writeReportFiles(folder, { texts: true });
    const [, block] = /id="block-texts">([^<]*)</.exec(await readFile(files[0]!, 'utf8'))!;
    assert.ok(gunzipSync(Buffer.from(block!, 'base64')).toString().includes(texts()[0]!.slice(10, 40)));
  });

  it('asks nothing of any host', async () => {
    const [page] = await writeReports(folder);
    const html = await readFile(page!, 'utf8');
    assert.match(
      html,
      /content="default-src 'none'; script-src 'sha256-[^']+'; style-src [^;]+; img-src data:"/,
    );
    assert.doesNotMatch(html, /<(?:script|link|img|iframe)[^>]+(?:src|href)=/);
  });
});
