import { html, nothing } from 'lit-html';
import type { TemplateResult } from 'lit-html';
import { askingTable } from '../../src/core/report/tables/asking';
import { costTable } from '../../src/core/report/tables/cost';
import type { Context } from '../context';
import { chooseSystem } from '../parts';
import { tableView } from '../tableView';

/** What the runs took. */
export function costTab(context: Context): TemplateResult {
  const { model, t, state } = context;
  const table = costTable(model.header, model.systemRuns, context);
  const machines = [...new Set(model.header.runs.map(({ machine }) => machine))];
  const asking = askingTable(model.header, model.systemRuns, context);
  return html`
    ${asking ? tableView(asking, context, { file: 'language-models', chosen: (row) => asking.systems[row] === state.system }) : nothing}
    ${tableView(table, context, {
      file: 'cost',
      cellHint: t('Show how this model learnt'),
      onCell: (row) => () => chooseSystem(context, table.systems[row]!, 'training'),
      chosen: (row) => table.systems[row] === state.system,
    })}
    <p class="hint">
      ${t('Time on the clock. Memory is the most that any of the runs took.')}
      ${t('No energy is estimated, because nothing here measures it.')}
      ${machines.length === 1 ? t('Machine: {0}.', machines[0]!) : nothing}
      ${machines.length > 1 ? t('Runs of {0} different machines: times do not compare.', machines.length) : nothing}
    </p>
  `;
}
