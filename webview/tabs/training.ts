import { html } from 'lit-html';
import type { TemplateResult } from 'lit-html';
import type { EpochFigures } from '../../src/core/report/details';
import type { Chart, Line, Point } from '../charts/chart';
import { chartView } from '../charts/chart';
import type { Context } from '../context';
import { chartMenu } from '../exports';
import { chooseSystem, chosenName, chosenRuns, empty, loading } from '../parts';
import { tableView } from '../tableView';

/** How the chosen runs learnt. */
export function trainingTab(context: Context): TemplateResult {
  const { model, t } = context;
  model.needHistory();
  if (!model.history) return loading(context);
  const runs = chosenRuns(context).filter((run) => model.history![run]!.length > 0);
  const trained = model.header.runs.find(({ epochs }) => epochs > 0);
  if (runs.length === 0)
    return empty(
      t('This model was evaluated as it is: there is no learning curve.'),
      t('Choose a model that was trained by the plan.'),
      trained && {
        name: t('Show “{0}”', context.systemName(trained.system)),
        press: () => chooseSystem(context, trained.system, 'training'),
      },
    );
  return html`
    <div class="charts">
      ${learningFigure(context, runs, t('Loss a token, training notes'), 'loss', ({ loss }) => loss)}
      ${learningFigure(context, runs, t('Micro F1, validation notes'), 'micro-f1', ({ microF1 }) => microF1)}
      ${learningFigure(context, runs, t('Macro F1, validation notes'), 'macro-f1', ({ macroF1 }) => macroF1)}
    </div>
    <p class="hint">
      ${t('{0}. A line is a run; the dot is the epoch whose weights were kept.', chosenName(context))}
    </p>
    ${tableView(epochsTable(context, runs), context, {
      file: 'learning-curves',
      cellHint: t('Show how this run alone learnt'),
      onCell: (row, column) => (column === 0 ? () => context.set({ run: runs[row]! }) : undefined),
    })}
  `;
}

/** Lines by the numbers that they draw: a drawing is remembered by its points. */
const lines = new WeakMap<readonly EpochFigures[], Map<string, Point[]>>();

function learningFigure(
  context: Context,
  runs: readonly number[],
  title: string,
  file: string,
  of: (epoch: EpochFigures) => number,
): TemplateResult {
  const { model, numbers, t } = context;
  const histories = runs.map((run) => model.history![run]!);
  const drawn = histories.map((history): Line => ({
    points: pointsOf(history, file, of),
    style: runs.length === 1 ? 'main' : 'faint',
  }));
  const all = drawn.flatMap(({ points }) => points);
  if (all.length === 0)
    return html`<figure>
      <figcaption>${title}</figcaption>
      <p>${t('Nothing was validated.')}</p>
    </figure>`;
  const epochs = Math.max(...histories.map(({ length }) => length));
  const top = niceTop(Math.max(...all.map(([, y]) => y)));
  const kept = runs.flatMap((run, i) => {
    const best = model.header.runs[run]!.bestEpoch;
    const point = best === null ? undefined : drawn[i]!.points.find(([x]) => x === best + 1);
    return point ? [{ at: point, style: 'best' as const, radius: 3.5 }] : [];
  });
  const last = all.at(-1)![1];
  const chart: Chart = {
    width: 340,
    height: 240,
    x: { name: t('epoch'), domain: [1, Math.max(2, epochs)], ticks: epochTicks(epochs), format: String },
    y: {
      name: title,
      domain: [0, top],
      ticks: [0, top / 4, top / 2, (3 * top) / 4, top],
      format: (value) => numbers.places(value, placesOf(top / 4)),
    },
    lines: drawn,
    marks: kept,
    label: t('{0} over {1} epochs, last {2}', title, epochs, numbers.rate(last)),
  };
  return html`<figure>
    <figcaption><span>${title}</span>${chartMenu(file, context)}</figcaption>
    ${chartView(chart)}
  </figure>`;
}

function pointsOf(
  history: readonly EpochFigures[],
  file: string,
  of: (epoch: EpochFigures) => number,
): Point[] {
  const known = lines.get(history) ?? new Map<string, Point[]>();
  lines.set(history, known);
  const points =
    known.get(file) ??
    history.map((epoch, i): Point => [i + 1, of(epoch)]).filter(([, y]) => !Number.isNaN(y));
  known.set(file, points);
  return points;
}

/** The first of 1, 2 and 4 times a power of ten that is not below the value. */
function niceTop(value: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(value, 1e-9)));
  return [1, 2, 4, 10].map((step) => step * power).find((top) => top >= value)!;
}

/** Places behind the point that multiples of a step are written with; two at least, as in the other charts. */
function placesOf(step: number): number {
  const rounded = (places: number): number => Number(step.toFixed(places));
  return [2, 3, 4, 5].find((places) => Math.abs(rounded(places) - step) < step / 1000) ?? 6;
}

function epochTicks(epochs: number): number[] {
  const step = Math.max(1, Math.ceil(epochs / 8));
  return Array.from({ length: Math.floor((epochs - 1) / step) + 1 }, (_, i) => 1 + i * step);
}

function epochsTable(
  { model, t, numbers }: Context,
  runs: readonly number[],
): Parameters<typeof tableView>[0] {
  const rows = runs.map((run) => {
    const { seed, bestEpoch, epochs } = model.header.runs[run]!;
    const kept = bestEpoch === null ? undefined : model.history![run]![bestEpoch];
    const figure = (value: number | undefined) => ({
      text: numbers.rate(value),
      ...(value === undefined ? {} : { value }),
    });
    return [
      { text: t('seed {0}', seed) },
      { text: String(epochs), value: epochs },
      bestEpoch === null ? { text: '–' } : { text: String(bestEpoch + 1), value: bestEpoch + 1 },
      figure(kept?.loss),
      figure(kept?.microF1),
      figure(kept?.macroF1),
    ];
  });
  const columns = [t('epochs'), t('kept'), t('loss'), t('micro F1'), t('macro F1')].map((name) => ({
    name,
    numeric: true,
  }));
  return {
    caption: t('The epochs that were kept, validation notes'),
    columns: [{ name: t('run'), numeric: false }, ...columns],
    rows,
  };
}
