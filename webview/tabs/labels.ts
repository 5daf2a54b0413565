import { html } from 'lit-html';
import type { TemplateResult } from 'lit-html';
import { labelsTable } from '../../src/core/report/tables/labels';
import { REPORT_VIEWS } from '../../src/core/report/reportHeader';
import { viewName } from '../../src/core/report/names';
import { isTokenView } from '../../src/core/report/views';
import type { Context } from '../context';
import { chosenName, chosenRuns, empty, loading, viewButton } from '../parts';
import { SHOWN_AT_FIRST } from '../state';
import type { ErrorFilter } from '../state';
import { tableView } from '../tableView';
import { partsView } from './splitParts';

/** Precision, recall and F1 of every label, and how often the split's parts have it. */
export function labelsTab(context: Context): TemplateResult {
  const { model, state, t, set } = context;
  const runs = chosenRuns(context);
  if (runs.length === 0) return notScored(context);
  const threshold = isTokenView(state.view) ? state.threshold : undefined;
  const counts = model.counts(state.view, threshold, runs);
  if (!counts) return loading(context);
  const caption = t('Labels · {0} · {1}', chosenName(context), viewName(state.view, t));
  const table = labelsTable(counts, caption, context.labelName, context);
  const filters = (label: string): (ErrorFilter | undefined)[] => [
    { label },
    { gold: label },
    { predicted: label },
    { gold: label },
    { label },
  ];
  const show = (row: number, column: number): (() => void) | undefined => {
    const filter = filters(table.labels[row]!.replace(/^[BI]-/, ''))[column];
    return filter && (() => set({ tab: 'errors', filter, shown: SHOWN_AT_FIRST }));
  };
  return html`
    ${tableView(table, context, { file: 'labels', onCell: show, cellHint: t('Show the mistakes behind this figure') })}
    ${partsView(context, runs)}
  `;
}

export function notScored(context: Context): TemplateResult {
  const { t, model, state } = context;
  const scored = REPORT_VIEWS.find((view) => model.runsOf(view)[state.system]?.length);
  return empty(
    t('This model was not scored in this way.'),
    t('Choose another way of scoring, or another model.'),
    viewButton(context, scored),
  );
}
