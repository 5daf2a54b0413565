import * as vscode from 'vscode';
import { estimateSeconds } from '../../core/experiments/planSummary';
import { plansToAddTo } from '../../core/experiments/plansToAddTo';
import type { FoundCorpus, FoundEncoder } from '../../core/experiments/survey';
import type { ChosenModel } from '../remote/chooseModels';
import { trainedModels } from '../../core/experiments/trainedModels';
import { findEncoders } from '../../protocol/survey';
import type { TrainingChoices } from './choices';
import { COMPARE_DEFAULTS, kindOf, offeredTraining, runsOf, TRAIN_DEFAULTS } from './choices';
import { chooseCorpus, corporaOfWorkspace } from './chooseCorpus';
import { chooseEncoders, knownEncoders } from './chooseEncoders';
import { chooseTraining } from './chooseTraining';
import { chooseNotes } from './chooseNotes';
import type { PlanChoice } from './choosePlan';
import { choosePlan } from './choosePlan';
import type { CorpusCheck } from './corpusCheck';
import { FlowMemory } from './flowMemory';
import {
  addToPlan,
  evaluationOrder,
  startPlan,
  trainingOrder,
  trainingSettings,
  withLanguageModels,
} from './order';
import type { Answer, Place } from './pick';
import type { CompareTask } from './chooseTask';
import type { Plans } from './plans';
import type { Survey } from './survey';

export interface FlowContext {
  readonly survey: Survey;
  readonly plans: Plans;
  /** Of the workspace. */
  readonly memory: vscode.Memento;
  readonly check: CorpusCheck;
  readonly defaultModel: string;
  /** Where encoders that were added are kept. */
  readonly encodersFolder: string;
}

/** What a command may be told instead of asking: paths, and choices as they are remembered. */
export interface Given {
  readonly corpus?: string;
  readonly encoders?: readonly string[];
  readonly training?: Partial<TrainingChoices>;
  readonly notes?: 'test' | 'own' | 'all';
  readonly languageModels?: readonly ChosenModel[];
  readonly task?: CompareTask;
}

type TrainingFlow = 'train' | 'strategies' | 'models';

/** Asks for language models that are asked beside the encoders. */
export type Besides = (place: Place) => Promise<readonly ChosenModel[] | 'back' | undefined>;

type LastQuestion = (
  corpus: FoundCorpus,
  encoders: readonly FoundEncoder[],
) => Promise<{ readonly folder: string | undefined } | 'back' | undefined>;

/** The questions of a flow in their order; `back` from one asks the one before again. */
export class Flow {
  private corpora: readonly FoundCorpus[] = [];
  private memory: FlowMemory;

  constructor(
    private readonly context: FlowContext,
    private readonly kind: TrainingFlow | 'evaluate',
    private readonly title: string,
    private readonly besides?: Besides,
  ) {
    this.memory = new FlowMemory(context.memory, kind);
  }

  /** Trains what is chosen; resolves to the plan's folder, undefined where the person thought better of it. */
  train(given: Given = {}): Promise<string | undefined> {
    return this.walk(given, false, async (corpus, encoders) => {
      for (;;) {
        const choices = await this.training(given, corpus, encoders);
        if (typeof choices !== 'object') return choices;
        const models = this.besides ? await this.besides(this.place(4)) : [];
        if (models === 'back') continue;
        if (!models) return undefined;
        const paths = encoders.map(({ path }) => path);
        const [places, kind] = [{ corpus: corpus.path, encoders: paths }, kindOf(encoders, corpus)];
        await this.memory.keepTraining(places, choices, kind, given.training !== undefined);
        const plan = given.training ? { picked: null } : await this.plan(corpus, encoders, choices);
        if (plan === 'back') continue;
        if (!plan) return undefined;
        const keepModels = this.kind === 'train' ? 'all' : 'best';
        const order = trainingOrder(corpus.path, paths, choices, keepModels);
        const whole = models.length > 0 ? withLanguageModels(order, models, choices.seeds) : order;
        return this.start(whole, plan.picked);
      }
    });
  }

  /** Scores what is chosen as it is. */
  evaluate(given: Given = {}): Promise<string | undefined> {
    // What is trained and what is scored are other encoders, also where one command asks for either.
    if (this.kind !== 'evaluate') this.memory = new FlowMemory(this.context.memory, `${this.kind}.scored`);
    return this.walk(given, true, async (corpus, models) => {
      const notes = given.notes ?? (await chooseNotes(this.place(3), models, this.memory.last.notes));
      if (notes === 'back' || !notes) return notes;
      const paths = models.map(({ path }) => path);
      await this.memory.keep({ corpus: corpus.path, encoders: paths, ...(given.notes ? {} : { notes }) });
      return this.start(evaluationOrder(corpus.path, paths, notes, TRAIN_DEFAULTS.seeds[0]!), null);
    });
  }

