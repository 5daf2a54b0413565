import { scaleLinear } from 'd3-scale';
import type { ScaleLinear } from 'd3-scale';
import { line } from 'd3-shape';
import { html, nothing, svg } from 'lit-html';
import type { TemplateResult } from 'lit-html';

export type Point = readonly [x: number, y: number];

export interface Axis {
  readonly name: string;
  readonly domain: readonly [number, number];
  readonly ticks: readonly number[];
  readonly format: (value: number) => string;
}

export interface Line {
  readonly points: readonly Point[];
  /** `main`, `second`, `faint` or `guide`; told apart by dashes as well as by colour. */
  readonly style: 'main' | 'second' | 'faint' | 'guide';
}

export interface Chart {
  readonly width: number;
  readonly height: number;
  readonly x: Axis;
  readonly y: Axis;
  readonly lines: readonly Line[];
  readonly marks?: readonly {
    readonly at: Point;
    readonly style: 'operating' | 'best' | 'bin';
    readonly radius?: number;
  }[];
  /** What it shows, in words. */
  readonly label: string;
  /** Whether axes are named and drawn at length: not in small multiples. */
  readonly small?: boolean;
}

interface Frame {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  readonly x: ScaleLinear<number, number>;
  readonly y: ScaleLinear<number, number>;
}

/** Where a chart's axes lie, and its scales. */
export function frameOf({
  width,
  height,
  x,
  y,
  small,
}: Pick<Chart, 'width' | 'height' | 'x' | 'y' | 'small'>): Frame {
  const [left, top, right, bottom] = [
    small ? 26 : 46,
    6,
    width - (small ? 8 : 14),
    height - (small ? 16 : 34),
  ];
  return {
    left,
    top,
    right,
    bottom,
    x: scaleLinear(x.domain, [left, right]),
    y: scaleLinear(y.domain, [bottom, top]),
  };
}

/** Paths are remembered by their points, so that a moved mark draws no curve again. */
const paths = new WeakMap<readonly Point[], Map<string, string>>();

function pathOf(points: readonly Point[], frame: Frame, size: string): string {
  const known = paths.get(points) ?? new Map<string, string>();
  paths.set(points, known);
  let path = known.get(size);
  if (path === undefined) {
    const place = line<Point>(
      ([x]) => frame.x(x),
      ([, y]) => frame.y(y),
    ).digits(1);
    known.set(size, (path = place(points) ?? ''));
  }
  return path;
}

export function chartView(chart: Chart): TemplateResult {
  const frame = frameOf(chart);
  const size = `${chart.width} ${chart.height} ${chart.x.domain.join()} ${chart.y.domain.join()}`;
  return html`<svg
    class="chart"
    viewBox="0 0 ${chart.width} ${chart.height}"
    role="img"
    aria-label=${chart.label}
  >
    ${axes(chart, frame)}
    ${chart.lines.map(({ points, style }) => svg`<path class="line ${style}" d=${pathOf(points, frame, size)}></path>`)}
    ${chart.marks?.map(
      ({ at: [x, y], style, radius }) =>
        svg`<circle class="mark ${style}" cx=${frame.x(x)} cy=${frame.y(y)} r=${radius ?? 4}></circle>`,
    )}
  </svg>`;
}

function axes({ x, y, small }: Chart, frame: Frame): TemplateResult {
  const { left, right, top, bottom } = frame;
  return svg`
    ${x.ticks.map(
      (tick) => svg`
      <line class="grid" x1=${frame.x(tick)} x2=${frame.x(tick)} y1=${top} y2=${bottom}></line>
      <text class="tick middle" x=${frame.x(tick)} y=${bottom + 12}>${x.format(tick)}</text>`,
    )}
    ${y.ticks.map(
      (tick) => svg`
      <line class="grid" x1=${left} x2=${right} y1=${frame.y(tick)} y2=${frame.y(tick)}></line>
      <text class="tick end" x=${left - 4} y=${frame.y(tick) + 3}>${y.format(tick)}</text>`,
    )}
    ${
      small
        ? nothing
        : svg`
      <text class="axis middle" x=${(left + right) / 2} y=${bottom + 28}>${x.name}</text>
      <text class="axis middle" transform="translate(10 ${(top + bottom) / 2}) rotate(-90)">${y.name}</text>`
    }`;
}
