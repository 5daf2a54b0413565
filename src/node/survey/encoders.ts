import { existsSync } from 'node:fs';
import path from 'node:path';
import { parseEncoderConfig } from '../../core/encoder/config';
import type { FoundEncoder } from '../../core/experiments/survey';
import { readConfig } from '../encoderFolder';
import { walk } from './walk';

/** The encoders of the families that can be trained, in the folders given and below; what else has a config.json is left out. */
export async function findEncoders(
  folders: readonly string[],
  skip: readonly string[],
): Promise<FoundEncoder[]> {
  const found = new Map<string, FoundEncoder>();
  for (const root of folders) {
    for await (const { folder, kind } of walk(root, skip)) {
      const encoder = kind === 'encoder' && !found.has(folder) ? describeEncoder(folder) : undefined;
      if (encoder) found.set(folder, encoder);
    }
  }
  return [...found.values()];
}

/** What a folder's config.json says; undefined where it is no encoder of a known family. */
export function describeEncoder(folder: string): FoundEncoder | undefined {
  try {
    const config = parseEncoderConfig(readConfig(folder), 'config.json');
    const marks = config.architectures.some((name) => name.endsWith('ForTokenClassification'));
    return {
      path: folder,
      name: encoderFolderName(folder),
      family: config.modelType,
      layers: config.layers,
      hiddenSize: config.hiddenSize,
      labels: marks ? config.labels : [],
      hasSplit: existsSync(path.join(folder, 'training', 'split.json')),
    };
  } catch {
    return undefined;
  }
}

/** A run's model lies in its folder, whose name says more. */
function encoderFolderName(folder: string): string {
  const name = path.basename(folder);
  return name === 'model' ? path.basename(path.dirname(folder)) : name;
}
