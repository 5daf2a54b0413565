import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { modelPath } from './planFolder';

/** Where a run stands that is not finished and that nobody is at. */
export async function runState(folder: string, id: string): Promise<'left' | 'begun' | 'trained'> {
  const model = modelPath(folder, id);
  if (existsSync(path.join(model, 'model.safetensors'))) return 'trained';
  const names = await readdir(path.join(model, 'training')).catch(() => []);
  return names.some((name) => name.startsWith('checkpoint-')) ? 'begun' : 'left';
}
