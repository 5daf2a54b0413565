import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import { generatePlan, SMALL_PLAN } from '../node/report/generatedPlan';
import { api, closeAll, until, withSetting } from './support';

describe('Open Report', () => {
  let elsewhere: string;
  before(async () => {
    await api();
    elsewhere = await mkdtemp(path.join(os.tmpdir(), 'anamnese-elsewhere-'));
  });
  afterEach(closeAll);
  after(() => rm(elsewhere, { recursive: true, force: true }));

  it('finds the only plan where experiments are kept outside of the workspace', async () => {
    await generatePlan(path.join(elsewhere, 'comparison'), { ...SMALL_PLAN, encoders: 1, seeds: 1 });
    await withSetting('experiments.folder', elsewhere, async () => {
      await vscode.commands.executeCommand('anamnese.openReport');
      await until('its report is open', () =>
        vscode.window.tabGroups.all
          .flatMap(({ tabs }) => tabs)
          .some(({ label }) => label === 'Report: comparison'),
      );
    });
  });
});
