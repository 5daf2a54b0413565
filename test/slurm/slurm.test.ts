import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { arrayScript } from '../../src/core/slurm/batchScript';
import { results } from '../node/experiments/toyPlan';
import { toyFolder } from '../node/training/toyRun';
import { temporaryFolder } from '../temporaryFolder';
import { Cluster, missingForCluster } from './cluster';

const cli = path.resolve(import.meta.dirname, '../../dist/cli.js');
/** What folders of hospitals are called, and what shells and Slurm stumble over. */
const ODD = `d'Ávila "ala 3" $x %a \\é`;

interface Ended {
  readonly code: number;
  readonly out: string;
  readonly error: string;
}

describe('anamnese on a cluster with Slurm', function () {
  // Some twenty processes start one after the other: a minute, and more where others have the processors.
  this.timeout(300_000);
  const missing = missingForCluster();
  if (missing !== undefined) {
    if (process.env.CI) it('finds a Slurm to be tried on', () => assert.fail(missing));
    else it.skip(`LEFT OUT, nothing of --slurm is tested: ${missing}`);
    return;
  }

  let cluster: Cluster;
  const folder = path.join(temporaryFolder('slurm-work'), ODD);
  before(async () => {
    const toy = toyFolder(24);
    cpSync(toy, folder, { recursive: true });
    rmSync(toy, { recursive: true, force: true });
    cluster = await Cluster.start(3);
  });
  after(() => (cluster as Cluster | undefined)?.stop());

  const anamnese = (...args: string[]): Promise<Ended> =>
    new Promise((resolve) =>
      execFile(
        process.execPath,
        [cli, ...args],
        { cwd: folder, env: { ...cluster.env, NO_COLOR: '1' } },
        (failure, out, error) => resolve({ code: failure ? Number(failure.code) : 0, out, error }),
      ),
    );
  const at = (...names: string[]): string => path.join(folder, ...names);
  const read = (...names: string[]): string => readFileSync(at(...names), 'utf8');
  const jobOf = ({ error }: Ended): string => /^anamnese: job (\d+) submitted/m.exec(error)![1]!;

  it('gives a task its items literally, and nothing of who submits', async () => {
    const items = [`a'b`, '$HOME `id` "c"', 'ção *', 'd', '\\n'];
    const script = arrayScript({
      name: 'anamnese-words',
      folder,
      resources: { options: [] },
      command: ['/bin/bash', '-c', 'printf "%s\\n" "$@"; env', 'a word'],
      tasks: 2,
      items,
    });
    writeFileSync(at('words.sh'), script);
    const env = { ...cluster.env, ANAMNESE_SECRET: 'only mine' };
    execFileSync('sbatch', ['words.sh'], { cwd: folder, env, stdio: 'pipe' });
    await cluster.until('an empty queue', () => cluster.queue().length === 0);
    const logs = [read('task-0.log'), read('task-1.log')];
    assert.deepEqual(logs[0]!.split('\n').slice(0, 3), [items[0], items[2], items[4]]);
    assert.deepEqual(logs[1]!.split('\n').slice(0, 2), [items[1], items[3]]);
    for (const log of logs) {
      assert.match(log, /^SLURM_ARRAY_TASK_ID=[01]$/m);
      assert.doesNotMatch(log, /only mine/);
    }
  });

  const plan = (out: string): string[] => [
    ...[
      'compare',
      'notes.jsonl',
      '--encoder',
      'encoder',
      '--strategies',
      'random,is,clamped',
      '--seeds',
      '1',
    ],
    ...['--epochs', '6', '--lr', '0.01', '--batch-tokens', '120', '--max-length', '32'],
    ...['--threads', '1', '--out', out],
  ];
  const ids = ['encoder-random-io-1', 'encoder-is-io-1', 'encoder-clamped-io-1'];

  it('writes the scripts of a dry run and submits nothing', async () => {
    const how = ['--slurm', '--dry-run', '--array', '3%2', '--time', '2:00:00', '--cpus', '2', '--mem', '4G'];
    const more = ['--partition', 'main', '--gpus', '1', '--sbatch-option=--account=icu'];
    const { code, out, error } = await anamnese(...plan('dry'), ...how, ...more);
    assert.equal(code, 0, error);
    const [job, gather] = ['job.sh', 'gather.sh'].map((name) => at('dry', 'slurm', '1', name));
    assert.equal(out, `${job}\n${gather}\n`);
    const asked = readFileSync(job!, 'utf8').match(/(?<=^#SBATCH ).*$/gm);
    assert.deepEqual(asked, [
      ...['--job-name=anamnese-dry', '--array=0-2%2', '--output=/dev/null', '--export=NONE'],
      ...['--partition=main', '--time=2:00:00', '--cpus-per-task=2', '--mem=4G', '--gpus=1'],
      '--account=icu',
    ]);
    assert.doesNotMatch(readFileSync(gather!, 'utf8'), /gpus|cpus|array/);
    assert.deepEqual(cluster.queue(), []);
  });

  it('carries out a plan by an array, goes on where a task was ended, and finds what one machine finds', async () => {
    const here = anamnese(...plan('local'));
    const first = await anamnese(...plan('plan'), '--slurm', '--array', '3');
    assert.equal(first.code, 0, first.error);
    assert.match(
      first.error,
      /^anamnese: job \d+ submitted: 3 runs in 3 tasks; its scripts and logs are in /m,
    );
    assert.match(first.error, /^anamnese: job \d+ gathers the results when all have ended$/m);
    const log = at('plan', 'slurm', '1', 'task-1.log');
    await cluster.until('an epoch of task 1', () => /epoch 1\/6 +loss/.test(readFileSync(log, 'utf8')));
    cluster.run('scancel', `${jobOf(first)}_1`);
    await cluster.until('an empty queue', () => cluster.queue().length === 0);
    const status = await anamnese('compare', 'plan', '--status');
    assert.match(status.out, /^encoder-is-io-1 +(?!finished)/m);
    assert.match(status.out, /^2 of 3 runs finished$/m);
    // The job that gathers has run all the same.
    assert.match(read('plan', 'table.md'), /clamped/);
    assert.doesNotMatch(read('plan', 'table.md'), /\bis\b/);
    const records = ids.map((id) => [id, at('plan', 'runs', id, 'record.json')] as const);
    const before = records
      .filter(([, file]) => existsSync(file))
      .map(([, file]) => readFileSync(file, 'utf8'));

    const again = await anamnese(...plan('plan'), '--slurm', '--wait');
    assert.equal(again.code, 0, again.error);
    assert.match(again.error, /^anamnese: job \d+ submitted: 1 run in 1 task;/m);
    assert.match(again.error, /^3 of 3 runs finished; 0 tasks running, 0 waiting$/m);
    assert.match(again.out, /^encoder is IO +1 +0\.\d{4} /m);
    assert.match(again.out, /^plan: 3 of 3 runs finished$/m);
    const kept = records.map(([, file]) => readFileSync(file, 'utf8'));
    assert.ok(before.length === 2 && before.every((record) => kept.includes(record)));
    assert.equal((await here).code, 0);
    for (const id of ids) assert.deepEqual(results(at('plan'), id), results(at('local'), id), id);

    const nothing = await anamnese(...plan('plan'), '--slurm');
    assert.equal(nothing.code, 0);
    assert.doesNotMatch(nothing.error, /submitted/);
    assert.match(nothing.out, /^plan: 3 of 3 runs finished$/m);
  });

  it('tells of a run that fails, and where its log lies', async () => {
    mkdirSync(at('failing', 'runs', 'encoder-is-io-1', 'model'), { recursive: true });
    writeFileSync(at('failing', 'runs', 'encoder-is-io-1', 'model', 'thesis.docx'), '');
    const { code, error } = await anamnese(
      ...plan('failing'),
      '--only',
      'encoder-is-io-1',
      '--slurm',
      '--wait',
    );
    assert.equal(code, 1);
    const [, log] = /^anamnese: run encoder-is-io-1 is not finished: see (.*)$/m.exec(error)!;
    assert.match(readFileSync(log!, 'utf8'), /^anamnese: encoder-is-io-1: .*holds no run/m);
  });

  describe('predicts', () => {
    const texts = [
      'paciente com febre',
      'nega dispneia\r\n',
      'fez tomografia de torax 😀',
      'edema',
      '',
      'raio-x',
    ];
    before(() => {
      mkdirSync(at('notas', 'sub'), { recursive: true });
      for (const [i, text] of texts.entries())
        writeFileSync(at('notas', i % 2 ? 'sub' : '', `nota ${i}.txt`), text);
    });
    const predict = (format: string, out: string): string[] => [
      ...['predict', 'notas', '--model', 'encoder', '--threshold', '0.4', '--format', format, '--out', out],
    ];
    const written = (out: string): Record<string, string> =>
      Object.fromEntries(
        readdirSync(at(out), { recursive: true, encoding: 'utf8' })
          .filter((name) => !name.startsWith('slurm') && /\.\w+$/.test(name))
          .map((name) => [name, read(out, name)]),
      );

    it('six notes by an array of three to the bytes of one process, a task that was ended again', async () => {
      const first = await anamnese(
        ...predict('jsonl', 'out'),
        '--slurm',
        '--array',
        '3',
        '--sbatch-option=--hold',
      );
      assert.equal(first.code, 0, first.error);
      const job = jobOf(first);
      const held = await anamnese(...predict('jsonl', 'out'), '--slurm');
      assert.equal(held.code, 0, held.error);
      assert.match(held.error, /^anamnese: 3 parts under way already$/m);
      assert.doesNotMatch(held.error, /submitted/);
      cluster.run('scancel', `${job}_1`);
      for (const id of [job, String(Number(/job (\d+) gathers/.exec(first.error)![1]))])
        cluster.run('scontrol', 'release', id);
      await cluster.until('an empty queue', () => cluster.queue().length === 0);
      assert.match(read('out', 'slurm', '1', 'gather.log'), /1 part of 3 not predicted/);
      assert.deepEqual(written('out'), {});

      const again = await anamnese(...predict('jsonl', 'out'), '--slurm', '--wait');
      assert.equal(again.code, 0, again.error);
      assert.match(again.error, /submitted: 1 part in 1 task/);
      await anamnese(...predict('jsonl', 'here'));
      assert.deepEqual(written('out'), written('here'));
      assert.match(written('here')['predictions.jsonl']!, /"label":/);
      for (const name of readdirSync(at('out', 'slurm', 'parts')))
        assert.doesNotMatch(read('out', 'slurm', 'parts', name), /febre|dispneia/, 'no word of a note');

      const other = await anamnese(...predict('csv', 'out'), '--slurm');
      assert.equal(other.code, 1);
      assert.match(
        other.error,
        /slurm: is of other notes, another model or other options: give another --out/,
      );
    });

    it('to BRAT files, gathered by a job', async () => {
      const { code, error } = await anamnese(...predict('brat', 'brat'), '--slurm', '--array', '2');
      assert.equal(code, 0, error);
      await cluster.until('an empty queue', () => cluster.queue().length === 0);
      const log = read('brat', 'slurm', '1', 'gather.log');
      assert.match(log, /^anamnese: 6 notes with \d+ entities written to .*brat as brat\n$/);
      await anamnese(...predict('brat', 'brat-here'));
      assert.deepEqual(written('brat'), written('brat-here'));
      assert.equal(Object.keys(written('brat')).length, 12);
    });
  });

  for (const [what, args, message] of [
    ['an option of a cluster without one', ['predict', 'notas', '--array', '3'], /--array: is for --slurm/],
    ['a prediction without a folder', ['predict', 'notes.jsonl', '--slurm'], /give --out DIR/],
    ['an array of none', ['predict', 'notas', '--slurm', '--array', '0'], /a number of tasks such as 40/],
    ['a value that is several', ['predict', 'notas', '--slurm', '--time', '1 #x'], /one word is needed/],
    ['what is no option', ['predict', 'notas', '--slurm', '--sbatch-option', 'rm'], /such as --account/],
    [
      'a partition that is none',
      ['compare', 'dry', '--slurm', '--partition', 'moon'],
      /^anamnese: sbatch: .*[Ii]nvalid partition/m,
    ],
  ] as const)
    it(`refuses ${what}`, async () => {
      const { code, error } = await anamnese(...args);
      assert.equal(code, 1);
      assert.match(error, message);
    });

  it('says what is needed where there is no Slurm', async () => {
    const env = { ...cluster.env, PATH: '/nowhere' };
    const { error } = await new Promise<{ error: string }>((resolve) =>
      execFile(process.execPath, [cli, 'compare', 'dry', '--slurm'], { cwd: folder, env }, (_, __, text) =>
        resolve({ error: text }),
      ),
    );
    assert.match(error, /^anamnese: squeue: not found: --slurm needs Slurm's commands; --dry-run writes/);
  });
});
