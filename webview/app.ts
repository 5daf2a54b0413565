import { html, nothing, render } from 'lit-html';
import type { TemplateResult } from 'lit-html';
import { systemName, viewName } from '../src/core/report/names';
import { REPORT_VIEWS } from '../src/core/report/reportHeader';
import type { ReportView } from '../src/core/report/reportHeader';
import { isTokenView } from '../src/core/report/views';
import type { Context } from './context';
import type { Host } from './host';
import { ReportModel } from './model';
import { chosenRuns, empty } from './parts';
import type { ReportSource } from './source';
import type { State, Tab } from './state';
import { SHOWN_AT_FIRST, START, TABS } from './state';
import { costTab } from './tabs/cost';
import { curvesTab, operatingPlace } from './tabs/curves';
import { errorsTab } from './tabs/errors';
import { labelsTab } from './tabs/labels';
import { modelsTab } from './tabs/models';
import { strategiesTab } from './tabs/strategies';
import { trainingTab } from './tabs/training';
import type { Language } from './words';

/** Milliseconds. */
const REST = 150;

/** The whole page: holds the state and draws it, at most once a frame. */
export class App {
  private model: ReportModel | undefined;
  private state: State;
  private drawing = false;
  /** Set while the threshold is being dragged. */
  private resting: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly root: HTMLElement,
    private readonly host: Host,
    private readonly language: Language,
    /** Undefined where there is no editor to remember it. */
    private readonly planFolder: string | undefined,
    private readonly unfinished: boolean,
    private readonly failed: (message: string) => void,
  ) {
    this.state = { ...START, ...host.remembered() };
  }

  async show(source: ReportSource): Promise<void> {
    this.model = await ReportModel.open(source, () => this.drawSoon(), this.failed);
    this.state = valid(this.state, this.model);
    this.remember();
    this.draw();
    // Before anyone can reach for the slider, but not before the first sight of the page.
    setTimeout(() => isTokenView(this.state.view) && this.model?.scoresOf(this.state.view));
  }

  private set(change: Partial<State>): void {
    const moved = change.view !== undefined && !isTokenView(change.view) ? { threshold: undefined } : {};
    this.state = { ...this.state, ...change, ...moved };
    this.remember();
    this.restLater(change.threshold !== undefined);
    this.drawSoon();
  }

  /** A threshold that was moved is taken to rest after a while without another change. */
  private restLater(moving: boolean): void {
    clearTimeout(this.resting);
    const rest = (): void => {
      this.resting = undefined;
      this.drawSoon();
    };
    this.resting = moving ? setTimeout(rest, REST) : undefined;
  }

  private remember(): void {
    const { state, planFolder } = this;
    if (planFolder !== undefined) this.host.remember({ ...state, planFolder });
  }

  private drawSoon(): void {
    if (this.drawing) return;
    this.drawing = true;
    requestAnimationFrame(() => {
      this.drawing = false;
      this.draw();
    });
  }

  private draw(): void {
    if (this.model) render(pageView(this.context(this.model), this.host, this.unfinished), this.root);
  }

  private context(model: ReportModel): Context {
    const { host, language, state } = this;
    return {
      ...language,
      model,
      state,
      moving: this.resting !== undefined,
      systemName: (system) => systemName(model.header.systems[system]!, language.t),
      set: (change) => this.set(change),
      save: (file) => host.save(file),
      command: host.inEditor ? (command) => host.post({ type: 'command', command }) : undefined,
      refresh: host.inEditor ? () => host.post({ type: 'refresh' }) : undefined,
      openNote: host.inEditor
        ? (note, start, end, run) => host.post({ type: 'openNote', note, start, end, run })
        : undefined,
    };
  }
}

/** What was remembered of another report may not be there in this one. */
function valid(state: State, model: ReportModel): State {
  const { header } = model;
  // Language models alone have no tokens.
  const view = [state.view, ...REPORT_VIEWS].find((one) => model.order(one).length > 0) ?? state.view;
  const best = model.order(view)[0] ?? 0;
  const system = state.system >= 0 && state.system < header.systems.length ? state.system : best;
  const run = state.run !== undefined && header.runs[state.run]?.system === system ? state.run : undefined;
  const threshold =
    state.threshold !== undefined && state.threshold < header.thresholds.length ? state.threshold : undefined;
  return { ...state, view, system, run, threshold };
}

function pageView(context: Context, host: Host, unfinished: boolean): TemplateResult {
  const { model, t } = context;
  const { name, corpus, runs, planned, problems } = model.header;
  return html`
    <header>
      <h1>${name}</h1>
      <p class="about">
        ${t('{0} of {1} runs · corpus {2}', runs.length, planned, corpus)}
        ${unfinished ? html`<button class="link" @click=${() => host.post({ type: 'refresh' })}>${t('Look again')}</button>` : nothing}
      </p>
      ${host.inEditor ? saveReport(context, host) : nothing}
    </header>
    ${problems.length > 0 ? problemsView(problems, context) : nothing}
    ${runs.length === 0 ? noRuns(context) : html`${toolbar(context)} ${tabs(context)}`}
  `;
}

function noRuns({ t, command }: Context): TemplateResult {
  return empty(
    t('No run of this plan is finished yet.'),
    t(
      '“Anamnese: Resume” goes on with the plan; the report fills as runs end. On the command line: anamnese compare with the same --out.',
    ),
    { name: t('Resume'), press: command && (() => command('anamnese.resume')) },
  );
}

