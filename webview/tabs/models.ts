import { html } from 'lit-html';
import type { TemplateResult } from 'lit-html';
import { guard } from 'lit-html/directives/guard.js';
import { viewMeaning } from '../../src/core/report/names';
import { REPORT_VIEWS } from '../../src/core/report/reportHeader';
import { modelsTable, protocolsTable } from '../../src/core/report/tables/models';
import type { ViewFigures } from '../../src/core/report/tables/parts';
import { isTokenView } from '../../src/core/report/views';
import type { Context } from '../context';
import { loading, systemCells } from '../parts';
import { tableView } from '../tableView';

/** Every model: precision, recall and F1 under the chosen protocol, and F1 under all of them. */
export function modelsTab(context: Context): TemplateResult {
  const { model, state, t } = context;
  const { view } = state;
  const threshold = isTokenView(view) ? state.threshold : undefined;
  const figures = model.figures(view, threshold);
  const order = model.order(view);
  if (!figures) return loading(context);
  const systems = order.flatMap((system) => figures.find((one) => one.system === system) ?? []);
  const shown = {
    view,
    systems,
    threshold: threshold === undefined ? undefined : model.header.thresholds[threshold]!,
  };
  const detailed = modelsTable(model.header, shown, context);
  return html`
    <p class="meaning">${viewMeaning(view, t)}</p>
    ${tableView(detailed, context, {
      file: 'models',
      stacked: true,
      ...systemCells(context, detailed.systems, 2),
    })}
    <p class="hint">${intervalHint(context)}</p>
    ${guard([model, view, state.system, state.shown, t], () => protocolsView(context, order))}
  `;
}

/** F1 under every protocol, at the runs' own thresholds whatever is moved: drawn anew only where something else changed. */
function protocolsView(context: Context, order: readonly number[]): TemplateResult {
  const { model } = context;
  const views = REPORT_VIEWS.map((view): ViewFigures => ({
    view,
    threshold: undefined,
    systems: model.figures(view, undefined)!,
  }));
  const table = protocolsTable(model.header, order, views, context);
  const cells = systemCells(context, table.systems, 1, (column) =>
    column === 0 ? {} : { view: viewOfColumn(column) },
  );
  return tableView(table, context, {
    file: 'protocols',
    stacked: true,
    ...cells,
    onCell: (row, column) => (table.rows[row]![column]!.text === '–' ? undefined : cells.onCell(row, column)),
  });
}

function viewOfColumn(column: number): (typeof REPORT_VIEWS)[number] {
  return REPORT_VIEWS[(column - 1) % REPORT_VIEWS.length]!;
}

function intervalHint({ t, state }: Context): string {
  return state.threshold === undefined
    ? t(
        'Intervals: by bootstrap over notes for one run; for several, of their mean, widened since their training notes overlap (Nadeau and Bengio).',
      )
    : t('Intervals hold at the runs’ own thresholds and are not shown while the threshold is moved.');
}
