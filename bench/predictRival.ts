import type { ChildProcess } from 'node:child_process';
import { execFile, spawn } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { findPython } from './torchPython';

const run = promisify(execFile);
/** transformers on PyTorch, as bench/rivals/predict.py runs it. */
export interface Rival {
  readonly versions: string;
  /** The model in single precision, which is all that the rival reads. */
  readonly model: string;
  run(...args: string[]): Promise<string>;
  /** Starts it, to be told more on its standard input. */
  start(...args: string[]): ChildProcess;
}

/** Finds a Python that has the rival or installs one into `cache`; gives the rival a model that it can read. */
export async function findRival(root: string, cache: string, model: string, threads: number): Promise<Rival> {
  const python = findPython(root, cache, threads);
  const { versions, env } = python;
  const script = path.join(root, 'bench', 'rivals', 'predict.py');
  const call = async (...args: string[]): Promise<string> => {
    const { stdout } = await run(python.program, [script, ...args], { env, maxBuffer: 2 ** 26 });
    return stdout;
  };
  const start = (...args: string[]): ChildProcess =>
    spawn(python.program, [script, ...args], { env, stdio: ['pipe', 'pipe', 'ignore'] });
  return { versions, model: await readable(model, path.join(cache, 'rival-model'), call), run: call, start };
}

async function readable(model: string, copy: string, call: Rival['run']): Promise<string> {
  const config = JSON.parse(readFileSync(path.join(model, 'config.json'), 'utf8'));
  if (!config.quantization_config) return model;
  const changed = (folder: string): number => statSync(path.join(folder, 'model.safetensors')).mtimeMs;
  if (!existsSync(path.join(copy, 'model.safetensors')) || changed(copy) < changed(model))
    await call('prepare', model, copy);
  return copy;
}
