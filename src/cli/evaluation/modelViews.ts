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
import type { Device, DeviceChoice, Precision } from '../../core/ports';
import { entityLabels } from '../../core/predict/decode';
import type { Predictor } from '../../core/predict/predictor';
import type { PredictionSettings } from '../../core/predict/settings';
import { withThreshold } from '../../core/predict/settings';
import type { Entity } from '../../core/text/entity';
import { openModel } from '../../node/model';
import { openPaddedEncoder } from '../../node/paddedEncoder';
import { Progress } from './progress';

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
  readonly textThresholds: TextThresholds;
  readonly onNotice: (message: string) => void;
}

/** What a model made of a corpus. */
export interface ModelViews {
  readonly name: string;
  /** Device and arithmetic of all but the paper protocol's padded notes. */
  readonly device: Device;
  readonly precision: Precision;
  readonly labels: readonly string[];
  readonly tokens: readonly TokenEvaluation[];
  /** Entities of each scored note. */
  readonly entities: readonly (readonly Entity[])[];
  readonly textThresholdsFrom: string;
  /** Tokens that the paper protocol's truncation leaves unscored. */
  readonly tokensCut: number;
}

/** Runs a model over the notes to be scored and, where thresholds are to come from there, over validation notes. */
export async function modelViews(
  scored: readonly CorpusDocument[],
  validation: readonly CorpusDocument[],
  options: ModelOptions,
): Promise<ModelViews> {
  const model = await openModel(options.model, options);
  const padded = options.padding === 'computed' ? await openPadded(options) : undefined;
  const { predictor } = model;
  const progress = new Progress(new Set([...scored, ...validation].map(({ text }) => text)).size);
  const notes = await scoreDocuments(scored, predictor, progress, padded);
  const held = await scoreDocuments(validation, predictor, progress);
  const [device, precision] = [model.device(), model.precision()];
  await Promise.all([model.dispose(), padded?.dispose()]);
  const { settings } = predictor;
  const task = taskOf(settings);
  const honest = chooseThresholds(held, settings, task, options.textThresholds);
  const { thresholds, from } = honest;
  const plain = `in ${precision} on ${device}`;
  const length = notes[0]?.scores.paper.length;
  return {
    name: model.name,
    device,
    precision,
    labels: task.labels,
    tokens: [
      paperProtocol(notes, task, padded ? padded.computed : `${plain}, ${withoutPadding(length)}`),
      honestTokens(notes, task, { thresholds, from, computed: plain }),
    ],
    entities: notes.map(({ scores }) => entitiesOf(scores, honest.settings)),
    textThresholdsFrom: honest.textFrom,
    tokensCut: notes.reduce((sum, { scores }) => sum + scores.paper.cut, 0),
  };
}

async function openPadded({ model, device, precision }: ModelOptions) {
  const encoder = await openPaddedEncoder(model, {
    device,
    precision: precision === 'auto' ? 'fp32' : precision,
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
  progress: Progress,
  padded?: PaddedClassifier,
): Promise<ScoredDocument[]> {
  const scores = new Map<string, NoteScores>();
  const texts = [...new Set(documents.map(({ text }) => text))];
  for await (const note of scoreNotes(texts, predictor, padded)) {
    scores.set(note.text, note);
    progress.step();
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
