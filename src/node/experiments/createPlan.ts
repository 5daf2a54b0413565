import path from 'node:path';
import type { Problem } from '../../core/corpus/document';
import type { FormatName } from '../../core/corpus/formats';
import type { EvaluationRun, PlanFile, PlannedLanguageModel, TrainingRun } from '../../core/experiments/plan';
import { askedRuns, encoderName, withRuns } from '../../core/experiments/planRuns';
import { parseEncoderConfig } from '../../core/encoder/config';
import type { LanguageModelSettings } from '../../core/llm/languageModel';
import type { Strategy } from '../../core/train/balance/strategy';
import { fineTuneParameters } from '../../core/train/settings/overrides';
import { gatherCorpus, readGathered } from '../corpusFolder';
import { readConfig } from '../encoderFolder';
import { sha256 } from '../sha256';
import { fingerprint, openBase } from '../training/encoderFiles';
import { makeFolder } from '../wholeFile';
import { writeSnapshot } from './corpusSnapshot';
import { corpusHash } from './planCorpus';
import { MODEL, pathFrom, planIn, planPath, writePlan } from './planFolder';
import { checkKept, checkSame, settingsOf } from './requestedAgain';
import { withLock } from '../lock';

/** What a person asks a plan for. Paths as given; every combination is a run. */
export interface PlanRequest {
  /** A corpus file or folder. */
  readonly corpus: string;
  /** Format of the corpus; by default told by its files. */
  readonly from?: string | undefined;
  /** Folders of the encoders to fine-tune. */
  readonly encoders: readonly string[];
  readonly strategies: readonly Strategy[];
  readonly schemes: readonly TrainingRun['scheme'][];
  readonly seeds: readonly number[];
  /** Encoders that were fine-tuned before and are only scored. */
  readonly evaluations?:
    | readonly {
        readonly encoder: string;
        readonly notes: EvaluationRun['notes'];
        readonly seeds: readonly number[];
      }[]
    | undefined;
  readonly languageModels?:
    | {
        /** Settings of each, see `settingsOf`. */
        readonly models: readonly LanguageModelSettings[];
        readonly seeds: readonly number[];
      }
    | undefined;
  /** Of every run; for a plan that is there, the same as it has, or left out. */
  readonly training?: Partial<PlanFile['training']> | undefined;
  readonly padding?: 'zero' | 'computed' | undefined;
  /** `best` by default; may be changed later. */
  readonly keepModels?: PlanFile['keepModels'] | undefined;
  readonly name?: string | undefined;
}

export interface CreatedPlan {
  readonly plan: PlanFile;
  /** Ids of the runs that the plan did not have before. */
  readonly added: readonly string[];
  /** Of the corpus. */
  readonly problems: readonly Problem[];
  /** Whether the corpus has been corrected since the plan was made: its runs are of the notes as they were. */
  readonly isCorrected: boolean;
}

/**
 * Makes a plan, or adds runs to the one that the folder holds. Written whole or not at all; nothing is run. A plan keeps
 * its corpus as it was when it was made (`SNAPSHOT`); corrections need another plan to be learnt.
 * @throws Error where corpus or an encoder cannot be read, the plan that is there is damaged, or of another corpus or
 *   other settings
 */
export async function createPlan(folder: string, request: PlanRequest): Promise<CreatedPlan> {
  const gathered = await gatherCorpus(request.corpus);
  const { documents, problems } = readGathered(gathered, request.from as FormatName | undefined);
  if (documents.length === 0) throw new Error(`${request.corpus}: holds no notes`);
  const hash = corpusHash(documents);
  await makeFolder(folder);
  return await withLock(folder, 'plan', async () => {
    const before = await planIn(folder);
    const base = before ?? newPlan(folder, request, hash);
    const isCorrected = base.corpus.sha256 !== hash;
    if (isCorrected) await checkKept(folder, base, request);
    if (before) checkSame(folder, before, request);
    const plan = await withRequest(folder, base, request);
    if (!before) await writeSnapshot(folder, gathered);
    await writePlan(folder, plan);
    const added = plan.runs.slice(base.runs.length).map(({ id }) => id);
    return { plan, added, problems, isCorrected };
  });
}

