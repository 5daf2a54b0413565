import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { toyFolder } from '../node/training/toyRun';

const cli = path.resolve(import.meta.dirname, '../../dist/cli.js');

interface Started {
  readonly type: string;
  readonly plan?: string;
}

describe('anamnese train', function () {
  this.timeout(60_000);
  let folder: string;
  before(() => {
    folder = toyFolder(12);
    writeFileSync(path.join(folder, 'settings.json'), '{"optimiser": {"beta3": 0.9}}');
    writeFileSync(path.join(folder, 'fine.json'), '{"patience": null}');
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  const anamnese = (...args: string[]): { code: number | null; out: string; error: string } => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [cli, ...args], {
      encoding: 'utf8',
      cwd: folder,
    });
    return { code: status, out: stdout, error: stderr };
  };
  const needed = ['--encoder', 'encoder', '--out', 'model'];

  for (const [args, message] of [
    [['train', 'notes.jsonl', '--out', 'model'], /required option '--encoder <name>'/],
    [['train', 'notes.jsonl', '--encoder', 'encoder'], /required option '--out <dir>'/],
    [
      ['train', 'notes.jsonl', ...needed, '--strategy', 'luck'],
      /Allowed choices are random, is, weighted, clamped, oversampling/,
    ],
    [['train', 'notes.jsonl', ...needed, '--preset', 'best'], /Allowed choices are default, study/],
    [['train', 'notes.jsonl', ...needed, '--scheme', 'BILOU'], /Allowed choices are IO, BIO/],
    [['train', 'notes.jsonl', ...needed, '--device', 'cuda'], /Allowed choices are auto, cpu, webgpu/],
    [['train', 'notes.jsonl', ...needed, '--lr', '5'], /a number above 0 and up to 1/],
    [['train', 'notes.jsonl', ...needed, '--epochs', '0'], /a whole number from 1 up/],
    [['train', 'notes.jsonl', ...needed, '--max-length', '4'], /a whole number from 8 up/],
    [['train', 'notes.jsonl', ...needed, '--batch', '4', '--batch-tokens', '99'], /cannot be used with/],
    [['train', 'notes.jsonl', ...needed, '--memory', '0'], /a number above 0/],
    [['train', 'notes.jsonl', ...needed, '--memory', '8', '--plan', 'whole-graph'], /cannot be used with/],
    [['pretrain', 'notes.jsonl', ...needed, '--memory', '8GB'], /a number above 0/],
    [['train', 'missing.jsonl', ...needed], /^anamnese: missing\.jsonl: no such file or folder\n$/],
    [['train', 'notes.jsonl', '--encoder', 'none', '--out', 'model'], /none\/config\.json: is missing/],
    [
      ['train', 'notes.jsonl', ...needed, '--split', 'none.json'],
      /^anamnese: none\.json: cannot be read \(ENOENT\)\n$/,
    ],
    [['train', 'notes.jsonl', ...needed, '--resume'], /model: holds no run that could be taken up/],
    [['train', 'notes.jsonl', '--encoder', 'encoder', '--out', '.'], /is not empty and holds no run/],
    [['train', 'notes.jsonl', ...needed, '--settings', 'none.json'], /none\.json: cannot be read \(ENOENT\)/],
    [
      ['train', 'notes.jsonl', ...needed, '--settings', 'settings.json'],
      /^anamnese: settings\.json: optimiser: beta3 is none of beta1, .*, average\n$/,
    ],
    [
      ['compare', 'notes.jsonl', ...needed, '--settings', 'settings.json'],
      /^anamnese: settings\.json: optimiser: beta3 is none of/,
    ],
    [
      ['pretrain', 'notes.jsonl', ...needed, '--settings', 'notes.jsonl'],
      /^anamnese: notes\.jsonl: is not JSON/,
    ],
    [
      ['pretrain', 'notes.jsonl', ...needed, '--settings', 'fine.json'],
      /fine\.json: patience is none of epochs/,
    ],
    [['pretrain', 'missing', ...needed], /missing: no such file or folder/],
    [['pretrain', 'notes.jsonl', ...needed, '--masked', '1.5'], /a number above 0 and up to 1/],
  ] as const)
    it(`refuses ${args.join(' ')}`, () => {
      const { code, error } = anamnese(...args);
      assert.equal(code, 1);
      assert.match(error, message);
      assert.doesNotMatch(error, /\n {4}at /, 'no stack trace');
    });

  for (const command of ['train', 'pretrain', 'compare'])
    it(`says in the help of ${command} where auto trains`, () => {
      const { out } = anamnese(command, '--help');
      assert.match(out.replaceAll(/\s+/g, ' '), /--device <device> where to compute; auto trains on the CPU/);
    });

  it('chooses the plan by the memory that it is told', () => {
    for (const [memory, plan] of [
      ['0.001', 'layer-by-layer'],
      ['1000', 'whole-graph'],
    ] as const) {
      const told = ['--out', `by-${memory}`, '--memory', memory, '--epochs', '1', '--json'];
      const { out, error } = anamnese('train', 'notes.jsonl', '--encoder', 'encoder', ...told);
      const events = out.split('\n').flatMap((line) => (line ? [JSON.parse(line) as Started] : []));
      assert.equal(events.find(({ type }) => type === 'started')?.plan, plan, error);
    }
  });

  it('tells a failure as JSON too', () => {
    const { code, out } = anamnese('train', 'missing.jsonl', ...needed, '--json');
    assert.equal(code, 1);
    assert.deepEqual(JSON.parse(out), { type: 'failed', message: 'missing.jsonl: no such file or folder' });
  });
});
