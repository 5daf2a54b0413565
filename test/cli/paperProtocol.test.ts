import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { PaperOracle, StudyFigures } from '../paperOracles';
import { PAPER_ORACLES, paperOracle, paperPath, tokenizerFile } from '../paperOracles';

const cli = path.resolve(__dirname, '../../dist/cli.js');

describe('anamnese evaluate, paper protocol', function () {
  this.timeout(60_000);
  let folder: string;
  const at = (name: string): string => path.join(folder, name);
  beforeEach(() => (folder = mkdtempSync(path.join(os.tmpdir(), 'anamnese-paper-'))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  function evaluate(name: string, oracle: PaperOracle, ...options: string[]) {
    for (const file of ['config.json', 'model.safetensors'])
      copyFileSync(path.join(paperPath(name), file), at(file));
    copyFileSync(tokenizerFile(oracle), at('tokenizer.json'));
    writeFileSync(at('gold.jsonl'), oracle.records.map((record) => JSON.stringify(record) + '\n').join(''));
    const args = ['evaluate', at('gold.jsonl'), '--model', folder, '--out', at('out'), '--rounds', '10'];
    const { status, stderr } = spawnSync(process.execPath, [cli, ...args, ...options], { encoding: 'utf8' });
    assert.equal(status, 0, stderr);
    return JSON.parse(readFileSync(path.join(at('out'), 'metrics.json'), 'utf8')).views['paper protocol'];
  }

  for (const name of PAPER_ORACLES) {
    it(`${name}: the study's thresholds and figures on padded notes`, () => {
      const oracle = paperOracle(name);
      const view = evaluate(name, oracle);
      assert.equal(view.rows, oracle.records.length * oracle.length);
      assert.match(
        view.computed,
        /^in fp32 on cpu, notes padded to 48 tokens; padding scored as the encoder/,
      );
      assert.equal(view.thresholds.shared, oracle.study.threshold);
      assert.deepEqual(Object.values(view.thresholds.perLabel), oracle.labelThresholds);
      for (const average of ['micro', 'macro'] as const) {
        const found = { ...view['shared threshold'][average], rocAuc: view.rocAuc[average] } as StudyFigures;
        for (const [figure, expected] of Object.entries(oracle.study[average])) {
          // Rates are counts; the area moves a little where logits differ by rounding.
          const off = Math.abs(found[figure as keyof StudyFigures] - expected);
          assert.ok(off < (figure === 'rocAuc' ? 1e-4 : 1e-12), `${average} ${figure}: off by ${off}`);
        }
      }
    });
  }

  it('says so when padding is taken for zero', () => {
    const oracle = paperOracle('bert-io');
    const view = evaluate('bert-io', oracle, '--padding', 'zero', '--precision', 'fp32');
    assert.match(view.computed, /padding up to 48 tokens not computed but scored as 0, unlike in the study/);
    assert.ok(Math.abs(view['shared threshold'].macro.f1 - oracle.study.macro.f1) > 0.01);
  });
});
