import { html, nothing } from 'lit-html';
import type { TemplateResult } from 'lit-html';
import { RELIABILITY_BINS } from '../../src/core/evaluate/calibrationError';
import type { PooledScores } from '../../src/core/report/curves';
import { curvePoint, curvePoints } from '../../src/core/report/curves';
import { pooledReliability } from '../../src/core/report/details';
import { viewName } from '../../src/core/report/names';
import { TOKEN_VIEWS } from '../../src/core/report/reportHeader';
import type { TokenViewName } from '../../src/core/report/reportHeader';
import { isTokenView } from '../../src/core/report/views';
import type { Chart, Line, Point } from '../charts/chart';
import { chartView, frameOf } from '../charts/chart';
import type { Context } from '../context';
import { chartMenu } from '../exports';
import { chosenName, chosenRuns, empty, loading, viewButton } from '../parts';
import { notScored } from './labels';

/** Precision against recall or true against false positives, of all labels and of each, with the operating point. */
export function curvesTab(context: Context): TemplateResult {
  const { state, t, model } = context;
  const { view } = state;
  if (!isTokenView(view))
    return empty(
      t('Curves need scores, which only tokens have.'),
      t('Choose honest or paper protocol above.'),
      viewButton(
        context,
        TOKEN_VIEWS.find((one) => model.order(one).length > 0),
      ),
    );
  const runs = chosenRuns(context);
  if (runs.length === 0) return notScored(context);
  const curves = model.curvesOf(view, runs);
  if (!curves) return loading(context);
  const at = operatingPlace(context, view, runs);
  const labels = [...curves].filter(([label]) => label !== undefined);
  return html`
    <div class="charts">
      ${curveFigure(context, curves.get(undefined)!, undefined, at, 'precision-recall')}
      ${curveFigure(context, curves.get(undefined)!, undefined, at, 'roc')}
      ${calibrationFigure(context, view, runs)}
    </div>
    ${curveChoice(context)}
    <div class="multiples">
      ${labels.map(([label, scores]) => curveFigure(context, scores, label, at, state.curve))}
    </div>
    <p class="hint">
      ${t('{0} · {1}. The dot is the operating point: drag it, or move it with the arrow keys, and every table follows.', chosenName(context), viewName(view, t))}
    </p>
  `;
}

/** The place of the threshold in force: the moved one, else the one that most of the runs were scored with. */
export function operatingPlace(
  { state, model }: Context,
  view: TokenViewName,
  runs: readonly number[],
): number {
  if (state.threshold !== undefined) return state.threshold;
  const operating = runs.map((run) => model.header.runs[run]!.operating[view] ?? 0.5).sort((a, b) => a - b);
  const middle = operating[Math.floor(operating.length / 2)] ?? 0.5;
  return nearest(model.header.thresholds, middle);
}

function nearest(thresholds: readonly number[], value: number): number {
  return thresholds.reduce(
    (best, one, i) => (Math.abs(one - value) < Math.abs(thresholds[best]! - value) ? i : best),
    0,
  );
}

function curveChoice({ state, set, t }: Context): TemplateResult {
  return html`<vscode-radio-group
    aria-label=${t('Curve of each label')}
    .value=${state.curve}
    @change=${(event: Event) => set({ curve: (event.target as HTMLInputElement).value as typeof state.curve })}
  >
    <vscode-radio value="precision-recall">${t('precision and recall')}</vscode-radio>
    <vscode-radio value="roc">ROC</vscode-radio>
  </vscode-radio-group>`;
}

type CurveKind = Context['state']['curve'];

/** Points of each label's curves, by its pooled scores: computed once, not at each move of the threshold. */
const drawn = new WeakMap<PooledScores, Record<CurveKind, Point[]>>();

function pointsOf(scores: PooledScores, kind: CurveKind): Point[] {
  let curves = drawn.get(scores);
  if (!curves) {
    const points = curvePoints(scores);
    const pairs = (of: (point: (typeof points)[number]) => (number | undefined)[]): Point[] =>
      points.map(of).filter((pair): pair is [number, number] => pair.every((value) => value !== undefined));
    curves = {
      'precision-recall': pairs(({ recall, precision }) => [recall, precision]),
      roc: pairs(({ falsePositiveRate, recall }) => [falsePositiveRate, recall]),
    };
    drawn.set(scores, curves);
  }
  return curves[kind];
}

const DIAGONAL: Line = {
  style: 'guide',
  points: [
    [0, 0],
    [1, 1],
  ],
};

