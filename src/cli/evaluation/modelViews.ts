import type { CorpusDocument } from '../../core/corpus/document';
import type { ScoredDocument, TokenEvaluation, TokenTask } from '../../core/evaluate/evaluation';
import { honestThresholds, honestTokens, paperProtocol } from '../../core/evaluate/evaluation';
import type { NoteScores } from '../../core/evaluate/modelScores';
import { entitiesOf, paperLength, scoreNotes } from '../../core/evaluate/modelScores';
import type { TokenThresholds } from '../../core/evaluate/tokenView';
import type { DeviceChoice, Precision } from '../../core/ports';
import { entityLabels } from '../../core/predict/decode';
import type { Predictor } from '../../core/predict/predictor';
import type { PredictionSettings } from '../../core/predict/settings';
import { withThreshold } from '../../core/predict/settings';
import type { Entity } from '../../core/text/entity';
import { openModel } from '../../node/model';

export interface ModelOptions {
  readonly model: string;
  readonly device: DeviceChoice;
  readonly precision: Precision | 'auto';
  readonly onNotice: (message: string) => void;
}

/** What a model made of a corpus. */
export interface ModelViews {
  readonly name: string;
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
  const { predictor } = model;
  const notes = await scoreDocuments(scored, predictor);
  const held = await scoreDocuments(validation, predictor);
  await model.dispose();
  const { settings } = predictor;
  const task = taskOf(settings);
  const honest = chooseThresholds(held, settings, task);
  return {
    name: model.name,
    labels: task.labels,
    tokens: [
      paperProtocol(notes, task, paperLength(settings)),
      honestTokens(notes, task, honest.thresholds, honest.from),
    ],
    entities: notes.map(({ scores }) => entitiesOf(scores, honest.settings)),
    textThresholdsFrom: honest.textFrom,
    tokensCut: notes.reduce((sum, { scores }) => sum + scores.paper.cut, 0),
  };
}

function taskOf({ decoding: { outputs, scheme } }: PredictionSettings): TokenTask {
  return { outputs, scheme, labels: entityLabels(outputs, scheme) };
}

/** Every text is run once, however many annotators marked it. */
async function scoreDocuments(
  documents: readonly CorpusDocument[],
  predictor: Predictor,
): Promise<ScoredDocument[]> {
  const scores = new Map<string, NoteScores>();
  const texts = [...new Set(documents.map(({ text }) => text))];
  for await (const note of scoreNotes(texts, predictor)) scores.set(note.text, note);
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
): HonestChoice {
  if (validation.length === 0) {
    const { thresholds: own } = settings.decoding;
    const perLabel = task.outputs.map((output) => own[output] ?? own[output.replace(/^[BI]-/, '')] ?? 0.5);
    const from = 'the model’s own (per label) and 0.5 (shared): no validation part was given';
    return { thresholds: { shared: 0.5, perLabel }, from, settings, textFrom: 'the model’s own, per label' };
  }
  const thresholds = honestThresholds(validation, task);
  const count = `${validation.length} validation notes`;
  return {
    thresholds,
    from: `${count}, 0.01 to 0.99 by macro F1 (shared) and by each label’s F1`,
    settings: withThreshold(settings, thresholds.shared),
    textFrom: `${count}: the honest token view’s shared threshold, ${thresholds.shared}`,
  };
}