function newPlan(folder: string, request: PlanRequest, sha256: string): PlanFile {
  const { corpus, from, training, padding, name } = request;
  return {
    format: 'anamnese-plan',
    version: 1,
    name: name ?? path.basename(path.resolve(folder)),
    corpus: { path: pathFrom(folder, corpus), ...(from !== undefined && { from }), sha256 },
    encoders: [],
    training: settingsOf(training),
    scoring: { padding: padding ?? 'zero' },
    keepModels: 'best',
    runs: [],
  };
}

async function withRequest(folder: string, before: PlanFile, request: PlanRequest): Promise<PlanFile> {
  const { corpus, strategies, schemes, seeds, keepModels } = request;
  let plan: PlanFile = { ...before, corpus: { ...before.corpus, path: pathFrom(folder, corpus) } };
  const nameOf = async (given: string): Promise<string> => {
    const { encoders, name } = await withEncoder(
      folder,
      plan.encoders,
      given,
      (plan.languageModels ?? []).map((one) => one.name),
    );
    plan = { ...plan, encoders };
    return name;
  };
  const names: string[] = [];
  for (const given of request.encoders) {
    names.push(await nameOf(given));
    checkTraining(plan.training, given);
  }
  const evaluations = [];
  for (const one of request.evaluations ?? [])
    evaluations.push({ ...one, encoder: await nameOf(one.encoder) });
  const languageModels: string[] = [];
  for (const settings of request.languageModels?.models ?? []) {
    const added = withLanguageModel(plan, settings);
    plan = { ...plan, languageModels: [...added.languageModels] };
    languageModels.push(added.name);
  }
  const trained = askedRuns({ encoders: names, strategies, schemes, seeds, evaluations });
  const none = { encoders: [], strategies: [], schemes: [], evaluations: [] };
  const prompted = askedRuns({ ...none, seeds: request.languageModels?.seeds ?? [], languageModels });
  const asked = [...trained, ...prompted];
  if (asked.length === 0)
    throw new Error('nothing to run: encoders, strategies, schemes and seeds are needed, or language models');
  return withRuns({ ...plan, keepModels: keepModels ?? plan.keepModels }, asked);
}

/** What would fail every run of an encoder is said before there are any. @throws TrainingError naming the value */
function checkTraining(training: PlanFile['training'], encoder: string): void {
  fineTuneParameters(training, parseEncoderConfig(readConfig(encoder), 'config.json'));
}

/** A plan's encoders with that of a folder, which is known by what it is, wherever it lies now. */
async function withEncoder(
  folder: string,
  encoders: PlanFile['encoders'],
  given: string,
  taken: readonly string[],
): Promise<{ readonly encoders: PlanFile['encoders']; readonly name: string }> {
  await openBase(given);
  const hash = await fingerprint(given);
  const where = pathFrom(folder, given);
  const same = encoders.find((one) => one.sha256 === hash);
  if (same)
    return {
      encoders: encoders.map((one) => (one === same ? { ...one, path: where } : one)),
      name: same.name,
    };
  if (encoders.some((one) => one.path === where))
    throw new Error(
      `${given}: this encoder has changed since ${planPath(folder)} was made: give its new state another folder, or make another plan`,
    );
  const name = encoderName(nameOfFolder(given), [...encoders.map((one) => one.name), ...taken]);
  return { encoders: [...encoders, { name, path: where, sha256: hash }], name };
}

/** A plan's language models and one more, which is known by its settings. Its answers are counted in the first encoder's tokens. */
function withLanguageModel(
  { encoders, languageModels = [] }: PlanFile,
  settings: LanguageModelSettings,
): { readonly languageModels: readonly PlannedLanguageModel[]; readonly name: string } {
  const hash = sha256(JSON.stringify(settings));
  const same = languageModels.find((one) => one.sha256 === hash);
  if (same) return { languageModels, name: same.name };
  const { model, effort, shots, grounding } = settings;
  const parts = [
    model,
    effort,
    shots === 1 ? undefined : `${shots}-shot`,
    grounding === 'in-order' ? undefined : grounding,
  ];
  const name = encoderName(
    parts.filter((part) => part !== undefined).join('-'),
    [...encoders, ...languageModels].map((one) => one.name),
  );
  const tokensOf = encoders[0]?.name;
  return {
    languageModels: [...languageModels, { ...settings, name, sha256: hash, ...(tokensOf && { tokensOf }) }],
    name,
  };
}

/** A model that a run of a plan left is known by the run. */
function nameOfFolder(given: string): string {
  const full = path.resolve(given);
  return path.basename(full) === MODEL ? path.basename(path.dirname(full)) : path.basename(full);
}