function curveFigure(
  context: Context,
  scores: PooledScores,
  label: string | undefined,
  at: number,
  kind: CurveKind,
): TemplateResult {
  const { t, numbers, labelName, set, model } = context;
  const small = label !== undefined;
  const { precision, recall, falsePositiveRate } = curvePoint(scores, at);
  const place = kind === 'roc' ? [falsePositiveRate, recall] : [recall, precision];
  const known = place.every((value) => value !== undefined) ? (place as unknown as Point) : undefined;
  const kindName = kind === 'roc' ? 'ROC' : t('precision and recall');
  const name = label === undefined ? t('All labels · {0}', kindName) : labelName(label);
  const axis = (title: string): Chart['x'] => ({
    name: title,
    domain: [0, 1],
    ticks: small ? [0, 0.5, 1] : [0, 0.25, 0.5, 0.75, 1],
    format: (value) => numbers.places(value, small ? 1 : 2),
  });
  const summary = t(
    'precision {0}, recall {1} at threshold {2}',
    numbers.rate(precision),
    numbers.rate(recall),
    numbers.places(model.header.thresholds[at]!, 2),
  );
  const chart: Chart = {
    width: small ? 170 : 380,
    height: small ? 130 : 300,
    small,
    x: axis(kind === 'roc' ? t('false positive rate') : t('recall')),
    y: axis(kind === 'roc' ? t('recall') : t('precision')),
    lines: [...(kind === 'roc' ? [DIAGONAL] : []), { points: pointsOf(scores, kind), style: 'main' }],
    marks: known ? [{ at: known, style: 'operating', radius: small ? 3.5 : 6 }] : [],
    label: `${name}: ${small ? `${kindName}; ` : ''}${summary}`,
  };
  const move = (threshold: number): void =>
    set({ threshold: Math.min(model.header.thresholds.length - 1, Math.max(0, threshold)) });
  const drag = (event: PointerEvent): void => {
    if (event.type === 'pointerdown') (event.currentTarget as Element).setPointerCapture(event.pointerId);
    if (event.buttons !== 1) return;
    move(nearestOnCurve(event, chart, scores, kind));
  };
  return html`<figure class=${small ? 'small' : ''}>
    <figcaption>
      <span title=${name}>${name}</span>
      ${small ? html`<span class="figure-value">${numbers.rate(precision)} · ${numbers.rate(recall)}</span>` : nothing}
      ${chartMenu(`${kind}-${label ?? 'all'}`, context)}
    </figcaption>
    <div
      class="draggable"
      role="slider"
      tabindex="0"
      aria-label=${t('Threshold, on the curve of {0}', name)}
      aria-valuemin="0"
      aria-valuemax=${model.header.thresholds.length - 1}
      aria-valuenow=${at}
      aria-valuetext=${summary}
      @pointerdown=${drag}
      @pointermove=${drag}
      @keydown=${(event: KeyboardEvent) => arrows(event, at, move)}
    >
      ${chartView(chart)}
    </div>
  </figure>`;
}

/** Arrow keys move a threshold by one place, Page Up and Down by ten. */
function arrows(event: KeyboardEvent, at: number, move: (threshold: number) => void): void {
  const steps: Readonly<Record<string, number>> = {
    ArrowRight: 1,
    ArrowUp: 1,
    ArrowLeft: -1,
    ArrowDown: -1,
    PageUp: 10,
    PageDown: -10,
  };
  const step = steps[event.key];
  if (step === undefined) return;
  event.preventDefault();
  move(at + step);
}

/** The threshold whose point lies nearest to the pointer. */
function nearestOnCurve(event: PointerEvent, chart: Chart, scores: PooledScores, kind: CurveKind): number {
  const box = (event.currentTarget as Element).querySelector('svg')!.getBoundingClientRect();
  const frame = frameOf(chart);
  const scale = chart.width / box.width;
  const [x, y] = [(event.clientX - box.left) * scale, (event.clientY - box.top) * scale];
  let best = { threshold: 0, distance: Infinity };
  for (let threshold = 0; threshold < scores.positives.length - 1; threshold++) {
    const { precision, recall, falsePositiveRate } = curvePoint(scores, threshold);
    const [px, py] = kind === 'roc' ? [falsePositiveRate, recall] : [recall, precision];
    if (px === undefined || py === undefined) continue;
    const distance = Math.hypot(frame.x(px) - x, frame.y(py) - y);
    if (distance < best.distance) best = { threshold, distance };
  }
  return best.threshold;
}

/** How often the model is right when it is so sure. */
function calibrationFigure(context: Context, view: TokenViewName, runs: readonly number[]): TemplateResult {
  const { model, t, numbers } = context;
  const values = model.reliability(view);
  if (!values) return loading(context);
  const bins = pooledReliability(values, RELIABILITY_BINS, runs).filter(({ count }) => count > 0);
  const total = bins.reduce((sum, { count }) => sum + count, 0);
  if (total === 0)
    return empty(
      t('These runs have no calibration figures.'),
      t('Runs that were scored with probabilities have them.'),
    );
  const points = bins.map(({ confidence, frequency }): Point => [confidence!, frequency!]);
  const error = bins.reduce(
    (sum, { count, confidence, frequency }) => sum + (count / total) * Math.abs(confidence! - frequency!),
    0,
  );
  const axis = (name: string): Chart['x'] => ({
    name,
    domain: [0, 1],
    ticks: [0, 0.25, 0.5, 0.75, 1],
    format: (value) => numbers.places(value, 2),
  });
  const chart: Chart = {
    width: 380,
    height: 300,
    x: axis(t('how sure the model is')),
    y: axis(t('how often it is right')),
    lines: [DIAGONAL, { points, style: 'main' }],
    marks: points.map((at) => ({ at, style: 'bin', radius: 3 })),
    label: t('Calibration: expected calibration error {0}', numbers.rate(error)),
  };
  return html`<figure>
    <figcaption>
      <span>${t('Calibration')}</span>
      <span class="figure-value">${t('expected error {0}', numbers.rate(error))}</span>
      ${chartMenu('calibration', context)}
    </figcaption>
    ${chartView(chart)}
  </figure>`;
}
