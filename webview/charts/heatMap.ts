import { html, svg } from 'lit-html';
import type { TemplateResult } from 'lit-html';

const [CELL, LINE, NAMES, TOP] = [56, 22, 150, 100];

/** Shades of a cell, from none to the darkest, and what of the colour each has; as the table's own (mistakes.css). */
export const SHADES = 5;
const SHADE = 0.08;

/** A square of counts, `[names, names]` row by row, as a drawing of its own; its corner says what rows and columns are. */
export function heatMapView(
  names: readonly string[],
  cell: (row: number, column: number) => { readonly text: string; readonly shade: number },
  { label, corner }: { readonly label: string; readonly corner: string },
): TemplateResult {
  const [width, height] = [NAMES + names.length * CELL + 8, TOP + names.length * LINE + 8];
  const [x, y] = [(column: number) => NAMES + column * CELL, (row: number) => TOP + row * LINE];
  const cells = names.flatMap((_, row) =>
    names.map((_, column) => {
      const { text, shade } = cell(row, column);
      return svg`
        <rect class="heat" x=${x(column)} y=${y(row)} width=${CELL} height=${LINE} opacity=${shade * SHADE}></rect>
        <text class="value end" x=${x(column) + CELL - 6} y=${y(row) + 15}>${text}</text>`;
    }),
  );
  const named = names.map(
    (name, i) => svg`
      <text class="tick end" x=${NAMES - 8} y=${y(i) + 15}>${name}</text>
      <text class="tick" transform="translate(${x(i) + CELL / 2} ${TOP - 8}) rotate(-40)">${name}</text>`,
  );
  return html`<svg class="chart" viewBox="0 0 ${width + 60} ${height}" role="img" aria-label=${label}>
    ${cells} ${named}
    <text class="axis end" x=${NAMES - 8} y=${TOP - 8}>${corner}</text>
  </svg>`;
}
