// npm run check:transformers -- FOLDER...
// Whether transformers loads what `anamnese train` wrote and scores it the same: logits of a few invented texts within
// 1e-4, the outputs' names, the tokens, and every weight in its place. Needs Python with PyTorch and transformers
// ($PYTHON, else python3, else installed into .cache).
import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { loadEncoder } from '../src/node/encoder';
import { openBase } from '../src/node/training/encoderFiles';
import type { RivalPython } from './torchPython';
import { findPython } from './torchPython';
import type { Answers, Theirs } from './transformersAnswers';
import { differences, furthest } from './transformersAnswers';

const root = path.join(__dirname, '..');
const SCRIPT = path.join(root, 'bench', 'rivals', 'check.py');

/** Short enough for any encoder; accents, figures, abbreviations and what no vocabulary knows. */
const TEXTS = [
  'febre',
  'Paciente com dor torácica há 3 dias, sem dispneia.',
  'HAS, DM2. Em uso de losartana 50 mg 2x/dia e metformina 850 mg.',
  'Nega tosse; refere náuseas\ne vômitos após a quimioterapia. 🙂',
  'RX de tórax: opacidade em base D.',
];

async function ourAnswers(folder: string): Promise<Answers & { readonly ids: readonly number[][] }> {
  const { tokenizer } = await openBase(folder);
  const classifier = await loadEncoder(folder, { device: 'cpu', precision: 'fp32' });
  try {
    const ids = TEXTS.map((text) => tokenizer.encode(text).ids);
    // One by one, as they are asked there.
    const logits: number[][] = [];
    for (const own of ids) logits.push([...(await classifier.logits([own]))[0]!]);
    return { ids: ids.map((own) => [...own]), logits, outputs: classifier.labels };
  } finally {
    await classifier.dispose();
  }
}

async function theirAnswers(
  folder: string,
  ids: readonly (readonly number[])[],
  python: RivalPython,
): Promise<Theirs> {
  const files = await mkdtemp(path.join(os.tmpdir(), 'anamnese-transformers-'));
  try {
    const [questions, answers] = [path.join(files, 'questions.json'), path.join(files, 'answers.json')];
    await writeFile(questions, JSON.stringify({ texts: TEXTS, ids }));
    const stdio = ['ignore', 'inherit', 'inherit'] as const;
    execFileSync(python.program, [SCRIPT, path.resolve(folder), questions, answers], {
      env: python.env,
      stdio: [...stdio],
    });
    return JSON.parse(await readFile(answers, 'utf8')) as Theirs;
  } finally {
    await rm(files, { recursive: true, force: true });
  }
}

async function check(folder: string, python: RivalPython): Promise<void> {
  const ours = await ourAnswers(folder);
  const theirs = await theirAnswers(folder, ours.ids, python);
  const found = differences(ours, theirs);
  for (const difference of found) console.log(`${folder}: ${difference}`);
  if (found.length > 0) process.exitCode = 1;
  const far = furthest(ours.logits, theirs.logits).toExponential(1);
  const tokens = theirs.ids ? 'the same tokens' : 'tokens not compared: transformers loads no tokenizer';
  const outputs = `${ours.outputs.length} outputs`;
  if (found.length === 0)
    console.log(`${folder}: ${TEXTS.length} texts, ${outputs}, logits within ${far}, ${tokens}`);
}

async function main(folders: readonly string[]): Promise<void> {
  if (folders.length === 0) throw new Error('give a folder that anamnese train wrote');
  const python = findPython(root, path.join(root, '.cache'), 0);
  console.log(python.versions);
  for (const folder of folders) await check(folder, python);
}

main(process.argv.slice(2)).catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
