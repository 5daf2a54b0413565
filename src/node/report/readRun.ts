import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { countsFile } from '../../core/evaluate/countsFile';
import type { CountsFile } from '../../core/evaluate/countsFile';
import { predictedNote, RUN_FILES, runRecord, tokenScores } from '../../core/experiments/runFiles';
import type { PredictedNote, RunRecord, TokenScores } from '../../core/experiments/runFiles';
import { REPORT_VIEWS, TOKEN_VIEWS, VIEW_TABLES } from '../../core/report/reportHeader';

const interval = z.object({ low: z.number(), high: z.number() });
const figures = z.object({ f1Intervals: z.record(z.string(), interval) });
const bin = z.object({ count: z.number(), confidence: z.number(), positives: z.number() });
const tokenView = z.object({ 'shared threshold': figures, reliability: z.array(bin).optional() });

/** What the report takes from `metrics.json`. */
const metricsFile = z.object({
  views: z.object({
    'honest token': tokenView.optional(),
    'paper protocol': tokenView.optional(),
    text: z.object({ 'entities strict': figures, characters: figures }),
  }),
});
export type RunMetrics = z.infer<typeof metricsFile>['views'];

/** A finished run as its files tell it. */
export interface ReadRun {
  readonly record: RunRecord;
  readonly metrics: RunMetrics;
  /** Tables of the report's views alone. */
  readonly counts: CountsFile;
  readonly tokens: TokenScores;
  readonly predictions: readonly PredictedNote[];
}

/** @throws Error that names the file, and the line or the place in it */
export async function readRun(folder: string): Promise<ReadRun> {
  const file = (name: keyof typeof RUN_FILES): string => path.join(folder, RUN_FILES[name]);
  const [record, metrics, counts, tokens, predictions] = await Promise.all([
    readJson(file('record'), runRecord),
    readJson(file('metrics'), metricsFile),
    readJson(file('counts'), countsFile),
    readJson(file('tokens'), tokenScores),
    readPredictions(file('predictions')),
  ]);
  const read = { record, metrics: metrics.views, counts: wantedTables(counts, tokens), tokens, predictions };
  checkShapes(read, folder);
  return read;
}

/** Tables of the report's views; figures that no histogram follows are left out with their view. */
function wantedTables(counts: CountsFile, { paper }: TokenScores): CountsFile {
  const wanted = REPORT_VIEWS.filter((view) => view !== 'paper' || paper !== null).map(
    (view) => VIEW_TABLES[view],
  );
  const tables = Object.entries(counts.tables).filter(([name]) => wanted.includes(name));
  return { ...counts, tables: Object.fromEntries(tables) };
}

/** Sizes that one file promises another. */
function checkShapes({ record, tokens, counts }: ReadRun, folder: string): void {
  const check = (holds: boolean, file: keyof typeof RUN_FILES, message: string): void => {
    if (!holds) throw new Error(`${path.join(folder, RUN_FILES[file])}: ${message}`);
  };
  for (const histogram of [tokens.honest, tokens.paper]) {
    if (!histogram) continue;
    const bins = histogram.thresholds.length + 1;
    for (const side of [histogram.negatives, histogram.positives]) {
      check(side.length === tokens.outputs.length, 'tokens', 'not as many histograms as outputs');
      check(
        side.every((one) => one.length === bins),
        'tokens',
        `not ${bins} bins in every histogram`,
      );
    }
  }
  for (const view of TOKEN_VIEWS) {
    const table = counts.tables[VIEW_TABLES[view]];
    const same = !table || table.labels.join('\n') === tokens.outputs.join('\n');
    check(same, 'tokens', `other outputs than in ${RUN_FILES.counts}`);
  }
  const size = record.labels.length + 1;
  const square = tokens.confusion.length === size && tokens.confusion.every((row) => row.length === size);
  check(square, 'tokens', `the confusion is not ${size} by ${size}`);
  const perLabel = Object.values(record.labelNotes).every((notes) => notes.length === record.labels.length);
  check(perLabel, 'record', 'labelNotes has not one number a label');
}

/** @throws Error that names the file and what is wrong with it */
export async function readJson<Schema extends z.ZodType>(
  file: string,
  schema: Schema,
): Promise<z.infer<Schema>> {
  return parsed(await readText(file), schema, file);
}

export async function readPredictions(file: string): Promise<PredictedNote[]> {
  const lines = (await readText(file)).split('\n');
  return lines.flatMap((line, i) => (line === '' ? [] : [parsed(line, predictedNote, `${file}:${i + 1}`)]));
}

function readText(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new Error(`${file}: ${error.code === 'ENOENT' ? 'is missing' : `cannot be read (${error.code})`}`);
  });
}

function parsed<Schema extends z.ZodType>(json: string, schema: Schema, place: string): z.infer<Schema> {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    // JSON.parse would quote the content.
    throw new Error(`${place}: not JSON`);
  }
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const { path: at, message } = result.error.issues[0]!;
  throw new Error(`${place}: /${at.map(String).join('/')}: ${message}`);
}
