import type { PlanFile } from '../../core/experiments/plan';
import { readConfig } from '../encoderFolder';
import { fingerprint } from '../training/encoderFiles';
import { resolveIn } from './planFolder';

/** The folder of an encoder of a plan, for a run. @throws Error where it is gone or is not the one that the plan was made with */
export async function openPlanned(
  folder: string,
  { encoders }: PlanFile,
  { id, encoder }: { readonly id: string; readonly encoder: string },
): Promise<string> {
  const planned = encoders.find(({ name }) => name === encoder);
  if (!planned) throw new Error(`${folder}: the plan has no encoder ${encoder}, which ${id} needs`);
  const where = resolveIn(folder, planned.path);
  readConfig(where);
  if ((await fingerprint(where)) === planned.sha256) return where;
  throw new Error(
    `${where}: this encoder has changed since the plan was made: bring it back, or make another plan`,
  );
}
