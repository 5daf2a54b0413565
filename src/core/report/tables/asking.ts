import { askingFigures } from '../../llm/askingFigures';
import { systemName } from '../names';
import type { ReportHeader } from '../reportHeader';
import type { Cell } from '../tables';
import { named, numeric } from './parts';
import type { SystemTable, Writing } from './parts';

/**
 * What language models took, as the study's table of efforts has it: means over the notes of all runs; undefined where
 * none was asked.
 */
export function askingTable(
  header: ReportHeader,
  runsOfSystems: readonly (readonly number[])[],
  { t, numbers }: Writing,
): SystemTable | undefined {
  const systems = [...header.systems.keys()].filter(
    (system) => header.systems[system]!.asked && runsOfSystems[system]!.length > 0,
  );
  if (systems.length === 0) return undefined;
  const runsOf = (system: number) => runsOfSystems[system]!.flatMap((run) => header.runs[run]!.asking ?? []);
  const cell = (value: number | undefined, places: number): Cell =>
    value === undefined ? { text: '–' } : { text: numbers.places(value, places), value };
  const rows = systems.map((system) => {
    const figures = askingFigures(runsOf(system));
    return [
      { text: systemName(header.systems[system]!, t) },
      { text: numbers.count(figures.answers), value: figures.answers },
      cell(figures.seconds, 1),
      { text: numbers.count(figures.tokens), value: figures.tokens },
      cell(figures.dollarsPer1000, 2),
      cell(figures.notGrounded * 100, 1),
    ];
  });
  const dates = new Set(systems.flatMap(runsOf).flatMap(({ pricesOf }) => pricesOf ?? []));
  const columns = [
    t('answers'),
    t('s a note'),
    t('tokens a note'),
    t('USD per 1,000 notes'),
    t('not in the note, % of quotations'),
  ];
  return {
    caption:
      dates.size === 0
        ? t('Language models')
        : t('Language models · prices of {0}', [...dates].sort().join(', ')),
    columns: [named(t('model')), ...columns.map(numeric)],
    rows,
    systems,
  };
}
