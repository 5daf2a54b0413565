import { html, nothing } from 'lit-html';
import type { TemplateResult } from 'lit-html';
import { ERROR_KINDS, placeOf } from '../../src/core/report/errors';
import type { ErrorKind, LabelledSpan } from '../../src/core/report/errors';
import { viewName } from '../../src/core/report/names';
import type { Context } from '../context';
import { confusionView } from './confusion';
import type { RunError } from '../model';
import { chosenName, chosenRuns, empty, loading } from '../parts';
import { SHOWN_AT_FIRST } from '../state';
import type { ErrorFilter } from '../state';
import { tableView } from '../tableView';

/** What went wrong, by kind, by labels and by note, and each mistake with its place. */
export function errorsTab(context: Context): TemplateResult {
  const { model, t, state } = context;
  const runs = chosenRuns(context).filter((run) => model.header.runs[run]!.errors !== null);
  if (runs.length === 0)
    return empty(
      t('Mistakes cannot be listed: the annotated notes were not at hand when this report was made.'),
      t('Put the corpus back where plan.json says it is, and make the report again.'),
      { name: t('Look again'), press: context.refresh },
    );
  const all = model.errors(runs);
  if (model.header.hasTexts) model.needTexts();
  if (!all) return loading(context);
  const found = all.filter((error) => matches(error, state.filter));
  const ofOtherKinds = all.filter((error) => matches(error, { ...state.filter, kind: undefined }));
  return html`
    <h2>${t('Mistakes · {0}', chosenName(context))}</h2>
    ${whatIsShown(context)} ${kindChoice(ofOtherKinds, context)} ${filterView(found.length, context)}
    <div class="columns">
      <div class="wide">${found.length === 0 ? nothingFound(context) : listView(found, context)}</div>
      <div>${notesView(found, runs.length, context)}</div>
    </div>
    ${confusionView(context, chosenRuns(context))}
  `;
}

/** Mistakes are of what the runs marked: neither another scoring nor a moved threshold has any of its own. */
function whatIsShown({ t, state, model, numbers }: Context): TemplateResult | typeof nothing {
  const { view, threshold } = state;
  if (view === 'entities') return nothing;
  const moved = threshold === undefined ? undefined : numbers.places(model.header.thresholds[threshold]!, 2);
  const chosen =
    moved === undefined ? viewName(view, t) : `${viewName(view, t)}, ${t('threshold {0}', moved)}`;
  return html`<p class="hint shown-always">
    ${t(
      'Whole entities, and characters in the confusion below, as each run marked them at its own threshold: “{0}”, chosen above, changes nothing here.',
      chosen,
    )}
  </p>`;
}

function matches({ kind, gold, predicted, note }: RunError, filter: ErrorFilter): boolean {
  const is = (wanted: string | null | undefined, span: LabelledSpan | undefined): boolean =>
    wanted === undefined || wanted === (span?.label ?? null);
  return (
    (filter.kind === undefined || filter.kind === kind) &&
    (filter.note === undefined || filter.note === note) &&
    (filter.label === undefined || filter.label === gold?.label || filter.label === predicted?.label) &&
    is(filter.gold, gold) &&
    is(filter.predicted, predicted)
  );
}

export function kindName(kind: ErrorKind, { t }: Pick<Context, 't'>): string {
  switch (kind) {
    case 'missed':
      return t('missed');
    case 'spurious':
      return t('spurious');
    case 'wrong label':
      return t('wrong label');
    case 'wrong boundary':
      return t('wrong boundary');
    case 'wrong label and boundary':
      return t('wrong label and boundary');
  }
}

function kindChoice(errors: readonly RunError[], context: Context): TemplateResult {
  const { state, t, set } = context;
  const choose = (kind: ErrorKind | undefined): void =>
    set({ filter: { ...state.filter, kind }, shown: SHOWN_AT_FIRST });
  const button = (kind: ErrorKind | undefined, name: string, count: number): TemplateResult =>
    html`<button
      class="chip"
      aria-pressed=${state.filter.kind === kind ? 'true' : 'false'}
      @click=${() => choose(kind)}
    >
      ${name} <span class="count">${context.numbers.count(count)}</span>
    </button>`;
  const counts = ERROR_KINDS.map((kind) => errors.filter((error) => error.kind === kind).length);
  return html`<div class="chips" role="group" aria-label=${t('Kind of mistake')}>
    ${button(undefined, t('all'), errors.length)}
    ${ERROR_KINDS.map((kind, i) => button(kind, kindName(kind, context), counts[i]!))}
  </div>`;
}

/** The filters in force besides the kind, each with a way to lift it. */
function filterView(
  count: number,
  { state, set, t, labelName, model }: Context,
): TemplateResult | typeof nothing {
  const { gold, predicted, label, note } = state.filter;
  const name = (one: string | null): string => (one === null ? t('no label') : labelName(one));
  const parts = [
    ...(gold === undefined ? [] : [t('gold: {0}', name(gold))]),
    ...(predicted === undefined ? [] : [t('predicted: {0}', name(predicted))]),
    ...(label === undefined ? [] : [t('label: {0}', name(label))]),
    ...(note === undefined ? [] : [t('note: {0}', model.header.notes[note]!)]),
  ];
  if (parts.length === 0) return nothing;
  return html`<p class="filter" role="status">
    ${parts.join(' · ')} (${count})
    <button class="link" @click=${() => set({ filter: { kind: state.filter.kind }, shown: SHOWN_AT_FIRST })}>
      ${t('Show all')}
    </button>
  </p>`;
}

