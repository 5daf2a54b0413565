// What a server costs: windows of notes as bytes and as JSON, in turns, and the same encoder here.
// tsx bench/server.ts URL MODEL [ROUNDS]; scripts/triton.mjs starts one.
import path from 'node:path';
import { parseEncoderConfig } from '../src/core/encoder/config';
import { batchesByLength, tokenizeWindows } from '../src/core/predict/predictor';
import { loadEncoder } from '../src/node/encoder';
import { readConfig } from '../src/node/encoderFolder';
import { readReading } from '../src/node/model';
import { findNotes, readNote } from '../src/node/notes';
import { InferenceServer } from '../src/node/serve/inferenceServer';
import { openRemoteClassifier } from '../src/node/serve/remoteClassifier';
import { fingerprint } from '../src/node/training/encoderFiles';

const [url, name, rounds = '5'] = process.argv.slice(2) as [string, string, string?];
const root = path.resolve(import.meta.dirname, '..');
const folder = path.join(root, 'models', 'anamnese-default');

/** A server that seems to know no extension. */
class PlainServer extends InferenceServer {
  override async find(place: string): Promise<unknown> {
    const found = await super.find(place);
    return place === 'v2' ? { ...(found as object), extensions: ['model_configuration'] } : found;
  }
}

async function main(): Promise<void> {
  const config = parseEncoderConfig(readConfig(folder), 'config.json');
  const served = { name, config, fingerprint: await fingerprint(folder) };
  const local = await loadEncoder(folder, { device: 'cpu', precision: 'fp32' });
  const ways = {
    bytes: await openRemoteClassifier(new InferenceServer(new URL(url)), served),
    JSON: await openRemoteClassifier(new PlainServer(new URL(url)), served),
    here: local,
  };
  const predictor = { classifier: local, ...(await readReading(folder, config)) };
  const texts = await Promise.all(
    (await findNotes(path.join(root, 'samples', 'notes'))).map(
      async (file) => (await readNote(file.path)).text,
    ),
  );
  const ids = texts.flatMap((text) => tokenizeWindows(text, predictor)).map(({ encoding }) => encoding.ids);
  const batches = batchesByLength(ids.map(({ length }) => length)).map((batch) => batch.map((i) => ids[i]!));
  const tokens = ids.reduce((sum, { length }) => sum + length, 0);
  console.log(
    `${texts.length} notes, ${ids.length} windows, ${tokens} tokens; tokens/s, median of ${rounds}`,
  );

  const seconds: Record<string, number[]> = {};
  for (let round = 0; round <= Number(rounds); round++)
    for (const [way, classifier] of Object.entries(ways)) {
      const from = performance.now();
      for (const batch of batches) await classifier.logits(batch);
      // The first round warms up.
      if (round > 0) (seconds[way] ??= []).push((performance.now() - from) / 1000);
    }
  for (const [way, all] of Object.entries(seconds)) {
    const median = all.sort((a, b) => a - b)[Math.floor(all.length / 2)]!;
    console.log(`${way.padEnd(6)} ${(tokens / median).toFixed(0).padStart(6)}`);
  }
  await local.dispose();
}

void main();
