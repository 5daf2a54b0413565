import { html } from 'lit-html';
import type { TemplateResult } from 'lit-html';

export const [STRIP_WIDTH, STRIP_HEIGHT] = [120, 14];
const EDGE = 2;

/** A stroke for each run of a system, on a scale that all systems of a table share. */
export function strip(
  values: readonly number[],
  scale: readonly [number, number],
  label: string,
): TemplateResult {
  return html`<svg class="strip" viewBox="0 0 ${STRIP_WIDTH} ${STRIP_HEIGHT}" role="img" aria-label=${label}>
    <path class="strip-ground" d="M0 ${STRIP_HEIGHT / 2}H${STRIP_WIDTH}"></path>
    <path class="strip-runs" d=${stripPath(values, scale)}></path>
  </svg>`;
}

/** The strokes of a strip. */
export function stripPath(values: readonly number[], [low, high]: readonly [number, number]): string {
  const scale = high > low ? (STRIP_WIDTH - 2 * EDGE) / (high - low) : 0;
  return values
    .map((value) => `M${Math.round(10 * (EDGE + (value - low) * scale)) / 10} 2v${STRIP_HEIGHT - 4}`)
    .join('');
}

/** The scale of a table's strips. */
export function stripScale(all: readonly (readonly number[])[]): readonly [number, number] {
  const values = all.flat().filter((value) => !Number.isNaN(value));
  return values.length === 0 ? [0, 1] : [Math.min(...values), Math.max(...values)];
}
