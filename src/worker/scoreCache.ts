import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { makeFolder, writeWholeFile } from '../node/wholeFile';

/** Scores are written to the cache after so many new ones. */
const SCORES_A_SAVE = 400;

/** Scores by note, in a file a model. What cannot be read is scored again. */
export class ScoreCache {
  private unsaved = 0;

  private constructor(
    private readonly file: string | undefined,
    private readonly scores: Map<string, number>,
  ) {}

  static async open(folder: string | null, identity: string): Promise<ScoreCache> {
    const known = sessionScores.get(identity) ?? new Map<string, number>();
    sessionScores.set(identity, known);
    const file = folder === null ? undefined : path.join(folder, `uncertainty-${identity}.json`);
    if (file && known.size === 0) {
      const text = await readFile(file, 'utf8').catch(() => '{}');
      for (const [key, value] of entriesOf(text)) known.set(key, value);
    }
    return new ScoreCache(file, known);
  }

  has(key: string): boolean {
    return this.scores.has(key);
  }

  get(key: string): number | undefined {
    return this.scores.get(key);
  }

  async add(found: readonly (readonly [string, number])[]): Promise<void> {
    for (const [key, value] of found) this.scores.set(key, value);
    this.unsaved += found.length;
    if (this.unsaved >= SCORES_A_SAVE) await this.save();
  }

  /** A cache that cannot be written costs time, nothing else. */
  async save(): Promise<void> {
    if (!this.file || this.unsaved === 0) return;
    this.unsaved = 0;
    const content = JSON.stringify(Object.fromEntries(this.scores));
    await makeFolder(path.dirname(this.file))
      .then(() => writeWholeFile(this.file!, content))
      .catch(() => undefined);
  }
}

const sessionScores = new Map<string, Map<string, number>>();

function entriesOf(json: string): [string, number][] {
  try {
    const entries = Object.entries(JSON.parse(json) as Record<string, unknown>);
    return entries.filter((entry): entry is [string, number] => typeof entry[1] === 'number');
  } catch {
    return [];
  }
}
