import type { CorpusDocument } from '../../core/corpus/document';
import type { ScoredDocument, TokenEvaluation } from '../../core/evaluate/evaluation';
import {
  countedOutputs,
  honestLabelThresholds,
  honestThresholds,
  honestTokens,
  paperProtocol,
} from '../../core/evaluate/evaluation';
import type { TokenTask } from '../../core/evaluate/tokenRows';
import type { NoteScores, PaddedClassifier } from '../../core/evaluate/modelScores';
import { entitiesOf, scoreNotes } from '../../core/evaluate/modelScores';
import type { TokenThresholds } from '../../core/evaluate/tokenView';
import type { Device, DeviceChoice, Precision, Runtime } from '../../core/ports';
import { entityLabels } from '../../core/predict/decode';
import type { Predictor } from '../../core/predict/predictor';
import type { PredictionSettings } from '../../core/predict/settings';
import { withThreshold } from '../../core/predict/settings';
import type { Entity } from '../../core/text/entity';
import type { OpenedModel } from '../model';
import { openModel } from '../model';
import { openPaddedEncoder } from '../paddedEncoder';

/** In the paper protocol, padding is scored by what the encoder computes for it, as in the study, or taken for 0. */
export const PADDINGS = ['computed', 'zero'] as const;
export type Padding = (typeof PADDINGS)[number];

/** Of the text view, where there are validation notes: one threshold for all labels, or one a label. */
export const TEXT_THRESHOLDS = ['shared', 'label'] as const;
export type TextThresholds = (typeof TEXT_THRESHOLDS)[number];

export interface ModelOptions {
  readonly model: string;
  readonly device: DeviceChoice;
  /** `auto` is the model's own for the other views, and fp32 for the paper protocol's padded notes. */
  readonly precision: Precision | 'auto';
  readonly padding: Padding;
  readonly onNotice: (message: string) => void;
  /** How many different texts have been read, of how many. */
  readonly onNote?: ((done: number, of: number) => void | Promise<void>) | undefined;
  readonly signal?: AbortSignal | undefined;
  /** ONNX Runtime where none is given. */
  readonly runtime?: Runtime | undefined;
}

/** What a model said of notes, before anything is decided. */
export interface ScoredModel {
  readonly name: string;
  /** Device and arithmetic of all but the paper protocol's padded notes. */
  readonly device: Device;
  readonly precision: Precision;
  readonly settings: PredictionSettings;
  readonly task: TokenTask;
  readonly scored: readonly ScoredDocument[];
  /** Those that thresholds are to come from. */
  readonly validation: readonly ScoredDocument[];
  /** How the paper protocol's scores were computed, in words. */
  readonly paperComputed: string;
}

/** What a model made of a corpus. */
export interface ModelViews {
  readonly labels: readonly string[];
  readonly tokens: readonly TokenEvaluation[];
  /** Entities of each scored note. */
  readonly entities: readonly (readonly Entity[])[];
  readonly textThresholdsFrom: string;
  /** Tokens that the paper protocol's truncation leaves unscored. */
  readonly tokensCut: number;
}

/**
 * Runs a model over the notes to be scored and, where thresholds are to come from there, over validation notes.
 * @throws Error naming the file that is missing or wrong; the signal's reason, between two notes, on abort
 */
export async function scoreModel(
  scored: readonly CorpusDocument[],
  validation: readonly CorpusDocument[],
  options: ModelOptions,
): Promise<ScoredModel> {
  const model = await openModel(options.model, options);
  try {
    const padded = options.padding === 'computed' ? await openPadded(options) : undefined;
    try {
      return await scoreWith(model, padded, scored, validation, options);
    } finally {
      await padded?.dispose();
    }
  } finally {
    await model.dispose();
  }
}

async function scoreWith(
  model: OpenedModel,
  padded: Awaited<ReturnType<typeof openPadded>> | undefined,
  scored: readonly CorpusDocument[],
  validation: readonly CorpusDocument[],
  { onNote, signal }: ModelOptions,
): Promise<ScoredModel> {
  const { predictor } = model;
  const of = [scored, validation].reduce((sum, part) => sum + new Set(part.map(textOf)).size, 0);
  let done = 0;
  const step = () => onNote?.(++done, of);
  const notes = await scoreDocuments(scored, predictor, step, signal, padded);
  const held = await scoreDocuments(validation, predictor, step, signal);
  const [device, precision] = [model.device(), model.precision()];
  const length = notes[0]?.scores.paper.length;
  return {
    name: model.name,
    device,
    precision,
    settings: predictor.settings,
    task: taskOf(predictor.settings),
    scored: notes,
    validation: held,
    paperComputed: padded
      ? padded.computed
      : `${inWordsOf({ device, precision })}, ${withoutPadding(length)}`,
  };
}

