import type { FigureName } from '../figures';
import type { ComparedGroup } from '../groups';
import { strategyName } from '../names';
import type { NumberWriter } from '../numbers';
import type { ReportComparison, ReportHeader, ReportSystem, ReportView } from '../reportHeader';
import type { SystemFigures } from '../systemFigures';
import type { Cell, ReportTable } from '../tables';
import type { Translate } from '../words';
import { named, numeric, spread, where } from './parts';
import type { SystemTable, ViewFigures, Writing } from './parts';

/** A comparison counts as significant below this, after correction. */
export const SIGNIFICANT = 0.05;

/** A group's systems that were scored in a view; undefined where its baseline or all others were not. */
export function scoredMembers(
  { members, baseline }: ComparedGroup,
  { systems }: Pick<ViewFigures, 'systems'>,
): { readonly own: readonly SystemFigures[]; readonly baseline: SystemFigures } | undefined {
  const own = members.flatMap((member) => systems.find(({ system }) => system === member) ?? []);
  const found = own.find(({ system }) => system === baseline);
  return found && own.length > 1 ? { own, baseline: found } : undefined;
}

/** A group's systems with mean, deviation, difference from the baseline and p; undefined as in `scoredMembers`. */
export function comparedTable(
  header: ReportHeader,
  figures: ViewFigures,
  group: ComparedGroup,
  writing: Writing,
): SystemTable | undefined {
  const { t, numbers } = writing;
  const scored = scoredMembers(group, figures);
  if (!scored) return undefined;
  const { own, baseline } = scored;
  const nameOf = ({ system }: SystemFigures): string => memberName(header.systems[system]!, group, t);
  const rows = own.map((one) => {
    const tested = (metric: ReportComparison['metric']): Cell[] =>
      differenceCells(header, figures, one, baseline, metric, numbers);
    return [
      { text: nameOf(one), ...sameNote(header, one, t) },
      { text: String(one.runs.length), value: one.runs.length },
      spreadCell(one, 'micro F1', numbers),
      ...tested('micro F1'),
      spreadCell(one, 'macro F1', numbers),
      ...tested('macro F1'),
    ];
  });
  const beside = (metric: string): ReportTable['columns'][number][] => [
    numeric(t('Δ {0} from {1}', metric, nameOf(baseline))),
    numeric(t('p (Holm)')),
  ];
  return {
    caption: captionOf(header.systems[group.baseline]!, group, where(figures, writing), t),
    columns: [
      named(group.differ === 'strategy' ? t('strategy') : t('encoder')),
      numeric(t('runs')),
      spread(t('micro F1'), t),
      ...beside(t('micro')),
      spread(t('macro F1'), t),
      ...beside(t('macro')),
    ],
    systems: own.map(({ system }) => system),
    rows,
  };
}

function memberName({ encoder, strategy }: ReportSystem, { differ }: ComparedGroup, t: Translate): string {
  return differ === 'strategy' ? strategyName(strategy, t) : encoder;
}

/** Says that a strategy found nothing to do, so that its runs are another's. */
function sameNote(header: ReportHeader, { runs, system }: SystemFigures, t: Translate): Pick<Cell, 'detail'> {
  const ids = runs.flatMap((run) => header.runs[run]!.sameAs ?? []);
  // Most systems are their own, and a threshold that is dragged asks of all in every frame.
  if (ids.length < runs.length) return {};
  const twins = new Set(header.runs.filter(({ id }) => ids.includes(id)).map((run) => run.system));
  const [twin] = twins;
  if (twins.size !== 1 || twin === system) return {};
  return { detail: t('(the same training as {0})', strategyName(header.systems[twin!]!.strategy, t)) };
}

function captionOf(system: ReportSystem, { differ }: ComparedGroup, where: string, t: Translate): string {
  const { encoder, strategy, scheme } = system;
  return differ === 'strategy'
    ? t('Strategies · {0} · {1} · {2}', encoder, scheme, where)
    : t('Encoders · {0} · {1} · {2}', strategyName(strategy, t), scheme, where);
}

/** The stored comparison of a system in a view and metric. */
export function comparisonOf(
  { comparisons }: ReportHeader,
  view: ReportView,
  metric: ReportComparison['metric'],
  baseline: number,
  system: number,
): ReportComparison | undefined {
  return comparisons.find(
    (one) => one.view === view && one.metric === metric && one.baseline === baseline && one.system === system,
  );
}

function differenceCells(
  header: ReportHeader,
  { view, threshold }: ViewFigures,
  one: SystemFigures,
  baseline: SystemFigures,
  metric: ReportComparison['metric'],
  numbers: NumberWriter,
): Cell[] {
  if (baseline === one) return [{ text: '–' }, { text: '' }];
  const difference = one.figures[metric].mean - baseline.figures[metric].mean;
  const tested =
    threshold === undefined ? comparisonOf(header, view, metric, baseline.system, one.system) : undefined;
  const mark = tested && tested.adjustedP < SIGNIFICANT ? ' ●' : '';
  return [
    { text: numbers.signed(difference), value: difference },
    tested ? { text: numbers.p(tested.adjustedP) + mark, value: tested.adjustedP } : { text: '–' },
  ];
}

function spreadCell({ figures }: SystemFigures, name: FigureName, numbers: NumberWriter): Cell {
  const { mean, deviation } = figures[name];
  const around = deviation === undefined ? {} : { detail: `±${numbers.rate(deviation)}`, deviation };
  return { text: numbers.rate(mean), value: mean, ...around };
}
