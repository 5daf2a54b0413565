import assert from 'node:assert/strict';
import { readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { figureOf, runFigures } from '../../../src/core/report/figures';
import { REPORT_VIEWS } from '../../../src/core/report/reportHeader';
import { readOwn } from '../../../src/core/report/tallies';
import { createPlan } from '../../../src/node/experiments/createPlan';
import { openReport } from '../../../src/node/report/openReport';
import { carriedOut, toyRequest } from '../experiments/toyPlan';
import { toyFolder } from '../training/toyRun';

describe('the report of a plan that was carried out', function () {
  this.timeout(180_000);
  let folder: string;
  before(() => void (folder = toyFolder(24)));
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('has its runs with their figures, learning curves, costs and mistakes', async () => {
    const plan = path.join(folder, 'plan');
    await createPlan(plan, toyRequest(folder));
    await carriedOut(plan);
    const { header, blocks } = await openReport(plan, true);
    assert.deepEqual(header.problems, []);
    assert.deepEqual(
      header.systems.map(({ strategy }) => strategy),
      ['random', 'oversampling'],
    );
    const own = readOwn(header, gunzipSync(blocks.own!), REPORT_VIEWS);
    for (const [run, { id, epochs, cost, errors, layouts }] of header.runs.entries()) {
      const metrics = JSON.parse(readFileSync(path.join(plan, 'runs', id, 'metrics.json'), 'utf8'));
      const { micro } = metrics.views['paper protocol']['shared threshold'];
      assert.ok(Math.abs(figureOf(runFigures(own.paper), run, 'micro F1') - micro.f1) < 1e-12);
      assert.deepEqual(Object.keys(layouts), [...REPORT_VIEWS]);
      assert.equal(epochs, 2);
      assert.ok(cost.trainSeconds > 0);
      assert.ok(errors !== null && errors[1] > 0, 'an encoder that learnt for a moment makes mistakes');
    }
    const texts = JSON.parse(gunzipSync(blocks.texts!).toString()) as string[];
    assert.ok(texts.length > 0 && texts.every((text) => text.length > 0));
    assert.ok(header.comparisons.length > 0);
  });
});
