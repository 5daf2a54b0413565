import { systemName } from '../names';
import type { ReportHeader } from '../reportHeader';
import type { Cell } from '../tables';
import { named, numeric } from './parts';
import type { SystemTable, Writing } from './parts';

/** What systems took, over their runs. */
export function costTable(
  header: ReportHeader,
  runsOfSystems: readonly (readonly number[])[],
  { t, numbers }: Writing,
): SystemTable {
  const systems = [...header.systems.keys()].filter((system) => runsOfSystems[system]!.length > 0);
  const rows = systems.map((system) => {
    const costs = runsOfSystems[system]!.map((run) => header.runs[run]!.cost);
    const sum = (of: (cost: (typeof costs)[number]) => number): number =>
      costs.reduce((total, cost) => total + of(cost), 0);
    const [train, score, tokens] = [
      sum((c) => c.trainSeconds),
      sum((c) => c.scoreSeconds),
      sum((c) => c.trainedTokens),
    ];
    const peaks = costs.flatMap(({ peakMemoryBytes }) => peakMemoryBytes ?? []);
    const peak = peaks.length === 0 ? undefined : Math.max(...peaks) / 1e6;
    const minutes = (seconds: number): Cell => ({
      text: numbers.places(seconds / 60, 1),
      value: seconds / 60,
    });
    return [
      { text: systemName(header.systems[system]!, t) },
      { text: String(costs.length), value: costs.length },
      minutes(train / costs.length),
      minutes(score / costs.length),
      minutes(train + score),
      train > 0 ? { text: numbers.count(tokens / train), value: tokens / train } : { text: '–' },
      peak === undefined ? { text: '–' } : { text: numbers.count(peak), value: peak },
    ];
  });
  const columns = [
    t('runs'),
    t('training, min a run'),
    t('scoring, min a run'),
    t('all runs, min'),
    t('trained tokens/s'),
    t('peak memory, MB'),
  ];
  return { caption: t('Cost'), columns: [named(t('model')), ...columns.map(numeric)], rows, systems };
}