function problemsView(problems: readonly string[], { t }: Context): TemplateResult {
  return html`<details class="problems">
    <summary>⚠ ${problems.length === 1 ? t('1 problem') : t('{0} problems', problems.length)}</summary>
    <ul>
      ${problems.map((problem) => html`<li>${problem}</li>`)}
    </ul>
  </details>`;
}

function saveReport({ t }: Context, host: Host): TemplateResult {
  const texts = (event: Event): boolean =>
    (event.currentTarget as HTMLElement).parentElement!.querySelector<HTMLInputElement>('vscode-checkbox')!
      .checked;
  return html`<div class="save-report">
    <vscode-button @click=${(event: Event) => host.post({ type: 'saveReport', texts: texts(event) })}>
      ${t('Save as one HTML file')}
    </vscode-button>
    <vscode-checkbox>${t('with the words of the notes')}</vscode-checkbox>
  </div>`;
}

function toolbar(context: Context): TemplateResult {
  const { state, t, set } = context;
  return html`<div class="toolbar">
    <vscode-radio-group
      aria-label=${t('Scoring')}
      .value=${state.view}
      @change=${(event: Event) => set({ view: (event.target as HTMLInputElement).value as ReportView })}
    >
      <label slot="label">${t('Scoring')}</label>
      ${REPORT_VIEWS.map((view) => html`<vscode-radio value=${view}>${viewName(view, t)}</vscode-radio>`)}
    </vscode-radio-group>
    ${thresholdView(context)}
  </div>`;
}

function thresholdView(context: Context): TemplateResult {
  const { state, t, set, model, numbers } = context;
  const { view } = state;
  if (!isTokenView(view))
    return html`<p class="threshold">${t('These figures are of decisions: no threshold moves them.')}</p>`;
  const { thresholds } = model.header;
  const at = operatingPlace(context, view, chosenRuns(context));
  const value = numbers.places(thresholds[at] ?? 0, 2);
  const own = state.threshold === undefined;
  return html`<div class="threshold">
    <label for="threshold">${t('Threshold')}</label>
    <input
      id="threshold"
      type="range"
      min="0"
      max=${thresholds.length - 1}
      .value=${String(at)}
      aria-valuetext=${own ? t('each run at its own threshold') : value}
      @input=${(event: Event) => set({ threshold: Number((event.target as HTMLInputElement).value) })}
    />
    <output for="threshold">${own ? t('own (about {0})', value) : value}</output>
    <vscode-button appearance="secondary" ?disabled=${own} @click=${() => set({ threshold: undefined })}>
      ${t('Back to each run’s own')}
    </vscode-button>
  </div>`;
}

const DETAIL_TABS: readonly Tab[] = ['labels', 'curves', 'training', 'errors'];

const tabViews: Readonly<Record<Tab, (context: Context) => TemplateResult>> = {
  models: modelsTab,
  strategies: strategiesTab,
  labels: labelsTab,
  curves: curvesTab,
  training: trainingTab,
  errors: errorsTab,
  cost: costTab,
};

function tabName(tab: Tab, { t }: Context): string {
  const names = {
    models: t('Models'),
    strategies: t('Strategies'),
    labels: t('Labels'),
    curves: t('Curves'),
    training: t('Training'),
    errors: t('Errors'),
    cost: t('Cost'),
  };
  return names[tab];
}

function tabs(context: Context): TemplateResult {
  const { state, set, t } = context;
  const change = (event: CustomEvent<HTMLElement>): void => {
    const tab = event.detail?.id?.replace('tab-', '') as Tab | undefined;
    if (tab && TABS.includes(tab) && tab !== state.tab) set({ tab, shown: SHOWN_AT_FIRST });
  };
  return html`<vscode-panels
    aria-label=${t('Parts of the report')}
    activeid="tab-${state.tab}"
    @change=${change}
  >
    ${TABS.map((tab) => html`<vscode-panel-tab id="tab-${tab}">${tabName(tab, context)}</vscode-panel-tab>`)}
    ${TABS.map(
      (tab) =>
        html`<vscode-panel-view id="view-${tab}">
          ${
            tab === state.tab
              ? html`<div class="tab">
                  ${DETAIL_TABS.includes(tab) ? choice(context) : nothing} ${tabViews[tab](context)}
                </div>`
              : nothing
          }
        </vscode-panel-view>`,
    )}
  </vscode-panels>`;
}

/** Which model and run details are of. */
function choice(context: Context): TemplateResult {
  const { state, model, t, set } = context;
  const runs = model.runsOf(state.view)[state.system] ?? [];
  const systems = model.order(state.view);
  const chooseModel = (event: Event): void =>
    set({ system: Number((event.target as HTMLSelectElement).value), run: undefined, shown: SHOWN_AT_FIRST });
  const chooseRun = (event: Event): void => {
    const { value } = event.target as HTMLSelectElement;
    set({ run: value === '' ? undefined : Number(value), shown: SHOWN_AT_FIRST });
  };
  return html`<div class="choice">
    <label for="model">${t('Model')}</label>
    <select id="model" @change=${chooseModel}>
      ${systems.map((system) => html`<option value=${system} ?selected=${system === state.system}>${context.systemName(system)}</option>`)}
    </select>
    <label for="run">${t('Run')}</label>
    <select id="run" @change=${chooseRun}>
      <option value="" ?selected=${state.run === undefined}>${t('all {0} together', runs.length)}</option>
      ${runs.map((run) => html`<option value=${run} ?selected=${run === state.run}>${t('seed {0}', model.header.runs[run]!.seed)}</option>`)}
    </select>
  </div>`;
}
