import { html, nothing } from 'lit-html';
import type { TemplateResult } from 'lit-html';
import { viewName } from '../src/core/report/names';
import type { ReportView } from '../src/core/report/reportHeader';
import type { Context } from './context';
import type { State, Tab } from './state';
import { SHOWN_AT_FIRST } from './state';
import type { TableOptions } from './tableView';

export function loading({ t }: Pick<Context, 't'>): TemplateResult {
  return html`<p class="loading" role="status">
    <vscode-progress-ring></vscode-progress-ring> ${t('Loading …')}
  </p>`;
}

/** What fills an empty part; not shown where it cannot be pressed. */
export interface EmptyButton {
  readonly name: string;
  readonly press: (() => void) | undefined;
}

/** An empty part that says what to do to fill it, with the one button that does. */
export function empty(what: string, advice: string, button?: EmptyButton): TemplateResult {
  return html`<div class="empty">
    <p>${what}</p>
    <p>${advice}</p>
    ${button?.press ? html`<vscode-button @click=${button.press}>${button.name}</vscode-button>` : nothing}
  </div>`;
}

/** A button that shows another way of scoring. */
export function viewButton({ t, set }: Context, view: ReportView | undefined): EmptyButton | undefined {
  return view && { name: t('Show “{0}”', viewName(view, t)), press: () => set({ view }) };
}

/** Shows the details of a system. */
export function chooseSystem({ set }: Context, system: number, tab: Tab, besides: Partial<State> = {}): void {
  set({ system, run: undefined, tab, filter: {}, listed: undefined, shown: SHOWN_AT_FIRST, ...besides });
}

/** What a click on a cell of a table of systems does: a name leads to its labels, a figure to its mistakes by note. */
export function systemCells(
  context: Context,
  systems: readonly number[],
  figuresFrom: number,
  viewOf: (column: number) => Partial<State> = () => ({}),
): Required<Pick<TableOptions, 'onCell' | 'cellHint' | 'chosen'>> {
  const { t, state } = context;
  // Once a table and not once a cell: a threshold that is dragged draws some thousand of them in a frame.
  const [toLabels, toMistakes] = [t('Show this model’s labels'), t('Show this model’s mistakes by note')];
  const tab = (column: number): Tab => (column < figuresFrom ? 'labels' : 'errors');
  return {
    cellHint: (_, column) => (column < figuresFrom ? toLabels : toMistakes),
    onCell: (row, column) => () => chooseSystem(context, systems[row]!, tab(column), viewOf(column)),
    chosen: (row) => systems[row] === state.system,
  };
}

/** The runs that details are of: the chosen one, else all of the system. */
export function chosenRuns({ model, state }: Context): readonly number[] {
  const own = model.runsOf(state.view)[state.system] ?? [];
  return state.run !== undefined && own.includes(state.run) ? [state.run] : own;
}

/** What details are of, in words. */
export function chosenName(context: Context): string {
  const { t, state, model } = context;
  const runs = chosenRuns(context);
  const which =
    runs.length === 1
      ? t('seed {0}', model.header.runs[runs[0]!]!.seed)
      : t('{0} runs together', runs.length);
  return `${context.systemName(state.system)} · ${which}`;
}
