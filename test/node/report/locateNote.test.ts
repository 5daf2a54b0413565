import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { keyOfNote, locateNote } from '../../../src/node/report/locateNote';
import { openReport } from '../../../src/node/report/openReport';
import { temporaryFolder } from '../../temporaryFolder';
import type { GeneratedPlan } from './generatedPlan';
import { generatePlan, SMALL_PLAN } from './generatedPlan';

const SIZE = {
  ...SMALL_PLAN,
  encoders: 1,
  strategies: ['random', 'is'] as const,
  schemes: ['IO'] as const,
  seeds: 1,
  labels: 4,
  notes: 20,
  tokens: 40,
};

describe('a note of a report', () => {
  const folder = temporaryFolder('plan');
  let generated: GeneratedPlan;
  before(async () => (generated = await generatePlan(folder, SIZE)));

  it('is found again: a record by its line', async () => {
    const third = generated.documents[2]!.id;
    assert.deepEqual(await locateNote(folder, third), { file: path.join(folder, 'notes.jsonl'), line: 3 });
    assert.equal(await locateNote(folder, 'no such note'), undefined);
  });

  it('is known by the hash of its text, as its runs know it', async () => {
    const plan = JSON.parse(await readFile(path.join(folder, 'plan.json'), 'utf8')) as {
      runs: { id: string }[];
    };
    const run = plan.runs[0]!.id;
    const lines = (await readFile(path.join(folder, 'runs', run, 'predictions.jsonl'), 'utf8')).split('\n');
    const { note, key } = JSON.parse(lines[0]!) as { note: string; key: string };
    assert.equal(await keyOfNote(folder, run, note), key);
    assert.equal(await keyOfNote(folder, run, 'no such note'), undefined);
  });

  it('is found again: a BRAT file of its own', async () => {
    const brat = temporaryFolder('brat-plan');
    await generatePlan(brat, { ...SIZE, brat: true });
    const { header } = await openReport(brat, false);
    assert.ok(header.runs.every(({ errors }) => errors !== null));
    const place = await locateNote(brat, header.notes[0]!);
    assert.deepEqual(place, { file: path.join(brat, 'notes', `${header.notes[0]}.txt`) });
  });
});
