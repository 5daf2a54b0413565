import { html, nothing } from 'lit-html';
import type { TemplateResult } from 'lit-html';
import { groupsIn } from '../../src/core/report/groups';
import type { ComparedGroup } from '../../src/core/report/groups';
import type { ViewFigures } from '../../src/core/report/tables/parts';
import {
  comparedTable,
  comparisonOf,
  scoredMembers,
  SIGNIFICANT,
} from '../../src/core/report/tables/compared';
import { isTokenView } from '../../src/core/report/views';
import { strip, stripScale } from '../charts/strip';
import { stripsView } from '../charts/strips';
import type { Context } from '../context';
import { inSight, watched } from '../inSight';
import { empty, loading, systemCells, viewButton } from '../parts';
import { tableView } from '../tableView';

/** The strategies of each encoder and scheme against each other, and encoders where their units are the same. */
export function strategiesTab(context: Context): TemplateResult {
  const { model, state, t, numbers, command } = context;
  const { view } = state;
  const threshold = isTokenView(view) ? state.threshold : undefined;
  const systems = model.figures(view, threshold);
  if (!systems) return loading(context);
  const figures = {
    view,
    systems,
    threshold: threshold === undefined ? undefined : model.header.thresholds[threshold]!,
  };
  const groups = groupsIn(view, model.header.systems).filter((group) => scoredMembers(group, figures));
  const byText = isTokenView(view) && model.header.systems.length > 1;
  if (groups.length === 0)
    return empty(
      t('No two strategies were run with the same encoder and scheme.'),
      byText
        ? t('Encoders are compared where their units are the same: choose one of the text scorings above.')
        : t(
            '“Anamnese: Compare Strategies” plans them; finished runs are kept and only new ones are trained.',
          ),
      byText
        ? viewButton(context, 'entities')
        : { name: t('Compare Strategies'), press: command && (() => command('anamnese.compareStrategies')) },
    );
  return html`
    ${groups.map((group) => inSight(context.moving, () => groupView(group, figures, context)))}
    <p class="hint">
      ${
        threshold === undefined
          ? t(
              '● p below {0} after Holm’s correction over a table. A stroke is a run.',
              numbers.places(SIGNIFICANT, 2),
            )
          : t(
              'p holds at the runs’ own thresholds and is not shown while the threshold is moved. A stroke is a run.',
            )
      }
    </p>
  `;
}

const METRICS = ['micro F1', 'macro F1'] as const;

function groupView(group: ComparedGroup, figures: ViewFigures, context: Context): TemplateResult {
  const { t, numbers, model } = context;
  const table = comparedTable(model.header, figures, group, context)!;
  const own = table.systems.map((system) => figures.systems.find((one) => one.system === system)!);
  const scales = METRICS.map((metric) => stripScale(own.map((one) => one.figures[metric].values)));
  const metricOf = (column: number): number => [2, (table.columns.length - 2) / 2 + 2].indexOf(column);
  const below = (row: number, column: number): TemplateResult | typeof nothing => {
    const metric = metricOf(column);
    if (metric < 0) return nothing;
    const { values } = own[row]!.figures[METRICS[metric]!];
    const ends = [Math.min(...values), Math.max(...values)].map((value) => numbers.rate(value));
    return strip(values, scales[metric]!, t('{0} runs, from {1} to {2}', values.length, ends[0]!, ends[1]!));
  };
  const drawing = (): TemplateResult =>
    stripsView(
      table.rows.map(([name]) => name!.text),
      METRICS.map((metric, i) => ({
        name: metric === 'micro F1' ? t('micro F1') : t('macro F1'),
        scale: scales[i]!,
        rows: own.map(({ figures: { [metric]: figure } }) => {
          return { values: figure.values, mean: numbers.rate(figure.mean) };
        }),
      })),
      table.caption,
    );
  return html`<section ${watched()}>
    ${tableView(table, context, {
      file: 'strategies',
      below,
      drawing,
      ...systemCells(context, table.systems, 2),
    })}
    ${figures.threshold === undefined ? testsOf(group, figures, context) : nothing}
  </section>`;
}

/** Which test stands behind the p-values, with the intervals of the differences. */
function testsOf(
  group: ComparedGroup,
  figures: ViewFigures,
  context: Context,
): TemplateResult | typeof nothing {
  const { t, numbers, model } = context;
  const tested = (scoredMembers(group, figures)?.own ?? []).flatMap((one) => {
    const found = METRICS.flatMap(
      (metric) => comparisonOf(model.header, figures.view, metric, group.baseline, one.system) ?? [],
    );
    return found.length > 0 ? [{ one, found }] : [];
  });
  if (tested.length === 0) return nothing;
  return html`<details class="tests">
    <summary>${t('Tests behind p, and 95 % intervals of the differences in F1')}</summary>
    <ul>
      ${tested.map(
        ({ one, found }) =>
          html`<li>
            ${context.systemName(one.system)}:
            ${found.map(
              ({ metric, difference, p, test }) =>
                html`<div>
                  ${metric === 'micro F1' ? t('micro F1') : t('macro F1')} ${numbers.signed(difference.value)}
                  [${numbers.signed(difference.low)}, ${numbers.signed(difference.high)}],
                  ${t('p before correction {0}', numbers.p(p))} · ${test}
                </div>`,
            )}
          </li>`,
      )}
    </ul>
  </details>`;
}