function nothingFound({ t, set }: Context): TemplateResult {
  const press = (): void => set({ filter: {}, shown: SHOWN_AT_FIRST });
  return empty(t('No mistake of this kind.'), t('Lift a filter to see others.'), {
    name: t('Show all'),
    press,
  });
}

/** The column that shows a mistake in its note. */
const WORDS = 7;

function listView(found: readonly RunError[], context: Context): TemplateResult {
  const { t, labelName, model, numbers, openNote } = context;
  const label = (span: LabelledSpan | undefined): string => (span ? labelName(span.label) : '–');
  const rows = found.map((error) => {
    const { note, kind, gold, predicted, run } = error;
    const { start, end } = placeOf(error);
    return [
      { text: model.header.notes[note]! },
      { text: `${start}–${end}` },
      { text: kindName(kind, context) },
      { text: label(gold) },
      { text: label(predicted) },
      predicted ? { text: numbers.places(predicted.score, 2), value: predicted.score } : { text: '–' },
      { text: String(model.header.runs[run]!.seed), value: model.header.runs[run]!.seed },
      // The words are drawn below and saved in no table.
      ...(model.header.hasTexts ? [{ text: '' }] : []),
    ];
  });
  const columns = [
    { name: t('note'), numeric: false },
    { name: t('place'), numeric: true },
    { name: t('kind'), numeric: false },
    { name: t('gold'), numeric: false },
    { name: t('predicted'), numeric: false },
    { name: t('score'), numeric: true },
    { name: t('seed'), numeric: true },
    ...(model.header.hasTexts ? [{ name: t('in the note'), numeric: false }] : []),
  ];
  const open = (row: number): (() => void) | undefined => {
    const error = found[row]!;
    const { start, end } = placeOf(error);
    return (
      openNote &&
      (() => openNote(model.header.notes[error.note]!, start, end, model.header.runs[error.run]!.id))
    );
  };
  return tableView({ caption: t('Each mistake'), columns, rows }, context, {
    file: 'mistakes',
    atFirst: 25,
    cellHint: t('Open the note at this place'),
    onCell: (row, column) => (column < 2 ? open(row) : undefined),
    below: (row, column) => (column === WORDS ? words(found[row]!, context) : nothing),
  });
}

const AROUND = 24;
/** Of a prediction that runs on for lines, so much on either side of the gold. */
const MOST = 60;

/** The words of a mistake with a few around them, gold above, predicted below, where the report holds the notes' texts. */
function words({ note, gold, predicted }: RunError, { model, t }: Context): TemplateResult | typeof nothing {
  const text = model.texts?.[note];
  if (text === undefined) return nothing;
  const spans = [gold, predicted].filter((span) => span !== undefined);
  const anchor = gold ?? predicted!;
  const first = Math.min(...spans.map(({ start }) => start)) - AROUND;
  const last = Math.max(...spans.map(({ end }) => end)) + AROUND;
  const [from, to] = [Math.max(0, first, anchor.start - MOST), Math.min(last, anchor.end + MOST)];
  const line = (name: string, span: LabelledSpan | undefined): TemplateResult =>
    html`<div>
      <span class="side">${name}</span> …${span ? marked(text, from, span, to) : text.slice(from, to)}…
    </div>`;
  return html`<div class="words">${line(t('gold'), gold)}${line(t('predicted'), predicted)}</div>`;
}

function marked(text: string, from: number, { start, end }: LabelledSpan, to: number): TemplateResult {
  const [open, close] = [Math.max(from, start), Math.min(end, to)];
  return html`${text.slice(from, open)}<mark>${text.slice(open, close)}</mark>${text.slice(close, to)}`;
}

/** The notes with the most mistakes first. */
function notesView(found: readonly RunError[], runs: number, context: Context): TemplateResult {
  const { t, model, set, state, numbers } = context;
  const counts = new Map<number, number>();
  for (const { note } of found) counts.set(note, (counts.get(note) ?? 0) + 1);
  const notes = [...counts].sort(([, a], [, b]) => b - a);
  const rows = notes.map(([note, count]) => [
    { text: model.header.notes[note]! },
    { text: numbers.count(count), value: count },
  ]);
  const columns = [
    { name: t('note'), numeric: false },
    { name: runs > 1 ? t('mistakes, all runs') : t('mistakes'), numeric: true },
  ];
  return tableView({ caption: t('By note'), columns, rows }, context, {
    file: 'notes',
    atFirst: 25,
    cellHint: t('Show this note’s mistakes'),
    onCell: (row) => () => set({ filter: { ...state.filter, note: notes[row]![0] }, shown: SHOWN_AT_FIRST }),
  });
}
