import { html } from 'lit-html';
import type { TemplateResult } from 'lit-html';

const [WIDTH, HEIGHT, EDGE] = [120, 14, 2];

/** A stroke for each run of a system, on a scale that all systems of a table share. */
export function strip(
  values: readonly number[],
  [low, high]: readonly [number, number],
  label: string,
): TemplateResult {
  const scale = high > low ? (WIDTH - 2 * EDGE) / (high - low) : 0;
  const path = values
    .map((value) => `M${Math.round(10 * (EDGE + (value - low) * scale)) / 10} 2v${HEIGHT - 4}`)
    .join('');
  return html`<svg class="strip" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label=${label}>
    <path class="strip-ground" d="M0 ${HEIGHT / 2}H${WIDTH}"></path>
    <path class="strip-runs" d=${path}></path>
  </svg>`;
}

/** The scale of a table's strips. */
export function stripScale(all: readonly (readonly number[])[]): readonly [number, number] {
  const values = all.flat().filter((value) => !Number.isNaN(value));
  return values.length === 0 ? [0, 1] : [Math.min(...values), Math.max(...values)];
}