const textOf = ({ text }: CorpusDocument): string => text;

const inWordsOf = ({ device, precision }: Pick<ScoredModel, 'device' | 'precision'>): string =>
  `in ${precision} on ${device}`;

/** The three views of what a model said, thresholds chosen on the validation notes where there are any. */
export function modelViews(model: ScoredModel, textThresholds: TextThresholds): ModelViews {
  const { scored, validation, settings, task } = model;
  const honest = chooseThresholds(validation, settings, task, textThresholds);
  const { thresholds, from } = honest;
  return {
    labels: task.labels,
    tokens: [
      paperProtocol(scored, task, model.paperComputed),
      honestTokens(scored, task, { thresholds, from, computed: inWordsOf(model) }),
    ],
    entities: scored.map(({ scores }) => entitiesOf(scores, honest.settings)),
    textThresholdsFrom: honest.textFrom,
    tokensCut: scored.reduce((sum, { scores }) => sum + scores.paper.cut, 0),
  };
}

async function openPadded({ model, device, precision, runtime }: ModelOptions) {
  const encoder = await openPaddedEncoder(model, {
    device,
    precision: precision === 'auto' ? 'fp32' : precision,
    runtime,
  });
  const computed =
    `in ${encoder.precision} on ${encoder.device}, notes padded to ${encoder.length} tokens; ` +
    'padding scored as the encoder computes it, as in the study';
  return { ...encoder, computed };
}

function withoutPadding(length: number | undefined): string {
  return `padding up to ${length ?? 'that length'} tokens not computed but scored as 0, unlike in the study`;
}

function taskOf({ activation, decoding: { outputs, scheme } }: PredictionSettings): TokenTask {
  return { outputs, activation, scheme, labels: entityLabels(outputs, scheme) };
}

/** Every text is run once, however many annotators marked it. */
async function scoreDocuments(
  documents: readonly CorpusDocument[],
  predictor: Predictor,
  step: () => void | Promise<void>,
  signal: AbortSignal | undefined,
  padded?: PaddedClassifier,
): Promise<ScoredDocument[]> {
  const scores = new Map<string, NoteScores>();
  for await (const note of scoreNotes([...new Set(documents.map(textOf))], predictor, padded, signal)) {
    scores.set(note.text, note);
    await step();
    // Runs of the encoder block the thread: between them, messages such as a stop have their turn.
    await new Promise((resolve) => setImmediate(resolve));
  }
  return documents.map((document) => ({ document, scores: scores.get(document.text)! }));
}

interface HonestChoice {
  readonly thresholds: TokenThresholds;
  readonly from: string;
  readonly settings: PredictionSettings;
  readonly textFrom: string;
}

function chooseThresholds(
  validation: readonly ScoredDocument[],
  settings: PredictionSettings,
  task: TokenTask,
  textThresholds: TextThresholds,
): HonestChoice {
  if (validation.length === 0) return ownThresholds(settings, task);
  const thresholds = honestThresholds(validation, task);
  const count = `${validation.length} validation notes`;
  const from = `${count}, 0.01 to 0.99 by macro F1 (shared) and by each label’s F1`;
  if (textThresholds === 'label') {
    const own = honestLabelThresholds(validation, task);
    const given = { ...settings, decoding: { ...settings.decoding, thresholds: own } };
    return { thresholds, from, settings: given, textFrom: `${count}, per label: ${inWords(own)}` };
  }
  return {
    thresholds,
    from,
    settings: withThreshold(settings, thresholds.shared),
    textFrom: `${count}: the honest token view’s shared threshold, ${thresholds.shared}`,
  };
}

function ownThresholds(settings: PredictionSettings, task: TokenTask): HonestChoice {
  const { thresholds: own } = settings.decoding;
  const perLabel = countedOutputs(task).map(
    (output) => own[output] ?? own[output.replace(/^[BI]-/, '')] ?? NEUTRAL,
  );
  const from = `the model’s own (per label) and ${NEUTRAL} (shared): no validation part was given`;
  const textFrom = `the model’s own, per label: ${inWords(own)}`;
  return { thresholds: { shared: NEUTRAL, perLabel }, from, settings, textFrom };
}

const NEUTRAL = 0.5;

/** `0.42` where all are equal, else each by its label. */
function inWords(thresholds: Readonly<Record<string, number>>): string {
  const values = new Set(Object.values(thresholds));
  if (values.size === 1) return String([...values][0]);
  return Object.entries(thresholds)
    .map(([label, threshold]) => `${label} ${threshold}`)
    .join(', ');
}
