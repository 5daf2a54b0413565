import { html, svg } from 'lit-html';
import type { TemplateResult } from 'lit-html';
import { stripPath, STRIP_HEIGHT, STRIP_WIDTH } from './strip';

const [NAMES, LINE, TOP, GAP] = [190, 24, 24, 70];

/** One figure of all systems: its name, and of each system the values of its runs and their mean as it is written. */
export interface StripColumn {
  readonly name: string;
  readonly scale: readonly [number, number];
  readonly rows: readonly { readonly values: readonly number[]; readonly mean: string }[];
}

/** The strips of a table as a drawing of its own. */
export function stripsView(
  names: readonly string[],
  columns: readonly StripColumn[],
  label: string,
): TemplateResult {
  const [width, height] = [NAMES + columns.length * (STRIP_WIDTH + GAP), TOP + names.length * LINE + 6];
  const y = (row: number): number => TOP + row * LINE;
  const drawn = columns.map(({ name, scale, rows }, column) => {
    const left = NAMES + column * (STRIP_WIDTH + GAP);
    return svg`
      <text class="axis" x=${left} y="14">${name}</text>
      ${rows.map(
        ({ values, mean }, row) => svg`
        <g transform="translate(${left} ${y(row)})">
          <path class="strip-ground" d="M0 ${STRIP_HEIGHT / 2}H${STRIP_WIDTH}"></path>
          <path class="strip-runs" d=${stripPath(values, scale)}></path>
          <text class="value" x=${STRIP_WIDTH + 8} y="11">${mean}</text>
        </g>`,
      )}`;
  });
  return html`<svg class="chart" viewBox="0 0 ${width} ${height}" role="img" aria-label=${label}>
    ${names.map((name, row) => svg`<text class="tick end" x=${NAMES - 12} y=${y(row) + 11}>${name}</text>`)}
    ${drawn}
  </svg>`;
}
