import { html, nothing } from 'lit-html';
import type { TemplateResult } from 'lit-html';
import { pooledConfusion } from '../../src/core/report/details';
import type { ReportTable } from '../../src/core/report/tables';
import { heatMapView, SHADES } from '../charts/heatMap';
import type { Context } from '../context';
import { exportMenu, tableDrawingMenu } from '../exports';
import { loading } from '../parts';
import { SHOWN_AT_FIRST } from '../state';

/** What gold has against what was predicted, in characters of the text. */
export function confusionView(context: Context, runs: readonly number[]): TemplateResult {
  const { model, t } = context;
  model.needDetails();
  if (!model.details) return loading(context);
  const { labels, counts } = pooledConfusion(model.header, model.details, runs);
  const size = labels.length + 1;
  const names = [...labels.map((label) => context.labelName(label)), t('no label')];
  const table = tableOf(names, counts, context);
  const rowTotal = (row: number): number =>
    counts.subarray(row * size, (row + 1) * size).reduce((sum, one) => sum + one, 0);
  const draw = (): TemplateResult =>
    heatMapView(
      names,
      (gold, predicted) => {
        const count = counts[gold * size + predicted]!;
        const isNone = gold === labels.length && predicted === labels.length;
        return { text: context.numbers.count(count), shade: isNone ? 0 : shadeOf(count, rowTotal(gold)) };
      },
      { label: table.caption, corner: `${t('gold')} ↓ · ${t('predicted')} →` },
    );
  return html`<div class="table-frame" tabindex="0" role="region" aria-label=${table.caption}>
      <table class="confusion">
        <caption>
          <div>
            <span class="caption">${table.caption}</span> ${exportMenu(table, 'confusion', context)}
            ${tableDrawingMenu('confusion', context, draw)}
          </div>
        </caption>
        <thead>
          <tr>
            ${table.columns.map(({ name }, i) => html`<th scope="col" class=${i === 0 ? '' : 'number'}>${name}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${names.map((name, gold) => {
            const total = rowTotal(gold);
            const cells = names.map((_, predicted) =>
              cell(labels, [gold, predicted], counts[gold * size + predicted]!, total, context),
            );
            return html`<tr>
              <th scope="row">${name}</th>
              ${cells}
            </tr>`;
          })}
        </tbody>
      </table>
    </div>
    <p class="hint">
      ${t('Characters of the text, each run at its own threshold: rows are what is right, columns what was predicted. A click shows the mistakes.')}
    </p>`;
}

/** By the share of what a row has. */
function shadeOf(count: number, total: number): number {
  return total === 0 || count === 0 ? 0 : Math.max(1, Math.ceil((SHADES * count) / total));
}

function cell(
  labels: readonly string[],
  [gold, predicted]: readonly [number, number],
  count: number,
  total: number,
  { numbers, set, t }: Context,
): TemplateResult {
  const bothNone = gold === labels.length && predicted === labels.length;
  const shade = bothNone ? 0 : shadeOf(count, total);
  const filter = { gold: labels[gold] ?? null, predicted: labels[predicted] ?? null };
  const shown = bothNone || count === 0 ? (bothNone ? numbers.count(count) : '·') : undefined;
  return html`<td class="number shade-${shade}${gold === predicted ? ' diagonal' : ''}">
    ${
      shown ??
      html`<button
        class="cell"
        title=${t('Show the mistakes behind this figure')}
        @click=${() => set({ filter, shown: SHOWN_AT_FIRST })}
      >
        ${numbers.count(count)}
      </button>`
    }
    ${nothing}
  </td>`;
}

function tableOf(names: readonly string[], counts: Float64Array, { t, numbers }: Context): ReportTable {
  const rows = names.map((name, gold) => [
    { text: name },
    ...names.map((_, predicted) => {
      const value = counts[gold * names.length + predicted]!;
      return { text: numbers.count(value), value };
    }),
  ]);
  return {
    caption: t('Confusion between labels'),
    columns: [{ name: t('gold'), numeric: false }, ...names.map((name) => ({ name, numeric: true }))],
    rows,
  };
}
