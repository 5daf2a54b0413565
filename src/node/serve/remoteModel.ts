import path from 'node:path';
import { parseEncoderConfig } from '../../core/encoder/config';
import { readConfig } from '../encoderFolder';
import type { OpenedModel } from '../model';
import { readReading } from '../model';
import { fingerprint } from '../training/encoderFiles';
import { InferenceServer } from './inferenceServer';
import { openRemoteClassifier } from './remoteClassifier';

/** A model whose encoder runs on a server. */
export interface RemoteChoice {
  readonly url: URL;
  /** By default the folder's name. */
  readonly name?: string | undefined;
  readonly token?: string | undefined;
}

/**
 * Opens a model folder whose tokenizer, thresholds and calibration are used here, and whose encoder a server runs; its
 * weights are read for nothing but their hash.
 * @throws Error naming the file that is missing or wrong, or what the server answers
 */
export async function openRemoteModel(
  folder: string,
  { url, name, token }: RemoteChoice,
): Promise<Pick<OpenedModel, 'name' | 'predictor' | 'doubt'>> {
  const config = parseEncoderConfig(readConfig(folder), path.join(folder, 'config.json'));
  const own = path.basename(path.resolve(folder));
  const served = { name: name ?? own, config, fingerprint: await fingerprint(folder) };
  const { doubt, ...reading } = await readReading(folder, config);
  const classifier = await openRemoteClassifier(new InferenceServer(url, token), served);
  return { name: own, predictor: { classifier, ...reading }, doubt };
}
