import { html, nothing } from 'lit-html';
import type { TemplateResult } from 'lit-html';
import type { ReportTable } from '../src/core/report/tables';
import type { Context } from './context';
import { exportMenu, tableDrawingMenu } from './exports';
import { inSight, watched } from './inSight';
import { SHOWN_AT_FIRST } from './state';

export interface TableOptions {
  /** Name of files it is saved as. */
  readonly file: string;
  /** What a click on a cell does; a cell for which it is undefined is no button. */
  readonly onCell?: (row: number, column: number) => (() => void) | undefined;
  /** Says what a click does, for who cannot see it. */
  readonly cellHint?: string | ((row: number, column: number) => string);
  /** Something drawn below a cell's figure. */
  readonly below?: (row: number, column: number) => TemplateResult | typeof nothing;
  /** The same as a drawing, which is taken to a file alone. */
  readonly drawing?: () => TemplateResult;
  /** How many rows are drawn at first, 100 by default. */
  readonly atFirst?: number;
  readonly chosen?: (row: number) => boolean;
  /** Whether details stand below their figures: where many of them make a table too wide. */
  readonly stacked?: boolean;
}

/** A table with its caption, headers and a menu to take it elsewhere. Long ones are drawn a piece at a time. */
export function tableView(table: ReportTable, context: Context, options: TableOptions): TemplateResult {
  const { t, state, set } = context;
  const rows = table.rows.slice(0, ((options.atFirst ?? SHOWN_AT_FIRST) * state.shown) / SHOWN_AT_FIRST);
  const more = table.rows.length - rows.length;
  return html`
    <div class="table-frame" tabindex="0" role="region" aria-label=${table.caption}>
      <table class=${options.stacked ? 'stacked' : ''}>
        <caption>
          <div>
            <span class="caption">${table.caption}</span> ${exportMenu(table, options.file, context)}
            ${options.drawing ? tableDrawingMenu(options.file, context, options.drawing) : nothing}
          </div>
        </caption>
        <thead>
          <tr>
            ${table.columns.map(({ name, numeric }) => html`<th scope="col" class=${numeric ? 'number' : ''}>${name}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${rows.map((_, row) => inSight(context.moving, () => rowView(table, row, options)))}
        </tbody>
      </table>
    </div>
    ${
      more > 0
        ? html`<vscode-button appearance="secondary" @click=${() => set({ shown: state.shown * 4 })}>
            ${t('Show more ({0} left)', more)}
          </vscode-button>`
        : nothing
    }
  `;
}

function rowView(table: ReportTable, row: number, options: TableOptions): TemplateResult {
  const chosen = options.chosen?.(row) ?? false;
  const cells = table.rows[row]!.map((_, column) => cellView(table, row, column, options));
  return html`<tr ${watched()} class=${chosen ? 'chosen' : ''} aria-current=${chosen ? 'true' : nothing}>
    ${cells}
  </tr>`;
}

function cellView(table: ReportTable, row: number, column: number, options: TableOptions): TemplateResult {
  const { text, detail } = table.rows[row]![column]!;
  const action = text === '' ? undefined : options.onCell?.(row, column);
  const { cellHint } = options;
  const hint = typeof cellHint === 'function' ? cellHint(row, column) : cellHint;
  const shown = action
    ? html`<button class="cell" title=${hint ?? nothing} @click=${action}>${text}</button>`
    : text;
  const besides = detail === undefined ? nothing : html` <span class="detail">${detail}</span>`;
  const below = options.below?.(row, column) ?? nothing;
  return column === 0
    ? html`<th scope="row">${shown}${besides}${below}</th>`
    : html`<td class=${table.columns[column]!.numeric ? 'number' : ''}>${shown}${besides}${below}</td>`;
}
