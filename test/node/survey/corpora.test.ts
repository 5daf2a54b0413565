import assert from 'node:assert/strict';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { readCorpusFolder } from '../../../src/node/corpusFolder';
import { corpusHash } from '../../../src/node/experiments/planCorpus';
import { findCorpora } from '../../../src/node/survey/corpora';
import { findEncoders } from '../../../src/node/survey/encoders';
import { encoderPath } from '../oracleEncoders';

const NOTE = 'Paciente com febre.\n';
const DOCCANO = '{"id":1,"text":"Paciente com febre.","label":[[13,18,"Disorders"]]}\n';

describe('what a workspace holds', () => {
  let root: string;
  beforeEach(() => (root = mkdtempSync(path.join(os.tmpdir(), 'anamnese-survey-'))));
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  const put = (name: string, content: string): void => {
    const file = path.join(root, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, content);
  };
  const corpora = (skip: string[] = []) =>
    findCorpora(
      [root],
      skip.map((name) => path.join(root, name)),
    );
  const names = async (skip?: string[]): Promise<string[]> =>
    (await corpora(skip))
      .map(({ path: place }) => path.relative(root, place).split(path.sep).join('/'))
      .sort();

  it('a folder of BRAT files is one corpus with all below it, and so is a part of it; texts without annotations are none', async () => {
    put('livres/nota.txt', NOTE);
    put('anotadas/a.txt', NOTE);
    put('anotadas/a.ann', 'T1\tDisorders 13 18\tfebre\n');
    put('anotadas/mais/b.txt', NOTE);
    put('anotadas/mais/b.ann', 'T1\tAnatomy 0 8\tPaciente\n');
    const [corpus, ...others] = await corpora();
    assert.deepEqual(
      others.map(({ path: place, notes }) => [path.relative(root, place), notes]),
      [[path.join('anotadas', 'mais'), 1]],
    );
    const { sha256, ...found } = corpus!;
    assert.equal(sha256, corpusHash((await readCorpusFolder(path.join(root, 'anotadas'))).documents));
    assert.deepEqual(found, {
      path: path.join(root, 'anotadas'),
      notes: 2,
      annotated: 2,
      entities: 2,
      characters: 2 * NOTE.length,
      labels: ['Anatomy', 'Disorders'],
      problems: [],
    });
  });

  it('many folders of them, one a patient, are one', async () => {
    for (let patient = 0; patient < 9; patient++) {
      put(`notas/p${patient}/a.txt`, NOTE);
      put(`notas/p${patient}/a.ann`, 'T1\tDisorders 13 18\tfebre\n');
    }
    assert.deepEqual(await names(), ['notas']);
  });

  it('files of records and of tagged tokens are one each, told by content', async () => {
    put('doccano.jsonl', DOCCANO);
    put('lista.json', `[\n${DOCCANO}]\n`);
    put('package.json', '{"name":"x","version":"1.0.0"}\n');
    put('tabela.tsv', 'a\tb\n1\t2\n');
    put('fichas.conll', 'Paciente O\nfebre B-Disorders\n');
    put('previsto.jsonl', '{"file":"a.txt","entities":[{"start":0,"end":1,"label":"X","score":0.5}]}\n');
    assert.deepEqual(await names(), ['doccano.jsonl', 'fichas.conll', 'lista.json']);
  });

  it('leaves out experiments, encoders, packages and hidden folders, also where the workspace itself is the corpus', async () => {
    put('a.txt', NOTE);
    put('a.ann', 'T1\tDisorders 13 18\tfebre\n');
    for (const folder of [
      'experiments/p/runs/x',
      'node_modules/x',
      '.git',
      'planos/p/runs/y',
      'modelo/training',
    ])
      put(`${folder}/b.jsonl`, DOCCANO);
    put('planos/p/plan.json', '{}');
    put('modelo/config.json', '{}');
    put('modelo/model.safetensors', '');
    put('experiments/p/plan.json', '{}');
    const [corpus, ...others] = await corpora(['experiments']);
    assert.deepEqual(others, []);
    assert.deepEqual([corpus?.notes, corpus?.problems], [1, []]);
  });

  it('names problems by file and line', async () => {
    put('notas/a.txt', NOTE);
    put('notas/a.ann', 'T1\tDisorders 13 18\tfebre\nT2\tDisorders 90 95\tgripe\n');
    const [corpus] = await corpora();
    assert.deepEqual(
      corpus?.problems.map(({ file, line, severity }) => ({ file, line, severity })),
      [{ file: path.join(root, 'notas', 'a.ann'), line: 2, severity: 'error' }],
    );
  });

  it('tells encoders with what they are, and no others', async () => {
    cpSync(encoderPath('bert'), path.join(root, 'm', 'bert'), { recursive: true });
    cpSync(encoderPath('modernbert'), path.join(root, 'm', 'novo'), { recursive: true });
    put('m/novo/training/split.json', '{}');
    put('m/gpt/config.json', '{"model_type":"gpt2"}');
    put('m/gpt/model.safetensors', '');
    put('m/vazio/config.json', '{"model_type":"bert"}');
    const found = await findEncoders([root, path.join(root, 'm')], []);
    assert.deepEqual(
      found.map(({ name, family, hasSplit, labels }) => [name, family, hasSplit, labels.length > 0]),
      [
        ['bert', 'bert', false, true],
        ['novo', 'modernbert', true, true],
      ],
    );
  });
});
