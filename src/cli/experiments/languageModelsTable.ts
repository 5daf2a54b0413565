import type { RunRecord } from '../../core/experiments/runFiles';
import { askingFigures } from '../../core/llm/askingFigures';
import { readPlan, readRecords } from '../../node/experiments/planFolder';
import { aligned } from '../table';

type Summary = NonNullable<RunRecord['languageModel']>;

/** Time, tokens and cost of the language models of a plan, as the study's table 4 has them; nothing where there are none. */
export async function printLanguageModels(folder: string): Promise<void> {
  const plan = await readPlan(folder);
  const records = await readRecords(folder, plan);
  const bySystem = new Map<string, Summary[]>();
  for (const { encoder, languageModel } of records.values())
    if (languageModel) bySystem.set(encoder.name, [...(bySystem.get(encoder.name) ?? []), languageModel]);
  if (bySystem.size === 0) return;
  const header = [
    'language model',
    'notes',
    's a note',
    'tokens a note',
    'USD per 1,000 notes',
    'not grounded',
  ];
  const rows = [...bySystem].map(([name, summaries]) => {
    const { answers, seconds, tokens, dollarsPer1000, notGrounded } = askingFigures(summaries);
    return [
      name,
      String(answers),
      seconds.toFixed(1),
      tokens.toFixed(0),
      dollarsPer1000?.toFixed(2) ?? '-',
      `${(notGrounded * 100).toFixed(1)} %`,
    ];
  });
  const dates = new Set([...bySystem.values()].flat().flatMap(({ prices }) => prices?.date ?? []));
  const dated = dates.size === 0 ? [] : [`prices of ${[...dates].sort().join(', ')}`];
  process.stdout.write(`${[...aligned([header, ...rows]), ...dated].join('\n')}\n`);
}