  /** Corpus, encoders, and the flow's last question: each leads on, or back to the one before. */
  private async walk(given: Given, marking: boolean, last: LastQuestion): Promise<string | undefined> {
    for (;;) {
      const corpus = await this.corpus(given);
      if (!corpus) return undefined;
      for (;;) {
        const encoders = await this.encoders(given, marking);
        if (encoders === 'back') break;
        if (!encoders) return undefined;
        const end = await last(corpus, encoders);
        if (end !== 'back') return end?.folder;
      }
    }
  }

  private async start(
    order: Parameters<typeof startPlan>[3],
    plan: PlanChoice,
  ): Promise<{ folder: string | undefined }> {
    const { survey, plans } = this.context;
    const folder = plan
      ? await addToPlan(survey, plans, plan, order)
      : await startPlan(survey, plans, this.kind, order);
    return { folder };
  }

  /** A new plan, or one that may have some of the runs. */
  private async plan(
    { sha256 }: FoundCorpus,
    encoders: readonly FoundEncoder[],
    choices: TrainingChoices,
  ): Promise<Answer<PlanChoice>> {
    const runs = runsOf(encoders, choices);
    const asked = { corpusSha256: sha256, training: trainingSettings(choices), runs };
    const candidates = plansToAddTo(asked, await this.context.plans.refresh());
    const { title, steps } = this.place(3);
    return choosePlan({ title, step: steps + 1, steps: steps + 1 }, candidates, runs.length);
  }

  private async corpus({ corpus }: Given): Promise<FoundCorpus | undefined> {
    const title = vscode.l10n.t('Looking for annotated notes');
    const looking = { location: vscode.ProgressLocation.Window, title };
    this.corpora = await vscode.window.withProgress(looking, () => corporaOfWorkspace(this.context.survey));
    this.context.check.show(this.corpora);
    const named = this.corpora.find(({ path }) => path === corpus);
    if (named) return named;
    const answer = await chooseCorpus(this.corpora, this.place(1), this.memory.last.corpus);
    return typeof answer === 'object' ? answer.picked : undefined;
  }

  private async encoders(
    given: Given,
    marking: boolean,
  ): Promise<readonly FoundEncoder[] | 'back' | undefined> {
    const { survey, defaultModel, encodersFolder } = this.context;
    const last = this.memory.last.encoders ?? [defaultModel];
    // Training goes on from none of them: they have learnt notes that another split tests.
    const trained = marking ? trainedModels(await this.context.plans.list()) : [];
    const own = trained.map(({ folder }) => folder);
    const more = [...(given.encoders ?? []), ...last, encodersFolder, ...own];
    const known = await knownEncoders(survey, defaultModel, more);
    const named = (given.encoders ?? []).flatMap((one) => known.find(({ path }) => path === one) ?? []);
    if (named.length > 0) return named;
    const many = this.kind === 'models';
    const placeholder = marking
      ? vscode.l10n.t('Which model?')
      : vscode.l10n.t('Which encoder to begin with?');
    const places = { last, defaultModel, encodersFolder, trained };
    const choice = { ...this.place(2), placeholder, many, marking, ...places };
    const look = async (folder: string): Promise<FoundEncoder | undefined> =>
      (await survey.ask(findEncoders, { folders: [folder], skip: [] })).find(({ path }) => path === folder);
    const answer = await chooseEncoders(known, choice, look);
    return typeof answer === 'object' ? answer.picked : answer;
  }

  private async training(
    given: Given,
    corpus: FoundCorpus,
    encoders: readonly FoundEncoder[],
  ): Promise<TrainingChoices | 'back' | undefined> {
    const defaults = this.kind === 'strategies' ? COMPARE_DEFAULTS : TRAIN_DEFAULTS;
    const offered = offeredTraining(defaults, kindOf(encoders, corpus), this.memory.last);
    const choices = { ...offered, ...given.training };
    if (given.training) return choices;
    const plans = await this.context.plans.list();
    const estimate = (asked: TrainingChoices): number | undefined =>
      estimateSeconds(
        { runs: runsOf(encoders, asked), corpus: corpus.path, epochs: asked.epochs ?? undefined },
        plans,
      );
    const many = this.kind !== 'train';
    const answer = await chooseTraining(
      { ...this.place(3), many, encoders: encoders.length, estimate },
      choices,
    );
    return typeof answer === 'object' ? answer.picked : answer;
  }

  /** A corpus that is the only one is not asked for. */
  private place(step: number): Place {
    const skipped = this.corpora.filter(({ annotated }) => annotated > 0).length > 1 ? 0 : 1;
    const steps = (this.besides ? 4 : 3) - skipped;
    return { title: this.title, step: Math.max(1, step - skipped), steps };
  }
}
